namespace Bellwether.Dashboard;

/// <summary>The shortest call that shows up here, per language.</summary>
internal static class FirstCallSnippets
{
    public static IReadOnlyList<(string Language, string Code)> For(string server) =>
    [
        ("curl", $$"""
            curl {{server}}/v1/chat/completions \
              -H "Authorization: Bearer $BELLWETHER_KEY" \
              -H "Content-Type: application/json" \
              -d '{"model":"sim-fast","messages":[{"role":"user","content":"Hello"}]}'
            """),
        ("Python", $$"""
            import os
            from openai import OpenAI

            client = OpenAI(
                base_url="{{server}}/v1",
                api_key=os.environ["BELLWETHER_KEY"],
            )
            print(client.chat.completions.create(
                model="sim-fast",
                messages=[{"role": "user", "content": "Hello"}],
            ).choices[0].message.content)
            """),
        ("JavaScript", $$"""
            import OpenAI from "openai";

            const client = new OpenAI({
              baseURL: "{{server}}/v1",
              apiKey: process.env.BELLWETHER_KEY,
            });
            const answer = await client.chat.completions.create({
              model: "sim-fast",
              messages: [{ role: "user", content: "Hello" }],
            });
            console.log(answer.choices[0].message.content);
            """),
        ("C#", $$"""
            using OpenAI;
            using OpenAI.Chat;
            using System.ClientModel;

            var key = Environment.GetEnvironmentVariable("BELLWETHER_KEY")!;
            var chat = new ChatClient("sim-fast", new ApiKeyCredential(key), new()
            {
                Endpoint = new("{{server}}/v1"),
            });
            var answer = await chat.CompleteChatAsync("Hello");
            Console.WriteLine(answer.Value.Content[0].Text);
            """),
    ];
}
