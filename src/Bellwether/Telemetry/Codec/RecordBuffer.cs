using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Bellwether.Telemetry;

/// <summary>A growing byte buffer from the pool that writes Protobuf's wire format: a tag, then a varint, 8 bytes or length and bytes.</summary>
internal sealed class RecordBuffer
{
    private const int KeptBytes = 1 << 20;

    [ThreadStatic]
    private static RecordBuffer? s_cached;

    private byte[] _bytes;

    /// <summary>A buffer that belongs to no thread; <see cref="Release"/> gives its memory back.</summary>
    public RecordBuffer(int capacity = 8 * 1024) => _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public Span<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>This thread's buffer, empty. Give it back with <see cref="Return"/> on the same thread.</summary>
    public static RecordBuffer Rent()
    {
        var buffer = s_cached ?? new RecordBuffer();
        s_cached = null;
        buffer.Length = 0;
        return buffer;
    }

    public void Return()
    {
        if (_bytes.Length > KeptBytes)
        {
            // One huge body must not stay with every thread for ever.
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = ArrayPool<byte>.Shared.Rent(8 * 1024);
        }
        s_cached = this;
    }

    public void Clear() => Length = 0;

    public void Release()
    {
        Length = 0;
        var bytes = _bytes;
        _bytes = [];
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public Span<byte> Reserve(int count)
    {
        Ensure(count);
        var span = _bytes.AsSpan(Length, count);
        Length += count;
        return span;
    }

    public void Number(int field, long value)
    {
        if (value != 0)
        {
            NumberAlways(field, value);
        }
    }

    public void NumberIfAny(int field, long? value)
    {
        if (value is { } number)
        {
            NumberAlways(field, number);
        }
    }

    public void Flag(int field, bool value)
    {
        if (value)
        {
            NumberAlways(field, 1);
        }
    }

    public void Double(int field, double value)
    {
        if (value != 0)
        {
            DoubleAlways(field, value);
        }
    }

    public void DoubleIfAny(int field, double? value)
    {
        if (value is { } number)
        {
            DoubleAlways(field, number);
        }
    }

    public void Time(int field, DateTimeOffset value)
    {
        Varint((ulong)(field << 3) | WireType.Fixed64);
        BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value.UtcTicks);
    }

    public void Id(int field, Guid value)
    {
        Varint((ulong)(field << 3) | WireType.Bytes);
        Varint(16);
        value.TryWriteBytes(Reserve(16), bigEndian: true, out _);
    }

    /// <summary>A decimal keeps its scale: 0.10 stays 0.10.</summary>
    public void Money(int field, decimal value)
    {
        Varint((ulong)(field << 3) | WireType.Bytes);
        Varint(16);
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        var target = Reserve(16);
        for (var i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(target[(i * 4)..], parts[i]);
        }
    }

    public void Text(int field, string value)
    {
        if (value.Length > 0)
        {
            Varint((ulong)(field << 3) | WireType.Bytes);
            TextValue(value);
        }
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            Varint((ulong)(field << 3) | WireType.Bytes);
            Varint((ulong)value.Length);
            value.CopyTo(Reserve(value.Length));
        }
    }

    public void Pair(int field, string name, string value)
    {
        Varint((ulong)(field << 3) | WireType.Bytes);
        var nameBytes = Encoding.UTF8.GetByteCount(name);
        var valueBytes = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)(VarintLength((ulong)nameBytes) + nameBytes + valueBytes));
        Varint((ulong)nameBytes);
        Encoding.UTF8.GetBytes(name, Reserve(nameBytes));
        Encoding.UTF8.GetBytes(value, Reserve(valueBytes));
    }

    private static int VarintLength(ulong value) => Math.Max(1, (64 - System.Numerics.BitOperations.LeadingZeroCount(value) + 6) / 7);

    private void NumberAlways(int field, long value)
    {
        Varint((ulong)(field << 3) | WireType.Varint);
        Varint((ulong)((value << 1) ^ (value >> 63)));
    }

    private void DoubleAlways(int field, double value)
    {
        Varint((ulong)(field << 3) | WireType.Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(Reserve(8), value);
    }

    private void TextValue(string value)
    {
        if (value.Length * 3 < 128)
        {
            // Short enough for a one-byte length whatever the characters: one pass.
            Ensure(1 + (value.Length * 3));
            var written = Encoding.UTF8.GetBytes(value, _bytes.AsSpan(Length + 1));
            _bytes[Length] = (byte)written;
            Length += 1 + written;
            return;
        }
        var count = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)count);
        Encoding.UTF8.GetBytes(value, Reserve(count));
    }

    private void Varint(ulong value)
    {
        Ensure(10);
        while (value >= 0x80)
        {
            _bytes[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _bytes[Length++] = (byte)value;
    }

    private void Ensure(int count)
    {
        if (_bytes.Length - Length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(Length + (long)count, _bytes.Length * 2L)));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
    }
}

/// <summary>Protobuf's wire types.</summary>
internal static class WireType
{
    public const ulong Varint = 0;
    public const ulong Fixed64 = 1;
    public const ulong Bytes = 2;
    public const ulong Fixed32 = 5;
}
