using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>The texts of an event: chats in the shape that pages read, everything else as it was said.</summary>
/// <param name="Payload">Without attributes.</param>
internal sealed record AnalyticsTexts(ObservationPayload Payload, int Messages, int ToolCalls)
{
    /// <summary>Properties that are texts, which have a place of their own.</summary>
    public static readonly string[] Names = ["input", "input_state", "output_choices", "output_state", "prompt", "messages", "output", "completion", "response"];

    // Of an object without any of these no chat can be made.
    private static readonly string[] s_chatNames = ["role", "content", "messages", "prompt", "parts", "text", "message", "type", "tool_calls"];

    // Beyond what the parser lets in, by what a message of ours adds around it.
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 160 };

    public static AnalyticsTexts Of(AnalyticsEvent said, bool isChat, string model)
    {
        var input = Unwrapped(said.Get("input", "messages", "prompt", "input_state"));
        var output = Unwrapped(said.Get("output_choices", "output", "completion", "response", "output_state"));
        if (output is JsonObject && JsonFields.Get(output, "choices") is JsonArray choices)
        {
            output = choices;
        }
        var question = isChat && IsChat(input) ? Safely(() => Question(input!, said.Get("tools"), model)) : null;
        var answer = isChat && IsChat(output) ? Safely(() => Answer(output!)) : null;
        var asked = question ?? Bytes(input);
        var answered = answer ?? Bytes(output);
        return new AnalyticsTexts(
            new ObservationPayload
            {
                Input = Cut(asked),
                InputTruncated = asked.Length > SpanTexts.MostBytes,
                Output = Cut(answered),
                OutputTruncated = answered.Length > SpanTexts.MostBytes,
                OutputAssembled = answer is not null,
            },
            question is null ? 0 : Count(question, "messages"),
            answer is null ? 0 : Count(answer, "tool_calls"));
    }

    private static byte[] Question(JsonNode input, JsonNode? tools, string model)
    {
        using var document = JsonDocument.Parse(JsonFields.Bytes(input), s_deep);
        return ChatWriter.Json(json =>
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteStartArray("messages");
            ChatWriter.WriteMessages(json, document.RootElement);
            json.WriteEndArray();
            if (tools is JsonArray)
            {
                json.WritePropertyName("tools");
                tools.WriteTo(json);
            }
            json.WriteEndObject();
        });
    }

    private static byte[] Answer(JsonNode output)
    {
        using var document = JsonDocument.Parse(JsonFields.Bytes(output), s_deep);
        return ChatWriter.Answer(document.RootElement);
    }

    // A body that was written as a text once more, as sinks do.
    private static JsonNode? Unwrapped(JsonNode? said) =>
        JsonFields.Text(said) is ['{' or '[', ..] text && LooseJson.TryParse(Encoding.UTF8.GetBytes(text), out var inner) && inner is not null ? inner : said;

    private static bool IsChat(JsonNode? node) => node switch
    {
        JsonArray { Count: > 0 } items => items.All(item => item is JsonObject part ? s_chatNames.Any(part.ContainsKey) : JsonFields.Text(item).Length > 0),
        JsonObject message => s_chatNames.Any(message.ContainsKey),
        _ => JsonFields.Text(node).Length > 0,
    };

    // What only looked like messages is kept as it came.
    private static byte[]? Safely(Func<byte[]> write)
    {
        try
        {
            return write();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static int Count(byte[] chat, string name)
    {
        using var document = JsonDocument.Parse(chat, s_deep);
        return document.RootElement.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.GetArrayLength() : 0;
    }

    private static byte[] Bytes(JsonNode? node) => node is null ? [] : JsonFields.Text(node) is { Length: > 0 } text ? Encoding.UTF8.GetBytes(text) : JsonFields.Bytes(node);

    private static byte[] Cut(byte[] text) => text.Length <= SpanTexts.MostBytes ? text : text[..SpanTexts.MostBytes];
}
