using System.Buffers.Binary;

namespace Bellwether.Ingest;

/// <summary>A growing protobuf message.</summary>
internal sealed class ProtoBuffer(int capacity, int limit = int.MaxValue)
{
    private byte[] _bytes = new byte[capacity];
    private int _length;

    public int Length => _length;

    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    /// <summary>The first thing that was wrong with an item.</summary>
    public string Problem { get; set; } = "";

    public void Truncate(int length) => _length = length;

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
        // Reserve may move the bytes: it comes first, here and below.
        var at = Reserve(8);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(at), value);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, 2);
        Varint((ulong)value.Length);
        var at = Reserve(value.Length);
        value.CopyTo(_bytes.AsSpan(at));
    }

    public int Reserve(int count)
    {
        if (_length + count > _bytes.Length)
        {
            if (_length + count > limit)
            {
                throw new OtlpFormatException($"The request has more than {limit} bytes when it is decoded.");
            }
            Array.Resize(ref _bytes, (int)Math.Min(limit, Math.Max(_length + count, 2L * _bytes.Length)));
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
            Byte((byte)(value | 0x80));
            value >>= 7;
        }
        Byte((byte)value);
    }

    private void Byte(byte value)
    {
        var at = Reserve(1);
        _bytes[at] = value;
    }
}
