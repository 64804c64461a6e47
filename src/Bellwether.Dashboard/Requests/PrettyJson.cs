using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bellwether.Dashboard;

internal enum JsonPart { Punctuation, Key, Text, Number, Literal, Plain }

/// <summary>A coloured stretch of one line.</summary>
internal readonly record struct JsonToken(JsonPart Part, string Text);

/// <summary>A body laid out for reading. Lines are plain text; <see cref="Tokens"/> colours one when it is drawn.</summary>
/// <param name="IsJson">False when the body could not be read as JSON and is shown as it came.</param>
/// <param name="Cut">True when lines were left out at the end.</param>
internal sealed record PrettyJson(ImmutableArray<string> Lines, bool IsJson, bool Cut)
{
    /// <summary>Longer bodies are shown only up to here; copying always copies all.</summary>
    private const int MostLines = 50_000;

    /// <summary>A longer line (an image, a novel in one string) is cut in the view.</summary>
    public const int LongestLine = 2_000;

    private static readonly JsonWriterOptions Layout = new()
    {
        Indented = true,
        // Text reads as it was written; nothing here ever becomes HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 512,
    };

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = 512, AllowTrailingCommas = true };

    public static PrettyJson Of(ReadOnlyMemory<byte> body)
    {
        var text = Format(body);
        var lines = (text ?? Encoding.UTF8.GetString(body.Span)).Split('\n');
        var cut = lines.Length > MostLines;
        return new([.. cut ? lines.AsSpan(0, MostLines) : lines.AsSpan()], text is not null, cut);
    }

    /// <summary>The body indented, or null when it is not JSON (or was cut at the capture limit).</summary>
    public static string? Format(ReadOnlyMemory<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span, Reading);
            var buffer = new ArrayBufferWriter<byte>(body.Length + (body.Length / 4) + 16);
            using var writer = new Utf8JsonWriter(buffer, Layout);
            while (reader.Read())
            {
                Copy(ref reader, writer);
            }
            writer.Flush();
            return Encoding.UTF8.GetString(buffer.WrittenSpan);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Invalid JSON, a lone surrogate escape, or invalid UTF-8 in a string: shown raw.
            return null;
        }
    }

    /// <summary>Splits one indented line into coloured parts; a line that is not JSON is one plain part.</summary>
    public static ImmutableArray<JsonToken> Tokens(string line, bool isJson)
    {
        if (!isJson)
        {
            return [new(JsonPart.Plain, line)];
        }
        var tokens = ImmutableArray.CreateBuilder<JsonToken>(4);
        var start = line.Length - line.AsSpan().TrimStart().Length;
        if (start > 0)
        {
            tokens.Add(new(JsonPart.Punctuation, line[..start]));
        }
        if (start < line.Length && line[start] == '"')
        {
            var end = EndOfString(line, start);
            var isKey = line.AsSpan(end).StartsWith(": ", StringComparison.Ordinal);
            tokens.Add(new(isKey ? JsonPart.Key : JsonPart.Text, line[start..end]));
            if (!isKey)
            {
                return Rest(tokens, line[end..]);
            }
            tokens.Add(new(JsonPart.Punctuation, ": "));
            start = end + 2;
        }
        return Value(tokens, line[start..]);
    }

    private static ImmutableArray<JsonToken> Value(ImmutableArray<JsonToken>.Builder tokens, string value)
    {
        if (value.Length == 0)
        {
            return tokens.DrainToImmutable();
        }
        if (value[0] == '"')
        {
            var end = EndOfString(value, 0);
            tokens.Add(new(JsonPart.Text, value[..end]));
            return Rest(tokens, value[end..]);
        }
        var length = value.EndsWith(',') ? value.Length - 1 : value.Length;
        var part = char.IsAsciiDigit(value[0]) || value[0] == '-' ? JsonPart.Number : char.IsAsciiLetter(value[0]) ? JsonPart.Literal : JsonPart.Punctuation;
        tokens.Add(new(part, value[..length]));
        return Rest(tokens, value[length..]);
    }

    private static ImmutableArray<JsonToken> Rest(ImmutableArray<JsonToken>.Builder tokens, string rest)
    {
        if (rest.Length > 0)
        {
            tokens.Add(new(JsonPart.Punctuation, rest));
        }
        return tokens.DrainToImmutable();
    }

    private static int EndOfString(string line, int quote)
    {
        for (var at = quote + 1; at < line.Length; at++)
        {
            if (line[at] == '\\')
            {
                at++;
            }
            else if (line[at] == '"')
            {
                return at + 1;
            }
        }
        return line.Length;
    }

    private static void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: writer.WriteStartObject(); break;
            case JsonTokenType.EndObject: writer.WriteEndObject(); break;
            case JsonTokenType.StartArray: writer.WriteStartArray(); break;
            case JsonTokenType.EndArray: writer.WriteEndArray(); break;
            case JsonTokenType.PropertyName: writer.WritePropertyName(reader.GetString()!); break;
            case JsonTokenType.String: writer.WriteStringValue(reader.GetString()); break;
            // As written: 1.10 stays 1.10, and a number beyond double keeps its digits.
            case JsonTokenType.Number: writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true); break;
            case JsonTokenType.True: writer.WriteBooleanValue(true); break;
            case JsonTokenType.False: writer.WriteBooleanValue(false); break;
            case JsonTokenType.Null: writer.WriteNullValue(); break;
            case JsonTokenType.None or JsonTokenType.Comment: break;
            default: throw new JsonException();
        }
    }
}
