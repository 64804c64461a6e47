using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>The texts of a step: a generation in the shapes that pages read as a chat where messages can be seen, everything else as it was said.</summary>
/// <param name="Payload">Without attributes.</param>
/// <param name="Messages">How many messages were asked with; null when this is not known.</param>
/// <param name="ToolCalls">How many tools were called; null when this is not known.</param>
internal sealed record LangfuseTexts(ObservationPayload Payload, int? Messages, int? ToolCalls)
{
    // Beyond what the parser lets in, by what a message of ours adds around it.
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 160 };

    /// <param name="step">What is known of it, texts included where this request said them.</param>
    /// <param name="isModel">Whether a model was called.</param>
    /// <param name="model">Its name.</param>
    /// <param name="prior">The version before.</param>
    /// <param name="isNewer">Whether this request is newer than the version before: the older text stays behind.</param>
    public static LangfuseTexts Of(JsonObject step, bool isModel, string model, TelemetryRecord? prior, bool isNewer)
    {
        var payload = prior is null ? new ObservationPayload() : prior.Payload with { SearchText = "" };
        int? messages = null;
        int? calls = null;
        if (step["input"] is { } input && (payload.Input.IsEmpty || isNewer))
        {
            var chat = isModel ? Question(input, model) : null;
            messages = (chat?["messages"] as JsonArray)?.Count;
            var bytes = chat is null ? Bytes(input) : JsonFields.Bytes(chat);
            payload = payload with { Input = Cut(bytes), InputTruncated = bytes.Length > SpanTexts.MostBytes };
        }
        if (step["output"] is { } output && (payload.Output.IsEmpty || isNewer))
        {
            var answer = isModel ? Answer(output, out calls) : null;
            var bytes = answer ?? Bytes(output);
            payload = payload with { Output = Cut(bytes), OutputTruncated = bytes.Length > SpanTexts.MostBytes, OutputAssembled = answer is not null };
        }
        return new LangfuseTexts(payload, messages, calls);
    }

    // [{"role":…}], {"messages":[…],"tools":[…]}, {"role":…}, "a text"
    private static JsonObject? Question(JsonNode input, string model) => input switch
    {
        JsonArray { Count: > 0 } => RunMessages.Input(new JsonObject { ["messages"] = input.DeepClone() }, model),
        JsonObject message when message["role"] is not null => RunMessages.Input(new JsonObject { ["messages"] = new JsonArray(message.DeepClone()) }, model),
        JsonObject request => RunMessages.Input(request, model),
        _ when JsonFields.Text(input) is { Length: > 0 } text => RunMessages.Input(new JsonObject { ["prompts"] = new JsonArray(text) }, model),
        _ => null,
    };

    private static byte[]? Answer(JsonNode output, out int? calls)
    {
        calls = null;
        var wrapped = output switch
        {
            JsonArray { Count: > 0 } => new JsonObject { ["messages"] = output.DeepClone() },
            JsonObject => output,
            _ => new JsonObject { ["output"] = output.DeepClone() },
        };
        if (RunMessages.Answers(wrapped) is not { Count: > 0 } messages)
        {
            return null;
        }
        calls = messages.Sum(message => (message?["tool_calls"] as JsonArray)?.Count ?? 0);
        using var document = JsonDocument.Parse(JsonFields.Bytes(messages.Count == 1 ? messages[0]! : messages), s_deep);
        return ChatWriter.Answer(document.RootElement);
    }

    // A text is kept as it is, without the quotes that JSON put around it.
    private static byte[] Bytes(JsonNode node) => node is JsonValue && node.GetValueKind() == JsonValueKind.String ? Encoding.UTF8.GetBytes(JsonFields.Text(node)) : JsonFields.Bytes(node);

    private static byte[] Cut(byte[] text) => text.Length <= SpanTexts.MostBytes ? text : text[..SpanTexts.MostBytes];
}
