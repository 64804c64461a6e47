using System.Text;
using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>The provider's answer in a log: a JSON body, or the chunks of a stream, one JSON object a line.</summary>
/// <param name="Assembled">The stream's text as <c>{"text":…}</c>; null for a plain body.</param>
internal sealed record HeliconeAnswer(ReadOnlyMemory<byte> Raw, ReadOnlyMemory<byte>? Assembled, Usage Usage, string Model, string Id, string FinishReason)
{
    public static HeliconeAnswer Of(JsonElement response)
    {
        if (HeliconeLog.Text(response, "textBody") is { Length: > 0 } text)
        {
            return OfChunks(text);
        }
        if (response.TryGetProperty("json", out var json) && json.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            return new(Encoding.UTF8.GetBytes(json.GetRawText()), null, UsageOf(json) ?? Usage.None,
                HeliconeLog.Text(json, "model"), HeliconeLog.Text(json, "id"), FinishOf(json));
        }
        return new(default, null, Usage.None, "", "", "");
    }

    private static HeliconeAnswer OfChunks(string text)
    {
        var said = new StringBuilder();
        var usage = Usage.None;
        string model = "", id = "", finish = "";
        var understood = false;
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var data = line.StartsWith("data:", StringComparison.Ordinal) ? line["data:".Length..].Trim() : line;
            if (!data.StartsWith('{'))
            {
                continue;
            }
            try
            {
                using var chunk = JsonDocument.Parse(data);
                var root = chunk.RootElement;
                understood = true;
                usage = UsageOf(root) ?? usage;
                model = HeliconeLog.Text(root, "model") is { Length: > 0 } named ? named : model;
                id = HeliconeLog.Text(root, "id") is { Length: > 0 } given ? given : id;
                finish = FinishOf(root) is { Length: > 0 } reason ? reason : finish;
                said.Append(DeltaOf(root));
            }
            catch (JsonException)
            {
                // A chunk that was cut off; the others tell the rest.
            }
        }
        if (!understood)
        {
            return new(Encoding.UTF8.GetBytes(text), null, usage, model, id, finish);
        }
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("text", said.ToString());
            writer.WriteEndObject();
        }
        return new(default, buffer.ToArray(), usage, model, id, finish);
    }

    // OpenAI: choices[0].delta.content; Anthropic: delta.text.
    private static string DeltaOf(JsonElement chunk) =>
        First(chunk) is { } choice ? HeliconeLog.Object(choice, "delta") is { } delta ? HeliconeLog.Text(delta, "content") : HeliconeLog.Text(choice, "text")
        : HeliconeLog.Object(chunk, "delta") is { } other ? HeliconeLog.Text(other, "text") : "";

    private static string FinishOf(JsonElement root) =>
        First(root) is { } choice ? HeliconeLog.Text(choice, "finish_reason") : HeliconeLog.Text(root, "stop_reason");

    private static JsonElement? First(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array
        && choices.GetArrayLength() > 0 && choices[0].ValueKind == JsonValueKind.Object ? choices[0] : null;

    // OpenAI counts cached tokens into the prompt; Anthropic counts them beside it.
    private static Usage? UsageOf(JsonElement root)
    {
        if (HeliconeLog.Object(root, "usage") is not { } usage)
        {
            return null;
        }
        var read = Count(usage, "cache_read_input_tokens") ?? 0;
        var written = Count(usage, "cache_creation_input_tokens") ?? 0;
        var input = Count(usage, "prompt_tokens") ?? Count(usage, "input_tokens") + read + written;
        var cached = HeliconeLog.Object(usage, "prompt_tokens_details") ?? HeliconeLog.Object(usage, "input_tokens_details");
        var made = HeliconeLog.Object(usage, "completion_tokens_details") ?? HeliconeLog.Object(usage, "output_tokens_details");
        return new Usage
        {
            InputTokens = input,
            OutputTokens = Count(usage, "completion_tokens") ?? Count(usage, "output_tokens"),
            CacheReadTokens = read > 0 ? read : cached is { } parts ? Count(parts, "cached_tokens") ?? 0 : 0,
            CacheWriteTokens = written,
            ReasoningTokens = made is { } output ? Count(output, "reasoning_tokens") ?? 0 : 0,
        };
    }

    private static long? Count(JsonElement of, string name) => HeliconeLog.Number(of, name) is { } number and >= 0 and < 1e12 ? (long)number : null;
}
