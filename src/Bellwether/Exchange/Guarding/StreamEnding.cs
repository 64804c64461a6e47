using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bellwether.Exchange;

/// <summary>
/// The proper end of a stream that we cut, in its dialect: what an SDK takes for an answer that a filter ended, never for a broken
/// one. It knows from what was sent which answer this is and what of it is still open.
/// </summary>
internal sealed class StreamEnding(Dialect dialect)
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SortedSet<int> _open = [];
    private readonly StringBuilder _text = new();
    private JsonElement? _head;
    private string _item = "";
    private int _deltas;
    private int _sequence = -1;

    /// <summary>Whether an event is the last one of its stream. One that only looks so costs nothing but a text judged early.</summary>
    public static bool IsLast(ReadOnlySpan<byte> json)
    {
        var head = json[..Math.Min(json.Length, 120)];
        return json.SequenceEqual("[DONE]"u8) || head.IndexOf("\"message_stop\""u8) >= 0
            || head.IndexOf("\"response.completed\""u8) >= 0 || head.IndexOf("\"response.incomplete\""u8) >= 0 || head.IndexOf("\"response.failed\""u8) >= 0;
    }

    /// <summary>Notes an event that goes out.</summary>
    public void Sent(ReadOnlySpan<byte> json)
    {
        // Of OpenAI's chunks and Gemini's answers each says the same of the whole.
        if (json.IsEmpty || (_head is not null && dialect is not (Dialect.AnthropicMessages or Dialect.OpenAiResponses))) { return; }
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!JsonDocument.TryParseValue(ref reader, out var document)) { return; }
            using (document)
            {
                if (document.RootElement.ValueKind == JsonValueKind.Object) { Note(document.RootElement); }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // "[DONE]", or no JSON: it tells nothing of the answer.
        }
    }

    private void Note(JsonElement sent)
    {
        switch (dialect)
        {
            case Dialect.AnthropicMessages:
                NoteBlock(sent);
                break;
            case Dialect.OpenAiResponses:
                NoteResponse(sent);
                break;
            default:
                _head = Copied(sent);
                break;
        }
    }

    private void NoteBlock(JsonElement sent)
    {
        var index = sent.TryGetProperty("index"u8, out var number) && number.TryGetInt32(out var value) ? value : 0;
        switch (Text(sent, "type"))
        {
            case "content_block_start": _open.Add(index); break;
            case "content_block_stop": _open.Remove(index); break;
            case "content_block_delta": _deltas++; break;
        }
    }

    private void NoteResponse(JsonElement sent)
    {
        if (sent.TryGetProperty("sequence_number"u8, out var number) && number.TryGetInt32(out var sequence)) { _sequence = sequence; }
        if (sent.TryGetProperty("response"u8, out var response) && response.ValueKind == JsonValueKind.Object) { _head = Copied(response); }
        if (Text(sent, "type") == "response.output_text.delta")
        {
            _text.Append(Text(sent, "delta"));
            _item = Text(sent, "item_id");
        }
    }

    /// <summary>Writes the end.</summary>
    /// <param name="choices">Those of which something came.</param>
    public void Write(IEnumerable<int> choices, IBufferWriter<byte> into)
    {
        switch (dialect)
        {
            case Dialect.AnthropicMessages:
                foreach (var index in _open)
                {
                    Event(into, "content_block_stop", json => json.WriteNumber("index", index));
                }
                Event(into, "message_delta", json =>
                {
                    json.WriteStartObject("delta");
                    json.WriteString("stop_reason", "refusal");
                    json.WriteNull("stop_sequence");
                    json.WriteEndObject();
                    json.WriteStartObject("usage");
                    // A token or so a delta; the provider's own count never comes.
                    json.WriteNumber("output_tokens", _deltas);
                    json.WriteEndObject();
                });
                Event(into, "message_stop", static _ => { });
                break;
            case Dialect.OpenAiResponses:
                Event(into, "response.incomplete", Incomplete);
                break;
            case Dialect.GeminiGenerate:
                Data(into, "\r\n\r\n"u8, json => Candidates(json, choices));
                break;
            default:
                Data(into, "\n\n"u8, json => Chunk(json, choices));
                into.Write("data: [DONE]\n\n"u8);
                break;
        }
    }

    private void Incomplete(Utf8JsonWriter json)
    {
        json.WriteNumber("sequence_number", _sequence + 1);
        json.WriteStartObject("response");
        if (_head is { } head)
        {
            foreach (var member in head.EnumerateObject())
            {
                if (member.Name is not ("status" or "incomplete_details" or "output" or "output_text")) { member.WriteTo(json); }
            }
        }
        json.WriteString("status", "incomplete");
        json.WriteStartObject("incomplete_details");
        json.WriteString("reason", "content_filter");
        json.WriteEndObject();
        json.WriteStartArray("output");
        if (_text.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("id", _item);
            json.WriteString("type", "message");
            json.WriteString("status", "incomplete");
            json.WriteString("role", "assistant");
            json.WriteStartArray("content");
            json.WriteStartObject();
            json.WriteString("type", "output_text");
            json.WriteString("text", _text.ToString());
            json.WriteStartArray("annotations");
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Chunk(Utf8JsonWriter json, IEnumerable<int> choices)
    {
        Copy(json, "id", "object", "created", "model", "service_tier", "system_fingerprint");
        json.WriteStartArray("choices");
        foreach (var index in choices.Order().DefaultIfEmpty(0))
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            if (dialect == Dialect.OpenAiChat)
            {
                json.WriteStartObject("delta");
                json.WriteEndObject();
            }
            else
            {
                json.WriteString("text", "");
            }
            json.WriteNull("logprobs");
            json.WriteString("finish_reason", "content_filter");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void Candidates(Utf8JsonWriter json, IEnumerable<int> choices)
    {
        json.WriteStartArray("candidates");
        foreach (var index in choices.Order().DefaultIfEmpty(0))
        {
            json.WriteStartObject();
            json.WriteStartObject("content");
            json.WriteStartArray("parts");
            json.WriteStartObject();
            json.WriteString("text", "");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("role", "model");
            json.WriteEndObject();
            json.WriteString("finishReason", "SAFETY");
            json.WriteNumber("index", index);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Copy(json, "usageMetadata", "modelVersion", "responseId");
    }

    private void Copy(Utf8JsonWriter json, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_head is { } head && head.TryGetProperty(name, out var value))
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
        }
    }

    private static void Event(IBufferWriter<byte> into, string type, Action<Utf8JsonWriter> rest)
    {
        into.Write(Encoding.ASCII.GetBytes($"event: {type}\n"));
        Data(into, "\n\n"u8, json =>
        {
            json.WriteString("type", type);
            rest(json);
        });
    }

    private static void Data(IBufferWriter<byte> into, ReadOnlySpan<byte> end, Action<Utf8JsonWriter> members)
    {
        into.Write("data: "u8);
        using (var json = new Utf8JsonWriter(into, s_options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        into.Write(end);
    }

    // Half a surrogate pair cannot be written again; what it would say of the answer is left out.
    private static JsonElement? Copied(JsonElement element) => LoneSurrogates.In(JsonMarshal.GetRawUtf8Value(element)) ? null : element.Clone();

    // Half a pair at the end of a piece is half of a character whose other half comes with the next.
    private static string Text(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) { return ""; }
        var inside = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        var chars = new char[inside.Length];
        return new string(chars, 0, JsonChars.Decode(inside, escaped: true, chars));
    }
}
