using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Calls through the gateway in which persons tell of themselves, and whose answers say it again.</summary>
internal static class CanaryCalls
{
    /// <summary>The way on which nothing is kept but what was wrong.</summary>
    public const string Refused = "a body that is refused";

    public static IEnumerable<(string Name, Func<CanarySender, SyntheticPerson[], int, Task> SendAsync)> All =>
    [
        ("chat", (sender, some, _) => ChatAsync(sender, some, stream: false)),
        ("chat, streamed", (sender, some, _) => ChatAsync(sender, some, stream: true)),
        ("chat with tools", (sender, some, _) => ToolsAsync(sender, some)),
        ("responses", (sender, some, _) => ResponsesAsync(sender, some, stream: false)),
        ("responses, streamed", (sender, some, _) => ResponsesAsync(sender, some, stream: true)),
        ("messages", (sender, some, _) => MessagesAsync(sender, some, stream: false)),
        ("messages, streamed", (sender, some, _) => MessagesAsync(sender, some, stream: true)),
        ("generateContent", (sender, some, _) => GeminiAsync(sender, some, "generateContent")),
        ("streamGenerateContent", (sender, some, _) => GeminiAsync(sender, some, "streamGenerateContent?alt=sse")),
        ("a provider's error", (sender, some, _) => ErrorAsync(sender, some)),
        (Refused, (sender, some, _) => sender.JsonAsync("/v1/chat/completions?note=" + Uri.EscapeDataString(some[0].Email), new { model = some[0].Email, messages = 5, note = Stories(some) }, ("expect-refusal", "1"))),
    ];

    private static string Stories(SyntheticPerson[] some) => string.Join("\n", some.Select(person => person.Story));

    // One person each, in what comes beside the text.
    private static (string, string)[] Headers(SyntheticPerson person) =>
    [
        ("x-bellwether-user", person.Email), ("x-bellwether-session", $"session of {person.Email}"), ("x-bellwether-endpoint", $"help {person.Email}"), ("x-bellwether-property-contact", $"{person.Email}, {person.Phone}"),
        ("x-bellwether-property-" + person.Email.Replace('@', '~'), person.Card), ("x-client-request-id", person.Email), ("User-Agent", $"app/1.0 ({person.Email})"), ("x-bellwether-request-id", person.Email),
        ("Helicone-Session-Name", person.Email), ("Helicone-Prompt-Id", person.Email),
    ];

    private static Task<string> ChatAsync(CanarySender sender, SyntheticPerson[] some, bool stream) => sender.JsonAsync("/v1/chat/completions?trace=" + Uri.EscapeDataString(some[0].Email), new
    {
        model = "gpt-4o-mini", stream, user = some[^1].Email, metadata = new { contact = some[0].Email, ssn = some[0].Ssn }, stop = new[] { some[0].Email },
        messages = new object[] { new { role = "system", content = $"The customer is {some[0].Name} ({some[0].Email})." }, new { role = "user", name = "x", content = Stories(some) } },
    }, stream ? Headers(some[0]) : []);

    private static Task<string> ToolsAsync(CanarySender sender, SyntheticPerson[] some) => sender.JsonAsync("/v1/chat/completions", new
    {
        model = "gpt-4o-mini", user = some[0].Email,
        tools = new[] { new { type = "function", function = new { name = "find_customer", description = $"For example {some[0].Email}", parameters = new { type = "object" } } } },
        messages = new object[]
        {
            new { role = "user", content = new object[] { new { type = "text", text = Stories(some) }, new { type = "file", file = new { filename = $"{some[0].Email}.txt", file_id = "file-1" } } } },
            new { role = "assistant", tool_calls = some.Select((person, i) => new { id = $"call_{i}", type = "function", function = new { name = "find_customer", arguments = JsonSerializer.Serialize(person.Fields) } }) },
            new { role = "tool", tool_call_id = "call_0", content = JsonSerializer.Serialize(some.Select(person => person.Fields)) },
        },
    });

    private static Task<string> ResponsesAsync(CanarySender sender, SyntheticPerson[] some, bool stream) => sender.JsonAsync("/v1/responses", new
    {
        model = "gpt-4o", stream, instructions = $"The customer is {some[0].Name} ({some[0].Email}).", safety_identifier = some[0].Email, metadata = new { contact = some[0].Email },
        input = new[] { new { role = "user", content = new[] { new { type = "input_text", text = Stories(some) } } } },
    }, stream ? Headers(some[1]) : []);

    private static Task<string> MessagesAsync(CanarySender sender, SyntheticPerson[] some, bool stream) => sender.JsonAsync("/v1/messages", new
    {
        model = "claude-sonnet-4-5", max_tokens = 50, stream, system = $"The customer is {some[0].Name} ({some[0].Email}).", metadata = new { user_id = some[0].Email },
        messages = new[] { new { role = "user", content = new[] { new { type = "text", text = Stories(some) } } } },
    });

    private static Task<string> GeminiAsync(CanarySender sender, SyntheticPerson[] some, string method) => sender.JsonAsync($"/v1beta/models/gemini-2.5-flash:{method}", new
    {
        contents = new[] { new { role = "user", parts = new[] { new { text = Stories(some) } } } },
        systemInstruction = new { parts = new[] { new { text = $"The customer is {some[0].Name} ({some[0].Email})." } } }, labels = new { contact = some[0].Email },
    });

    private static Task<string> ErrorAsync(CanarySender sender, SyntheticPerson[] some) => sender.JsonAsync(
        "/v1/chat/completions", new { model = "broken", messages = new[] { new { role = "user", content = Stories(some) } } }, ("expect-refusal", "1"));
}
