using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Bellwether.Ingest;

/// <summary>
/// Writes an OTLP/JSON request anew as OTLP protobuf, so that both encodings have one reader and equal results by construction.
/// Ids are hex in any case, 64-bit integers come as numbers or strings, fields that are not known are passed over.
/// </summary>
internal static class OtlpJson
{
    private const int LengthBytes = 5;
    // Of values inside of values; each is a call on the stack.
    private const int MostDepth = 256;

    /// <param name="json">The request.</param>
    /// <param name="root">What it is a message of.</param>
    /// <param name="limit">Bytes that may be made of it.</param>
    /// <returns>The message; an item with something wrong in it is empty there, and <c>Problem</c> says what was.</returns>
    public static (ReadOnlyMemory<byte> Message, string Problem) ToProtobuf(ReadOnlySpan<byte> json, OtlpMessage root, int limit)
    {
        var output = new ProtoBuffer(Math.Max(256, json.Length), limit);
        // Bytes that are no UTF-8 become U+FFFD; JavaScript cuts texts inside an emoji.
        var valid = Utf8.IsValid(json) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        // What is nested too deeply is refused where it stands, with its span alone, and passed over without a call for each level.
        var reader = new Utf8JsonReader(LooseJson.Repaired(valid) ?? valid, new JsonReaderOptions { MaxDepth = int.MaxValue, CommentHandling = JsonCommentHandling.Disallow });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new OtlpFormatException("The JSON body must be an object.");
            }
            Message(ref reader, output, root);
            if (reader.Read())
            {
                throw new OtlpFormatException("The JSON body has something behind its end.");
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new OtlpFormatException("The body is not valid OTLP JSON.");
        }
        return (output.Memory, output.Problem);
    }

    private static void Message(ref Utf8JsonReader reader, ProtoBuffer output, OtlpMessage message)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = message.Find(ref reader);
            reader.Read();
            if (field is null)
            {
                reader.Skip();
                continue;
            }
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    Value(ref reader, output, field);
                }
            }
            else
            {
                Value(ref reader, output, field);
            }
        }
    }

    private static void Item(ref Utf8JsonReader reader, ProtoBuffer output, OtlpMessage message)
    {
        var before = reader;
        var length = output.Length;
        try
        {
            Message(ref reader, output, message);
        }
        catch (Exception error) when (error is OtlpFormatException or InvalidOperationException or FormatException)
        {
            if (output.Problem.Length == 0)
            {
                output.Problem = error is OtlpFormatException ? error.Message : "A text has a character that is none.";
            }
            reader = before;
            reader.Skip();
            output.Truncate(length);
        }
    }

    private static void Value(ref Utf8JsonReader reader, ProtoBuffer output, OtlpField field)
    {
        switch (field.Type)
        {
            case OtlpType.Message:
                if (reader.TokenType != JsonTokenType.StartObject)
                {
                    var problem = $"The field {field.Name} must be an object.";
                    if (!field.IsItem)
                    {
                        throw new OtlpFormatException(problem);
                    }
                    // An empty item, which is rejected alone.
                    output.Problem = output.Problem.Length == 0 ? problem : output.Problem;
                    reader.Skip();
                    output.Bytes(field.Number, []);
                    return;
                }
                if (reader.CurrentDepth > MostDepth)
                {
                    throw new OtlpFormatException($"The field {field.Name} is nested too deeply.");
                }
                output.Tag(field.Number, 2);
                var start = output.Reserve(LengthBytes);
                if (field.IsItem)
                {
                    Item(ref reader, output, field.Message!());
                }
                else
                {
                    Message(ref reader, output, field.Message!());
                }
                output.PatchLength(start, LengthBytes);
                break;
            case OtlpType.Text:
                Expect(reader.TokenType == JsonTokenType.String, field);
                output.Bytes(field.Number, Unescaped(ref reader));
                break;
            case OtlpType.Hex:
                Expect(reader.TokenType == JsonTokenType.String, field);
                // An id that is no hex becomes an empty one, which is rejected with its span alone.
                output.Bytes(field.Number, FromHex(reader.GetString()!));
                break;
            case OtlpType.Base64:
                Expect(reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out _), field);
                output.Bytes(field.Number, reader.GetBytesFromBase64());
                break;
            case OtlpType.Bool:
                Expect(reader.TokenType is JsonTokenType.True or JsonTokenType.False, field);
                output.Varint(field.Number, reader.GetBoolean() ? 1u : 0u);
                break;
            case OtlpType.Double:
                output.Fixed64(field.Number, BitConverter.DoubleToUInt64Bits(Double(ref reader, field)));
                break;
            case OtlpType.Fixed64:
                output.Fixed64(field.Number, (ulong)Integer(ref reader, field));
                break;
            default:
                output.Varint(field.Number, (ulong)Integer(ref reader, field));
                break;
        }
    }

    private static long Integer(ref Utf8JsonReader reader, OtlpField field)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            var text = reader.GetString()!;
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? parsed
                : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var unsigned) ? unchecked((long)unsigned)
                : Array.IndexOf(field.Names, text) is >= 0 and var named ? named
                : throw new OtlpFormatException($"The field {field.Name} must be an integer.");
        }
        Expect(reader.TokenType == JsonTokenType.Number, field);
        // JavaScript writes large integers as 1.7e18.
        return reader.TryGetInt64(out var value) ? value
            : reader.TryGetDouble(out var number) && Math.Abs(number) < 9.2e18 ? (long)number
            : throw new OtlpFormatException($"The field {field.Name} must be an integer of 64 bits.");
    }

    private static double Double(ref Utf8JsonReader reader, OtlpField field)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return double.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed)
                ? parsed
                : throw new OtlpFormatException($"The field {field.Name} must be a number.");
        }
        Expect(reader.TokenType == JsonTokenType.Number, field);
        return reader.GetDouble();
    }

    private static void Expect(bool fits, OtlpField field)
    {
        if (!fits)
        {
            throw new OtlpFormatException($"The field {field.Name} has a value of the wrong type.");
        }
    }

    private static ReadOnlySpan<byte> Unescaped(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;

    private static byte[] FromHex(string text)
    {
        var bytes = new byte[text.Length / 2];
        return text.Length % 2 == 0 && Convert.FromHexString(text, bytes, out _, out _) == OperationStatus.Done ? bytes : [];
    }
}
