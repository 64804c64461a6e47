using System.Buffers.Binary;

namespace Bellwether.Ingest;

/// <summary>A body that is not the protobuf or JSON that it should be.</summary>
internal sealed class OtlpFormatException(string message) : Exception(message);

/// <summary>A piece of the request's body.</summary>
internal readonly record struct Slice(int Start, int Length)
{
    public int End => Start + Length;

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> body) => body.Slice(Start, Length);
}

/// <summary>Walks the fields of one protobuf message by offsets into the whole body, so that nothing is copied.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> body, Slice message)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private readonly int _end = message.End;
    private int _position = message.Start;

    /// <summary>Where the next field begins.</summary>
    public readonly int Position => _position;

    public int Field { get; private set; }

    /// <summary>Value of a varint, fixed32 or fixed64 field.</summary>
    public ulong Number { get; private set; }

    /// <summary>Content of a length-delimited field; empty for others.</summary>
    public Slice Bytes { get; private set; }

    public bool Next()
    {
        if (_position >= _end)
        {
            return false;
        }
        var tag = Varint();
        Field = (int)(tag >> 3);
        Bytes = default;
        Number = 0;
        switch (tag & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Need(8);
                Number = BinaryPrimitives.ReadUInt64LittleEndian(_body[_position..]);
                _position += 8;
                break;
            case 2:
                var length = Varint();
                if (length > (ulong)(_end - _position))
                {
                    throw new OtlpFormatException("The protobuf body ends in the middle of a field.");
                }
                Bytes = new Slice(_position, (int)length);
                _position += (int)length;
                break;
            case 5:
                Need(4);
                Number = BinaryPrimitives.ReadUInt32LittleEndian(_body[_position..]);
                _position += 4;
                break;
            default:
                throw new OtlpFormatException("The body is not valid protobuf.");
        }
        return Field != 0 ? true : throw new OtlpFormatException("The body is not valid protobuf.");
    }

    private void Need(int count)
    {
        if (_end - _position < count)
        {
            throw new OtlpFormatException("The protobuf body ends in the middle of a field.");
        }
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            Need(1);
            var next = _body[_position++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
        throw new OtlpFormatException("The body is not valid protobuf.");
    }
}
