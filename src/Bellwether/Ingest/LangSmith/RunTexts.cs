using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>The texts of a run: a model's step in the shapes that pages read as a chat where messages can be seen, everything else as it was said.</summary>
/// <param name="Payload">Without attributes.</param>
/// <param name="Messages">How many messages were asked with; null when this is not known.</param>
/// <param name="ToolCalls">How many tools were called; null when this is not known.</param>
internal sealed record RunTexts(ObservationPayload Payload, int? Messages, int? ToolCalls)
{
    // Beyond what the parser lets in, by what a message of ours adds around it.
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 160 };

    public static RunTexts Of(JsonObject run, bool isModel, string model, TelemetryRecord? prior)
    {
        var payload = prior is null ? new ObservationPayload() : prior.Payload with { SearchText = "" };
        int? messages = null;
        int? calls = null;
        if (run["inputs"] is { } inputs && (payload.Input.IsEmpty || !IsEmpty(inputs)))
        {
            var chat = isModel ? RunMessages.Input(inputs, model) : null;
            messages = (chat?["messages"] as JsonArray)?.Count;
            var bytes = JsonFields.Bytes(chat ?? inputs);
            payload = payload with { Input = Cut(bytes), InputTruncated = bytes.Length > SpanTexts.MostBytes };
        }
        if (run["outputs"] is { } outputs && (payload.Output.IsEmpty || !IsEmpty(outputs)))
        {
            var answer = isModel ? Answer(outputs, out calls) : null;
            var bytes = answer ?? JsonFields.Bytes(outputs);
            payload = payload with { Output = Cut(bytes), OutputTruncated = bytes.Length > SpanTexts.MostBytes, OutputAssembled = answer is not null };
        }
        return new RunTexts(payload, messages, calls);
    }

    public static string FinishReason(JsonNode? outputs)
    {
        var generation = RunMessages.FirstGeneration(outputs);
        var choice = JsonFields.Get(outputs, "choices") is JsonArray { Count: > 0 } choices ? choices[0] : null;
        return JsonFields.First(
            JsonFields.Get(choice, "finish_reason"),
            JsonFields.Get(JsonFields.Get(generation, "generationInfo"), "finish_reason"),
            JsonFields.Get(JsonFields.Get(generation, "generation_info"), "finish_reason"),
            JsonFields.Get(JsonFields.Get(RunMessages.Fields(JsonFields.Get(generation, "message")), "response_metadata"), "finish_reason"),
            JsonFields.Get(outputs, "stop_reason"));
    }

    /// <summary>The provider's id of the answer, by which a call that also came through the gateway is recognised.</summary>
    public static JsonNode? ResponseId(JsonNode? outputs)
    {
        var message = RunMessages.Fields(JsonFields.Get(RunMessages.FirstGeneration(outputs), "message"));
        return new[] { JsonFields.Get(outputs, "id"), JsonFields.Get(JsonFields.Get(message, "response_metadata"), "id"), JsonFields.Get(message, "id") }
            .FirstOrDefault(id => JsonFields.Text(id) is { Length: > 0 } text && !text.StartsWith("run-", StringComparison.Ordinal) && !text.StartsWith("lc_run", StringComparison.Ordinal));
    }

    // An empty patch says nothing.
    private static bool IsEmpty(JsonNode node) => node is JsonObject { Count: 0 } or JsonArray { Count: 0 };

    private static byte[]? Answer(JsonNode outputs, out int? calls)
    {
        calls = null;
        if (RunMessages.Answers(outputs) is not { Count: > 0 } messages)
        {
            return null;
        }
        calls = messages.Sum(message => (message?["tool_calls"] as JsonArray)?.Count ?? 0);
        using var document = JsonDocument.Parse(JsonFields.Bytes(messages.Count == 1 ? messages[0]! : messages), s_deep);
        return ChatWriter.Answer(document.RootElement);
    }

    private static byte[] Cut(byte[] text) => text.Length <= SpanTexts.MostBytes ? text : text[..SpanTexts.MostBytes];
}
