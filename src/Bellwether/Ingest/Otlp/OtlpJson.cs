using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bellwether.Ingest;

/// <summary>
/// Writes an OTLP/JSON request anew as OTLP protobuf, so that both encodings have one reader and equal results by construction.
/// Ids are hex in any case, 64-bit integers come as numbers or strings, fields that are not known are passed over.
/// </summary>
internal static class OtlpJson
{
    private const int LengthBytes = 5;

    public static byte[] ToProtobuf(ReadOnlySpan<byte> json, OtlpMessage root)
    {
        var output = new ProtoBuffer(Math.Max(256, json.Length));
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 128, CommentHandling = JsonCommentHandling.Disallow });
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
        return output.ToArray();
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

    private static void Value(ref Utf8JsonReader reader, ProtoBuffer output, OtlpField field)
    {
        switch (field.Type)
        {
            case OtlpType.Message:
                if (reader.TokenType != JsonTokenType.StartObject)
                {
                    throw new OtlpFormatException($"The field {field.Name} must be an object.");
                }
                output.Tag(field.Number, 2);
                var start = output.Reserve(LengthBytes);
                Message(ref reader, output, field.Message!());
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

/// <summary>A growing protobuf message.</summary>
internal sealed class ProtoBuffer(int capacity)
{
    private byte[] _bytes = new byte[capacity];
    private int _length;

    public byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();

    public void Tag(int field, int wire) => Varint(((ulong)field << 3) | (uint)wire);

    public void Varint(int field, ulong value)
    {
        Tag(field, 0);
        Varint(value);
    }

    public void Fixed64(int field, ulong value)
    {
        Tag(field, 1);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(Reserve(8)), value);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, 2);
        Varint((ulong)value.Length);
        value.CopyTo(_bytes.AsSpan(Reserve(value.Length)));
    }

    public int Reserve(int count)
    {
        if (_length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_length + count, 2 * _bytes.Length));
        }
        _length += count;
        return _length - count;
    }

    /// <summary>Fills a reserved length with the number of bytes behind it; a varint may have more bytes than it needs.</summary>
    public void PatchLength(int start, int width)
    {
        var value = (uint)(_length - start - width);
        for (var i = 0; i < width; i++)
        {
            _bytes[start + i] = (byte)((value & 0x7f) | (i < width - 1 ? 0x80u : 0u));
            value >>= 7;
        }
    }

    private void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            _bytes[Reserve(1)] = (byte)(value | 0x80);
            value >>= 7;
        }
        _bytes[Reserve(1)] = (byte)value;
    }
}
