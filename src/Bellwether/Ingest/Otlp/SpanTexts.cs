using System.Buffers;
using System.Text;
using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>The texts of a span: chats in the shape that the request page reads, everything else as it was said.</summary>
internal static class SpanTexts
{
    /// <summary>Bytes of an input or output that are kept; the rest is cut and said to be.</summary>
    public const int MostBytes = 1024 * 1024;

    // What numbers, true, false and null are made of.
    private const int LongestScalar = 64;
    private static readonly SearchValues<byte> s_scalar = SearchValues.Create("0123456789+-.eEtrufalsn"u8);
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 128 };

    public static ObservationPayload Read(SpanAttributes span, ObservationKind kind, string model)
    {
        if (LangSmithSpan.Texts(span, kind is ObservationKind.Llm or ObservationKind.Embedding, model) is { } run)
        {
            return run;
        }
        var (output, assembled) = Safely(() => Output(span, kind)) ?? (span.Bytes(SpanField.Output), false);
        var input = Safely(() => Input(span, kind, model)) ?? span.Bytes(SpanField.Input);
        return new ObservationPayload
        {
            Input = Cut(input),
            InputTruncated = input.Length > MostBytes,
            Output = Cut(output),
            OutputTruncated = output.Length > MostBytes,
            OutputAssembled = assembled && output.Length > 0,
        };
    }

    private static byte[]? Input(SpanAttributes span, ObservationKind kind, string model)
    {
        if (kind == ObservationKind.Tool && span.Has(SpanField.ToolArguments))
        {
            return span.Bytes(SpanField.ToolArguments);
        }
        if (kind == ObservationKind.Retrieval && span.Has(SpanField.RetrievalQuery))
        {
            return span.Bytes(SpanField.RetrievalQuery);
        }
        // Of chains and embeddings nobody expects a chat, unless messages are all there is.
        var raw = span.Has(SpanField.Input) ? SpanField.Input : SpanField.PromptText;
        if (kind is not (ObservationKind.Llm or ObservationKind.Agent) && span.Has(raw))
        {
            return span.Bytes(raw);
        }
        var messages = span.HasFamily(SpanFamily.InputIndexed) ? span.Tree(SpanFamily.InputIndexed).ToJson(span.Body)
            : span.Has(SpanField.InputMessages) ? span.Bytes(SpanField.InputMessages)
            : span.SaysByEvent(answer: false) ? span.Messages(answer: false)
            : Listed(span, answer: false);
        var text = messages ?? span.Bytes(raw);
        if (text.Length == 0 && !span.Has(SpanField.SystemInstructions))
        {
            return kind == ObservationKind.Embedding ? EmbeddedTexts(span) : [];
        }
        using var document = Parse(text);
        if (messages is null && document is { RootElement: { ValueKind: JsonValueKind.Object } request } && (IsRequest(request) || !IsChat(request)))
        {
            // The request itself, in a shape that is read as it is, or the arguments of an agent, which are no messages.
            return text;
        }
        using var system = Parse(span.Bytes(SpanField.SystemInstructions));
        using var tools = span.HasFamily(SpanFamily.ToolsIndexed) ? Parse(span.Tree(SpanFamily.ToolsIndexed).ToJson(span.Body)) : Parse(span.Bytes(SpanField.Tools));
        return ChatWriter.Json(json =>
        {
            json.WriteStartObject();
            if (model.Length > 0)
            {
                json.WriteString("model", model);
            }
            json.WriteStartArray("messages");
            if (span.Has(SpanField.SystemInstructions))
            {
                Messages(json, system, span.Bytes(SpanField.SystemInstructions), "system");
            }
            Messages(json, document, text, "user");
            json.WriteEndArray();
            if (tools is { RootElement.ValueKind: JsonValueKind.Array })
            {
                json.WriteStartArray("tools");
                foreach (var tool in tools.RootElement.EnumerateArray())
                {
                    Tool(json, tool);
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        });
    }

    private static (byte[], bool)? Output(SpanAttributes span, ObservationKind kind)
    {
        if (kind == ObservationKind.Tool && span.Has(SpanField.ToolResult))
        {
            return (span.Bytes(SpanField.ToolResult), false);
        }
        if (kind == ObservationKind.Retrieval && (span.HasFamily(SpanFamily.DocumentsIndexed) || span.Has(SpanField.RetrievalDocuments)))
        {
            return (span.HasFamily(SpanFamily.DocumentsIndexed) ? span.Tree(SpanFamily.DocumentsIndexed).ToJson(span.Body) : span.Bytes(SpanField.RetrievalDocuments), false);
        }
        if (kind is not (ObservationKind.Llm or ObservationKind.Agent) && (span.Has(SpanField.Output) || span.Has(SpanField.OutputText)))
        {
            return (span.Bytes(span.Has(SpanField.Output) ? SpanField.Output : SpanField.OutputText), false);
        }
        if (span.HasFamily(SpanFamily.OutputIndexed) || span.Has(SpanField.OutputMessages))
        {
            var bytes = span.HasFamily(SpanFamily.OutputIndexed) ? span.Tree(SpanFamily.OutputIndexed).ToJson(span.Body) : span.Bytes(SpanField.OutputMessages);
            using var messages = Parse(bytes);
            return messages is null ? (Text(bytes), true) : (ChatWriter.Answer(messages.RootElement), true);
        }
        if (span.SaysByEvent(answer: true))
        {
            using var choices = Parse(span.Messages(answer: true));
            return (ChatWriter.Answer(choices!.RootElement), true);
        }
        if (Listed(span, answer: true) is { } listed)
        {
            using var choices = Parse(listed);
            return (ChatWriter.Answer(choices!.RootElement), true);
        }
        if (span.Has(SpanField.OutputText) || span.Has(SpanField.OutputToolCalls) || span.Has(SpanField.OutputReasoning))
        {
            using var calls = Parse(span.Bytes(SpanField.OutputToolCalls));
            return (ChatWriter.Json(json =>
            {
                json.WriteStartObject();
                if (span.Has(SpanField.OutputText)) { json.WriteString("text", span.Text(SpanField.OutputText)); }
                if (span.Has(SpanField.OutputReasoning)) { json.WriteString("reasoning", span.Text(SpanField.OutputReasoning)); }
                if (calls is { RootElement.ValueKind: JsonValueKind.Array })
                {
                    ChatWriter.WriteCalls(json, calls.RootElement);
                }
                json.WriteEndObject();
            }), true);
        }
        var raw = span.Bytes(SpanField.Output);
        using var answer = Parse(raw);
        return answer is { RootElement: { ValueKind: JsonValueKind.Object } root } && !root.TryGetProperty("role", out _) && !root.TryGetProperty("message", out _) || raw.Length == 0 ? (raw, false)
            : answer is { RootElement.ValueKind: JsonValueKind.Object or JsonValueKind.Array } ? (ChatWriter.Answer(answer.RootElement), true)
            : (Text(raw), true);
    }

    // Fields of the requests of OpenAI and Gemini.
    private static bool IsRequest(JsonElement value) =>
        value.TryGetProperty("contents", out _) || value.TryGetProperty("input", out _) || (value.TryGetProperty("model", out _) && value.TryGetProperty("messages", out _));

    // What the writer of chats finds a text in.
    private static bool IsChat(JsonElement value)
    {
        foreach (var name in (ReadOnlySpan<string>)["messages", "prompt", "message", "role", "content", "parts", "text", "tool_calls"])
        {
            if (value.TryGetProperty(name, out _))
            {
                return true;
            }
        }
        return false;
    }

    // [{"event.name":"gen_ai.user.message","role":"user","content":"Hi"},{"event.name":"gen_ai.choice","message":{…}}]: the messages of the
    // request, or those of the answer; null when there are none. The attribute stays where it is.
    private static byte[]? Listed(SpanAttributes span, bool answer)
    {
        foreach (var text in span.UnmappedTexts(LogfireDialect.Events, LogfireDialect.Events))
        {
            using var document = Parse(Encoding.UTF8.GetBytes(text));
            if (document is not { RootElement: { ValueKind: JsonValueKind.Array } events })
            {
                continue;
            }
            var messages = events.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("event.name", out var name)
                && name.ValueKind == JsonValueKind.String && SpanMessage.Of(Encoding.UTF8.GetBytes(name.GetString()!)) is { } known && known.IsAnswer == answer).ToList();
            if (messages.Count > 0)
            {
                return ChatWriter.Json(json =>
                {
                    json.WriteStartArray();
                    messages.ForEach(message => message.WriteTo(json));
                    json.WriteEndArray();
                });
            }
        }
        return null;
    }

    // embedding.embeddings.0.embedding.text, beside the vectors, which stay among the attributes.
    private static byte[] EmbeddedTexts(SpanAttributes span)
    {
        var texts = span.UnmappedTexts("embedding.embeddings.", ".embedding.text").ToList();
        return texts.Count switch
        {
            0 => [],
            1 => Encoding.UTF8.GetBytes(texts[0]),
            _ => ChatWriter.Json(json =>
            {
                json.WriteStartArray();
                texts.ForEach(json.WriteStringValue);
                json.WriteEndArray();
            }),
        };
    }

    /// <summary>Why the answer ended, where only its messages say so: <c>gen_ai.completion.0.finish_reason</c>, <c>[{"role":"assistant",…,"finish_reason":"stop"}]</c>.</summary>
    public static string FinishReason(SpanAttributes span)
    {
        if (span.FamilyText(SpanFamily.OutputIndexed, ".finish_reason"u8) is { Length: > 0 } indexed)
        {
            return indexed;
        }
        var messages = span.Bytes(SpanField.OutputMessages);
        if (messages.AsSpan().IndexOf("\"finish_reason\""u8) < 0)
        {
            return "";
        }
        return Safely(() =>
        {
            using var document = Parse(messages);
            return document is { RootElement: { ValueKind: JsonValueKind.Array } list } && list.GetArrayLength() > 0 && list[0].ValueKind == JsonValueKind.Object
                && list[0].TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String ? reason.GetString() : null;
        }) ?? "";
    }

    private static byte[] Text(byte[] text) => ChatWriter.Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("text", Encoding.UTF8.GetString(text));
        json.WriteEndObject();
    });

    private static void Messages(Utf8JsonWriter json, JsonDocument? document, byte[] text, string role)
    {
        if (document is { RootElement.ValueKind: JsonValueKind.Object or JsonValueKind.Array })
        {
            ChatWriter.WriteMessages(json, document.RootElement, role);
        }
        else if (text.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("role", role);
            json.WriteString("content", Encoding.UTF8.GetString(text));
            json.WriteEndObject();
        }
    }

    // OpenInference and the AI SDK keep each definition as a JSON string.
    private static void Tool(Utf8JsonWriter json, JsonElement tool)
    {
        if (tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("tool", out var inner) && inner.ValueKind == JsonValueKind.Object
            && inner.TryGetProperty("json_schema", out var schema))
        {
            tool = schema;
        }
        if (tool.ValueKind == JsonValueKind.String)
        {
            using var parsed = Parse(Encoding.UTF8.GetBytes(tool.GetString()!));
            if (parsed is not null)
            {
                parsed.RootElement.WriteTo(json);
                return;
            }
        }
        tool.WriteTo(json);
    }

    private static JsonDocument? Parse(byte[] text)
    {
        if (!MayBeJson(text))
        {
            return null;
        }
        try
        {
            return JsonDocument.Parse(text, s_deep);
        }
        catch (JsonException)
        {
            return LooseJson.Finite(text) is { } finite ? Parse(finite) : null;
        }
    }

    // An agent's input is mostly prose, and an exception for each costs more than everything else that is done with the span.
    private static bool MayBeJson(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t\r\n"u8);
        return !text.IsEmpty && (text[0] is (byte)'{' or (byte)'[' or (byte)'"' || (text.Length <= LongestScalar && !text.ContainsAnyExcept(s_scalar)));
    }

    // A lone surrogate in a text is found only when it is read.
    private static T? Safely<T>(Func<T?> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    private static byte[] Cut(byte[] text) => text.Length <= MostBytes ? text : text[..MostBytes];
}
