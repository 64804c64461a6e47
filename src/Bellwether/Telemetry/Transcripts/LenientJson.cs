using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Bellwether.Telemetry;

/// <summary>Reads a body that may have been cut at the capture limit: what is whole is kept, and the last text as far as it goes.</summary>
internal static class LenientJson
{
    private const int MostDepth = 256;

    private static readonly SearchValues<byte> BetweenValues = SearchValues.Create(" \t\r\n,:"u8);

    /// <param name="wasCut">True when the end was missing or wrong.</param>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> body, out bool wasCut)
    {
        wasCut = false;
        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MostDepth });
        }
        catch (JsonException)
        {
            wasCut = true;
        }
        try
        {
            return JsonDocument.Parse(Close(body.Span), new JsonDocumentOptions { MaxDepth = MostDepth });
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    // {"messages":[{"role":"user","content":"Once upon a ti   →   {"messages":[{"role":"user","content":"Once upon a ti"}]}
    private static ReadOnlyMemory<byte> Close(ReadOnlySpan<byte> body)
    {
        var buffer = new ArrayBufferWriter<byte>(body.Length + 64);
        using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = MostDepth });
        var open = new Stack<JsonTokenType>();
        var reader = new Utf8JsonReader(body, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = MostDepth }));
        var awaitsValue = false;
        try
        {
            while (reader.Read())
            {
                Copy(ref reader, writer, open);
                awaitsValue = reader.TokenType == JsonTokenType.PropertyName;
            }
        }
        catch (JsonException)
        {
            // The rest is not JSON; what came before it is.
        }
        var inArray = open.Count > 0 && open.Peek() == JsonTokenType.StartArray;
        if (awaitsValue || inArray)
        {
            var text = PartialText(body[(int)reader.BytesConsumed..]);
            if (text is not null) { writer.WriteStringValue(text); }
            else if (awaitsValue) { writer.WriteNullValue(); }
        }
        while (open.TryPop(out var token))
        {
            if (token == JsonTokenType.StartObject) { writer.WriteEndObject(); } else { writer.WriteEndArray(); }
        }
        writer.Flush();
        return buffer.WrittenMemory;
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer, Stack<JsonTokenType> open)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: writer.WriteStartObject(); open.Push(JsonTokenType.StartObject); break;
            case JsonTokenType.StartArray: writer.WriteStartArray(); open.Push(JsonTokenType.StartArray); break;
            case JsonTokenType.EndObject: writer.WriteEndObject(); open.Pop(); break;
            case JsonTokenType.EndArray: writer.WriteEndArray(); open.Pop(); break;
            case JsonTokenType.PropertyName: writer.WritePropertyName(reader.GetString()!); break;
            case JsonTokenType.String: writer.WriteStringValue(reader.GetString()); break;
            case JsonTokenType.Number: writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true); break;
            case JsonTokenType.True: writer.WriteBooleanValue(true); break;
            case JsonTokenType.False: writer.WriteBooleanValue(false); break;
            case JsonTokenType.Null: writer.WriteNullValue(); break;
            case JsonTokenType.None or JsonTokenType.Comment: break;
            default: throw new JsonException();
        }
    }

    private static string? PartialText(ReadOnlySpan<byte> rest)
    {
        var at = rest.IndexOfAnyExcept(BetweenValues);
        if (at < 0 || rest[at] != (byte)'"')
        {
            return null;
        }
        var text = rest[at..];
        // The cut may fall into an escape (at most 12 bytes for a surrogate pair) or into a character (at most 4).
        for (var drop = 0; drop <= 12 && text.Length - drop >= 1; drop++)
        {
            try
            {
                var whole = Encoding.UTF8.GetString(text[..^drop]) + "\"";
                if (whole.EndsWith("\uFFFD\"", StringComparison.Ordinal)) { continue; }
                var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(whole));
                if (reader.Read() && reader.BytesConsumed == reader.ValueSpan.Length + 2) { return reader.GetString(); }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // Not yet at a whole character: drop one byte more.
            }
        }
        return null;
    }
}
