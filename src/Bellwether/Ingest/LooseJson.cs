using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Bellwether.Ingest;

/// <summary>
/// JSON as programs make it. JavaScript writes half a surrogate pair (a text that was cut inside an emoji) as <c>"\ud83d"</c>,
/// which .NET refuses the moment that it is read: it becomes U+FFFD, and the rest is kept. Python writes numbers that are none as
/// <c>NaN</c> and <c>Infinity</c>: they become null, as JavaScript and orjson write them.
/// </summary>
internal static class LooseJson
{
    /// <summary>Of one value that is worked with: a number of two bytes becomes an object of a hundred, and a small compressed body has millions.</summary>
    public static readonly int MostValues = 2_000_000;

    private const int MostDepth = 128;

    // Duplicate names would throw much later, on the first look into the object.
    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = MostDepth, AllowDuplicateProperties = false };
    private static readonly JsonDocumentOptions s_document = new() { MaxDepth = MostDepth };

    /// <summary>Every text in it can be read. Throws <see cref="JsonException"/> for bytes that are no JSON, and one without a place for those that hold too many values.</summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        var valid = Utf8.IsValid(json.Span) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        var repaired = Repaired(valid.Span) ?? valid;
        try
        {
            return JsonDocument.Parse(Bounded(repaired), s_document);
        }
        catch (JsonException) when (Finite(repaired.Span) is { } finite)
        {
            return JsonDocument.Parse(Bounded(finite), s_document);
        }
    }

    /// <summary>False when the bytes are no JSON value that is safe to work with; a true value may still be null.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, out JsonNode? node)
    {
        try
        {
            // Bytes that are no UTF-8 become U+FFFD too.
            ReadOnlySpan<byte> valid = Utf8.IsValid(json) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
            ReadOnlySpan<byte> repaired = Repaired(valid) is { } changed ? changed : valid;
            try
            {
                node = HasMore(repaired, MostValues) ? throw new JsonException() : JsonNode.Parse(repaired, null, s_json);
            }
            catch (JsonException)
            {
                if (Finite(repaired) is not { } finite)
                {
                    throw;
                }
                node = HasMore(finite, MostValues) ? throw new JsonException() : JsonNode.Parse(finite, null, s_json);
            }
            return true;
        }
        catch (JsonException)
        {
            node = null;
            return false;
        }
    }

    /// <summary>Whether there are more objects, lists, texts, numbers and so on in it than so many. What is no JSON is not counted to its end.</summary>
    public static bool HasMore(ReadOnlySpan<byte> json, int values)
    {
        // Each value but the first in a list or object has a comma before it. Texts have these signs too: then they are counted one by one.
        if (json.Length <= values || json.Count((byte)',') + json.Count((byte)'[') + json.Count((byte)'{') < values)
        {
            return false;
        }
        var reader = new Utf8JsonReader(json, isFinalBlock: true, new JsonReaderState(new JsonReaderOptions { MaxDepth = int.MaxValue }));
        var count = 0;
        try
        {
            while (count <= values && reader.Read())
            {
                count += reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.EndArray or JsonTokenType.EndObject ? 0 : 1;
            }
        }
        catch (JsonException)
        {
            return false;
        }
        return count > values;
    }

    private static ReadOnlyMemory<byte> Bounded(ReadOnlyMemory<byte> json) => HasMore(json.Span, MostValues) ? throw new JsonException() : json;

    /// <summary>The same with U+FFFD for every half of a surrogate pair; null when nothing is to be repaired.</summary>
    public static byte[]? Repaired(ReadOnlySpan<byte> json)
    {
        byte[]? copy = null;
        for (var at = 0; at < json.Length;)
        {
            var found = json[at..].IndexOf((byte)'\\');
            if (found < 0)
            {
                break;
            }
            at += found;
            var unit = Unit(json, at);
            if (unit is < 0xd800 or > 0xdfff)
            {
                // The backslash and what it escapes, which may be a backslash.
                at += 2;
                continue;
            }
            if (unit < 0xdc00 && Unit(json, at + 6) is >= 0xdc00 and <= 0xdfff)
            {
                at += 12;
                continue;
            }
            copy ??= json.ToArray();
            "\\ufffd"u8.CopyTo(copy.AsSpan(at));
            at += 6;
        }
        return copy;
    }

    /// <summary>The same with null for every <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> that is a value; null when there is none.</summary>
    public static byte[]? Finite(ReadOnlySpan<byte> json)
    {
        ArrayBufferWriter<byte>? changed = null;
        var copied = 0;
        for (var at = 0; at < json.Length;)
        {
            var found = json[at..].IndexOfAny((byte)'"', (byte)'N', (byte)'I');
            if (found < 0)
            {
                break;
            }
            at += found;
            if (json[at] == '"')
            {
                at = EndOfText(json, at);
                continue;
            }
            var length = json[at..].StartsWith("NaN"u8) ? 3 : json[at..].StartsWith("Infinity"u8) ? 8 : 0;
            if (length == 0)
            {
                at++;
                continue;
            }
            var start = length == 8 && at > 0 && json[at - 1] == '-' ? at - 1 : at;
            changed ??= new ArrayBufferWriter<byte>(json.Length + 16);
            changed.Write(json[copied..start]);
            changed.Write("null"u8);
            copied = at += length;
        }
        changed?.Write(json[copied..]);
        return changed?.WrittenSpan.ToArray();
    }

    // Behind the quote that ends the text which begins here.
    private static int EndOfText(ReadOnlySpan<byte> json, int at)
    {
        for (at++; at < json.Length && json[at] != '"'; at++)
        {
            var next = json[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                return json.Length;
            }
            at += next;
            if (json[at] == '"')
            {
                break;
            }
            // What the backslash escapes may be a quote.
            at++;
        }
        return at + 1;
    }

    // -1 for anything but \uXXXX.
    private static int Unit(ReadOnlySpan<byte> json, int at)
    {
        if (at + 6 > json.Length || json[at] != '\\' || json[at + 1] != 'u')
        {
            return -1;
        }
        var unit = 0;
        for (var i = at + 2; i < at + 6; i++)
        {
            var digit = (json[i] | 0x20) switch
            {
                >= '0' and <= '9' and var code => code - '0',
                >= 'a' and <= 'f' and var code => code - 'a' + 10,
                _ => -1,
            };
            if (digit < 0)
            {
                return -1;
            }
            unit = (unit << 4) | digit;
        }
        return unit;
    }
}
