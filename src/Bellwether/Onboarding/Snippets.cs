namespace Bellwether.Onboarding;

/// <summary>The lines that make an unchanged client call through Bellwether, with the reader's own address and key.</summary>
public static class Snippets
{
    /// <summary>A model that the simulated provider answers and the price table knows, so that the first call shows everything.</summary>
    public static readonly string Model = "gpt-4o-mini";

    /// <param name="address">Where the server listens, without a trailing slash.</param>
    /// <param name="key">The key, or the name of a shell variable that holds it.</param>
    public static string Curl(string address, string key) =>
        $$"""
        curl {{address}}/v1/chat/completions \
          -H "Authorization: Bearer {{key}}" -H "Content-Type: application/json" \
          -d '{"model":"{{Model}}","messages":[{"role":"user","content":"Hello"}]}'
        """;

    public static string Python(string address, string key) =>
        $$"""
        from openai import OpenAI
        client = OpenAI(base_url="{{address}}/v1", api_key="{{key}}")
        print(client.chat.completions.create(model="{{Model}}", messages=[{"role": "user", "content": "Hello"}]).choices[0].message.content)
        """;

    public static string JavaScript(string address, string key) =>
        $$"""
        import OpenAI from "openai";
        const client = new OpenAI({ baseURL: "{{address}}/v1", apiKey: "{{key}}" });
        const answer = await client.chat.completions.create({ model: "{{Model}}", messages: [{ role: "user", content: "Hello" }] });
        console.log(answer.choices[0].message.content);
        """;

    public static string CSharp(string address, string key) =>
        $$"""
        var client = new OpenAI.Chat.ChatClient("{{Model}}", new("{{key}}"), new() { Endpoint = new("{{address}}/v1") });
        Console.WriteLine((await client.CompleteChatAsync("Hello")).Value.Content[0].Text);
        """;
}
