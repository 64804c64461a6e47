using System.Text;
using System.Text.Json;
using Bellwether.Exchange;

namespace Bellwether.Ingest;

/// <summary>The provider's answer in a log, read as the gateway reads answers: a JSON body, or the chunks of a stream, one JSON object a line.</summary>
internal static class HeliconeAnswer
{
    /// <param name="response"><c>{"json":{…}}</c> or <c>{"textBody":"{…}\n{…}"}</c>, as <c>providerResponse</c> has it.</param>
    /// <param name="dialect">What it turned out to be.</param>
    public static AnswerFacts Read(JsonElement response, out Dialect dialect)
    {
        if (HeliconeLog.Text(response, "textBody") is { Length: > 0 } text)
        {
            if (Parse(text) is not { } body)
            {
                return ReadChunks(text, out dialect);
            }
            using (body)
            {
                // Loggers that are given a text send it as one, whatever it is.
                return HeliconeLog.Text(body.RootElement, "object").EndsWith(".chunk", StringComparison.Ordinal)
                    ? ReadChunks(text.ReplaceLineEndings(" "), out dialect)
                    : ReadBody(body.RootElement, out dialect);
            }
        }
        if (response.TryGetProperty("json", out var json))
        {
            return ReadBody(json, out dialect);
        }
        dialect = Dialect.OpenAiChat;
        return AnswerFacts.None;
    }

    private static AnswerFacts ReadBody(JsonElement json, out Dialect dialect)
    {
        if (json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            dialect = Dialect.OpenAiChat;
            return AnswerFacts.None;
        }
        dialect = DialectOf(json);
        using var reader = AnswerReader.Json(dialect, SpanTexts.MostBytes);
        reader.Read(Encoding.UTF8.GetBytes(json.GetRawText()), 0, passOn: null);
        return reader.Complete();
    }

    private static AnswerFacts ReadChunks(string text, out Dialect dialect)
    {
        dialect = Dialect.OpenAiChat;
        AnswerReader? reader = null;
        try
        {
            foreach (var line in text.AsSpan().EnumerateLines())
            {
                // Some senders keep the "data:" of the events that they read.
                var data = line.Trim();
                data = data.StartsWith("data:", StringComparison.Ordinal) ? data["data:".Length..].TrimStart() : data;
                if (data.StartsWith('{'))
                {
                    if (reader is null)
                    {
                        using var first = Parse(data.ToString());
                        dialect = first is null ? Dialect.OpenAiChat : DialectOf(first.RootElement);
                        reader = AnswerReader.Stream(dialect, dropInjectedUsage: false, SpanTexts.MostBytes);
                    }
                    reader.Read(Encoding.UTF8.GetBytes($"data: {data}\n\n"), 0, passOn: null);
                }
            }
            if (reader is not null)
            {
                return reader.Complete();
            }
        }
        finally
        {
            reader?.Dispose();
        }
        var bytes = Encoding.UTF8.GetBytes(text);
        return AnswerFacts.None with { Output = bytes.Length > SpanTexts.MostBytes ? bytes[..SpanTexts.MostBytes] : bytes, OutputTruncated = bytes.Length > SpanTexts.MostBytes };
    }

    // Null for what is no object or array, a text or a number among them.
    private static JsonDocument? Parse(string text)
    {
        try
        {
            return text.AsSpan().TrimStart() is ['{' or '[', ..] ? LooseJson.Parse(Encoding.UTF8.GetBytes(text)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // By what is in it: the logger's address and "provider" say what the application was set up for, at best.
    private static Dialect DialectOf(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            // Gemini's streamed array is the one answer that is not an object.
            return Dialect.GeminiGenerate;
        }
        var type = HeliconeLog.Text(json, "type");
        return json.TryGetProperty("choices", out _) ? Dialect.OpenAiChat
            : json.TryGetProperty("candidates", out _) ? Dialect.GeminiGenerate
            : type.StartsWith("response.", StringComparison.Ordinal) || HeliconeLog.Text(json, "object") == "response" ? Dialect.OpenAiResponses
            : type.StartsWith("message", StringComparison.Ordinal) || type.StartsWith("content_block", StringComparison.Ordinal) || type == "ping" ? Dialect.AnthropicMessages
            : HeliconeLog.Text(json, "object") == "list" && json.TryGetProperty("data", out _) ? Dialect.OpenAiEmbeddings
            : Dialect.OpenAiChat;
    }
}
