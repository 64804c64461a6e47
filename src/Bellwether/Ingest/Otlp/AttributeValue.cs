using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Bellwether.Ingest;

internal enum ValueKind { None, Text, Bool, Integer, Double, Array, List, Bytes }

/// <summary>An attribute as a place in the body: its key and its value, which is read only when asked for.</summary>
internal readonly record struct AttributeValue(Slice Key, ValueKind Kind, Slice Bytes, ulong Number)
{
    private const int MostDepth = 32;

    public static AttributeValue Read(ReadOnlySpan<byte> body, Slice keyValue)
    {
        var reader = new ProtoReader(body, keyValue);
        Slice key = default;
        AttributeValue value = default;
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                key = reader.Bytes;
            }
            else if (reader.Field == 2)
            {
                value = ReadValue(body, reader.Bytes);
            }
        }
        return value with { Key = key };
    }

    public static AttributeValue ReadValue(ReadOnlySpan<byte> body, Slice anyValue)
    {
        var reader = new ProtoReader(body, anyValue);
        AttributeValue value = default;
        while (reader.Next())
        {
            if (reader.Field is >= 1 and <= 7)
            {
                value = new AttributeValue(default, (ValueKind)reader.Field, reader.Bytes, reader.Number);
            }
        }
        return value;
    }

    public string Text(ReadOnlySpan<byte> body) => Kind switch
    {
        ValueKind.Text => Encoding.UTF8.GetString(Bytes.In(body)),
        ValueKind.Bool => Number != 0 ? "true" : "false",
        ValueKind.Integer => ((long)Number).ToString(CultureInfo.InvariantCulture),
        ValueKind.Double => BitConverter.UInt64BitsToDouble(Number).ToString("R", CultureInfo.InvariantCulture),
        ValueKind.None => "",
        _ => Encoding.UTF8.GetString(Json(body)),
    };

    public double? Double(ReadOnlySpan<byte> body)
    {
        var number = Kind switch
        {
            ValueKind.Integer => (long)Number,
            ValueKind.Double => BitConverter.UInt64BitsToDouble(Number),
            ValueKind.Text when double.TryParse(Bytes.In(body), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
            _ => double.NaN,
        };
        return double.IsFinite(number) ? number : null;
    }

    /// <summary>The value as UTF-8: text as it is, structures as JSON.</summary>
    public byte[] Json(ReadOnlySpan<byte> body)
    {
        if (Kind == ValueKind.Text)
        {
            return Bytes.In(body).ToArray();
        }
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, body, int.MaxValue);
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <param name="json">Where to.</param>
    /// <param name="body">The request.</param>
    /// <param name="limit">Bytes of a text that are kept; the rest is cut and said to be.</param>
    /// <param name="depth">How deep in structures this is.</param>
    /// <returns>True when something was cut.</returns>
    public bool Write(Utf8JsonWriter json, ReadOnlySpan<byte> body, int limit, int depth = 0)
    {
        var cut = false;
        switch (Kind)
        {
            case ValueKind.Text when Bytes.Length > limit:
                json.WriteStringValue(Encoding.UTF8.GetString(body.Slice(Bytes.Start, limit)) + "…");
                return true;
            case ValueKind.Text:
                json.WriteStringValue(Encoding.UTF8.GetString(Bytes.In(body)));
                break;
            case ValueKind.Bool:
                json.WriteBooleanValue(Number != 0);
                break;
            case ValueKind.Integer:
                json.WriteNumberValue((long)Number);
                break;
            case ValueKind.Double when Double(body) is { } number:
                json.WriteNumberValue(number);
                break;
            case ValueKind.Bytes:
                json.WriteBase64StringValue(body.Slice(Bytes.Start, Math.Min(limit, Bytes.Length)));
                return Bytes.Length > limit;
            case ValueKind.Array or ValueKind.List when depth > MostDepth:
                json.WriteNullValue();
                return true;
            case ValueKind.Array:
                json.WriteStartArray();
                var items = new ProtoReader(body, Bytes);
                while (items.Next())
                {
                    cut |= ReadValue(body, items.Bytes).Write(json, body, limit, depth + 1);
                }
                json.WriteEndArray();
                break;
            case ValueKind.List:
                json.WriteStartObject();
                var members = new ProtoReader(body, Bytes);
                while (members.Next())
                {
                    var member = Read(body, members.Bytes);
                    json.WritePropertyName(Encoding.UTF8.GetString(member.Key.In(body)));
                    cut |= member.Write(json, body, limit, depth + 1);
                }
                json.WriteEndObject();
                break;
            default:
                json.WriteNullValue();
                break;
        }
        return cut;
    }
}
