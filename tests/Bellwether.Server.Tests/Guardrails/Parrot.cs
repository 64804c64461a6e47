using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bellwether.Server.Tests;

/// <summary>A provider of every dialect that answers with what it was told last, a few characters at a time, or with its system prompt when asked for it.</summary>
internal sealed class Parrot : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly int _piece;

    private Parrot(WebApplication app, int piece) => (_app, _piece) = (app, piece);

    public Uri Address => new(_app.Urls.First());

    /// <summary>The bodies of all requests.</summary>
    public ConcurrentQueue<string> Heard { get; } = new();

    public static async Task<Parrot> StartAsync(int piece = 3)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var parrot = new Parrot(app, piece);
        app.Run(parrot.AnswerAsync);
        await app.StartAsync();
        return parrot;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var text = await new StreamReader(http.Request.Body).ReadToEndAsync();
        Heard.Enqueue(text);
        var body = JsonNode.Parse(text)!;
        var path = http.Request.Path.Value!;
        if ((string?)body["model"] is "broken")
        {
            http.Response.StatusCode = 400;
            await http.Response.WriteAsJsonAsync(new { error = new { message = "Cannot answer: " + Read(body).Said, type = "invalid_request_error", code = "bad" } });
            return;
        }
        var (system, said) = Read(body);
        var answer = said.Contains("your instructions", StringComparison.Ordinal) ? "Of course. " + system : said;
        var pieces = answer.Chunk(_piece).Select(chunk => new string(chunk));
        var stream = body["stream"]?.GetValue<bool>() ?? path.Contains("stream", StringComparison.Ordinal);
        http.Response.ContentType = stream ? "text/event-stream" : "application/json";
        var made = path switch
        {
            _ when path.Contains("chat/completions", StringComparison.Ordinal) => stream ? ChatStream(pieces) : Chat(answer),
            _ when path.Contains("responses", StringComparison.Ordinal) => stream ? ResponsesStream(answer, pieces) : Responses(answer, "completed"),
            _ when path.Contains("messages", StringComparison.Ordinal) => stream ? AnthropicStream(pieces) : Anthropic(answer),
            _ => stream ? string.Concat(pieces.Append("").Select(piece => $"data: {Gemini(piece, piece.Length == 0)}\r\n\r\n")) : Gemini(answer, true),
        };
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(made));
    }

    private static (string System, string Said) Read(JsonNode body)
    {
        var system = Text(body["system"]) + Text(body["instructions"]) + Text(body["systemInstruction"]?["parts"]);
        if (body["input"] is JsonValue input) { return (system, input.GetValue<string>()); }
        var said = "";
        foreach (var message in (body["messages"] ?? body["input"] ?? body["contents"])!.AsArray())
        {
            var content = Text(message!["content"] ?? message["parts"]);
            if ((string?)message["role"] is "system" or "developer") { system += content; } else { said = content; }
        }
        return (system, said);
    }

    private static string Text(JsonNode? content) => content switch
    {
        null => "",
        JsonValue value => value.GetValue<string>(),
        JsonArray parts => string.Concat(parts.Select(part => (string?)part!["text"] ?? "")),
        _ => Text(content["text"]),
    };

    private static string Json(string text) => JsonSerializer.Serialize(text);

    private static string Chat(string text) => $$$"""{"id":"c1","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":{{{Json(text)}}}},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":9,"total_tokens":18}}""";

    private static string ChatStream(IEnumerable<string> pieces) => string.Concat(pieces.Select(piece =>
        $$$"""data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{"content":{{{Json(piece)}}}},"finish_reason":null}]}""" + "\n\n"))
        + """data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\ndata: [DONE]\n\n";

    private static string Responses(string text, string status) => $$$"""{"id":"resp_1","object":"response","created_at":1,"status":"{{{status}}}","model":"gpt-4o","output":[{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":{{{Json(text)}}},"annotations":[]}]}],"usage":{"input_tokens":9,"output_tokens":9,"total_tokens":18}}""";

    private static string ResponsesStream(string text, IEnumerable<string> pieces) => Named(
    [
        """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","created_at":1,"status":"in_progress","model":"gpt-4o","output":[]}}""",
        """{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}""",
        """{"type":"response.content_part.added","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}""",
        .. pieces.Select((piece, at) => $$"""{"type":"response.output_text.delta","sequence_number":{{at + 3}},"item_id":"msg_1","output_index":0,"content_index":0,"delta":{{Json(piece)}}}"""),
        $$"""{"type":"response.output_text.done","sequence_number":998,"item_id":"msg_1","output_index":0,"content_index":0,"text":{{Json(text)}}}""",
        $$"""{"type":"response.completed","sequence_number":999,"response":{{Responses(text, "completed")}}}""",
    ]);

    private static string Anthropic(string text) => $$$"""{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-6","content":[{"type":"text","text":{{{Json(text)}}}}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":9}}""";

    private static string AnthropicStream(IEnumerable<string> pieces) => Named(
    [
        """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-6","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":9,"output_tokens":1}}}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""",
        .. pieces.Select(piece => $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":{{{Json(piece)}}}}}"""),
        """{"type":"content_block_stop","index":0}""",
        """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":9}}""",
        """{"type":"message_stop"}""",
    ]);

    private static string Gemini(string text, bool last) =>
        $$$"""{"candidates":[{"content":{"parts":[{"text":{{{Json(text)}}}}],"role":"model"}{{{(last ? ",\"finishReason\":\"STOP\"" : "")}}},"index":0}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":9,"totalTokenCount":18},"modelVersion":"gemini-2.5-flash"}""";

    private static string Named(IEnumerable<string> events) => string.Concat(events.Select(data => $"event: {(string?)JsonNode.Parse(data)!["type"]}\ndata: {data}\n\n"));
}
