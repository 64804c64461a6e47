using System.Buffers.Binary;
using System.Text;

namespace Bellwether.Telemetry;

/// <summary>Walks the fields of a record. Bytes that are no Protobuf message throw <see cref="InvalidDataException"/>, never anything else.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;
    private ulong _wire;
    private ulong _scalar;

    public int Field { get; private set; }

    /// <summary>Where the current field's bytes lie in the record; for fields with a length.</summary>
    public Range Span { get; private set; }

    public bool Next()
    {
        if (_at >= _bytes.Length)
        {
            return false;
        }
        var tag = Varint();
        _wire = tag & 7;
        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        switch (_wire)
        {
            case WireType.Varint:
                _scalar = Varint();
                break;
            case WireType.Fixed64:
                _scalar = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
                break;
            case WireType.Bytes:
                var length = Varint();
                if (length > (ulong)(_bytes.Length - _at))
                {
                    throw new InvalidDataException("A field is longer than its record.");
                }
                Span = new Range(_at, _at + (int)length);
                _at += (int)length;
                break;
            case WireType.Fixed32:
                Take(4);
                break;
            default:
                throw new InvalidDataException("A field has an unknown wire type.");
        }
        return true;
    }

    public readonly long Number()
    {
        Expect(WireType.Varint);
        return (long)(_scalar >> 1) ^ -(long)(_scalar & 1);
    }

    public readonly int Int() => (int)Math.Clamp(Number(), int.MinValue, int.MaxValue);

    public readonly bool Flag() => Number() != 0;

    public readonly double Double()
    {
        Expect(WireType.Fixed64);
        return BitConverter.UInt64BitsToDouble(_scalar);
    }

    public readonly DateTimeOffset Time()
    {
        Expect(WireType.Fixed64);
        return (long)_scalar is >= 0 and var ticks && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw new InvalidDataException("A time is out of range.");
    }

    public readonly string Text() => Encoding.UTF8.GetString(Bytes());

    /// <summary>A text that many records share, such as a model's name: usually a string that is there already.</summary>
    public readonly string Name() => RepeatedTexts.Get(Bytes());

    public readonly Guid Id() => Bytes() is { Length: 16 } id ? new Guid(id, bigEndian: true) : throw new InvalidDataException("An id has not 16 bytes.");

    public readonly decimal Money()
    {
        var value = Bytes();
        if (value.Length != 16)
        {
            throw new InvalidDataException("An amount has not 16 bytes.");
        }
        Span<int> parts = stackalloc int[4];
        for (var i = 0; i < 4; i++)
        {
            parts[i] = BinaryPrimitives.ReadInt32LittleEndian(value[(i * 4)..]);
        }
        try
        {
            return new decimal(parts);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException("An amount is no decimal.", e);
        }
    }

    public readonly KeyValuePair<string, string> Pair()
    {
        var inner = new FieldReader(Bytes());
        var length = inner.Varint();
        if (length > (ulong)(inner._bytes.Length - inner._at))
        {
            throw new InvalidDataException("A property's name is longer than the property.");
        }
        var name = inner._bytes.Slice(inner._at, (int)length);
        return new(Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(inner._bytes[(inner._at + (int)length)..]));
    }

    private readonly ReadOnlySpan<byte> Bytes()
    {
        Expect(WireType.Bytes);
        return _bytes[Span];
    }

    private readonly void Expect(ulong wire)
    {
        if (_wire != wire)
        {
            throw new InvalidDataException("A field has another wire type than it should.");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_bytes.Length - _at < count)
        {
            throw new InvalidDataException("The record ends within a field.");
        }
        _at += count;
        return _bytes.Slice(_at - count, count);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_at >= _bytes.Length)
            {
                break;
            }
            var next = _bytes[_at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
        throw new InvalidDataException("A number does not end.");
    }
}
