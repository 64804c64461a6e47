using System.Buffers;

namespace Bellwether.Exchange;

/// <summary>Bytes that grow in pooled arrays. A large array goes back to the pool when the buffer is cleared; a small one is kept for the next answer.</summary>
internal sealed class TextBuffer
{
    private const int KeepBytes = 16 * 1024;

    private byte[] _bytes = [];

    public int Length { get; private set; }
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    public void Append(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    /// <summary>Appends the inside of a JSON string.</summary>
    /// <param name="escaped">Whether it may hold escapes (<c>Utf8JsonReader.ValueIsEscaped</c>).</param>
    public void AppendJson(ReadOnlySpan<byte> inside, bool escaped)
    {
        if (escaped)
        {
            Length += JsonText.Unescape(inside, Reserve(inside.Length));
        }
        else
        {
            Append(inside);
        }
    }

    /// <summary>Drops bytes from the front, so that at most <paramref name="bytes"/> are left.</summary>
    public void KeepLast(int bytes)
    {
        if (Length > bytes)
        {
            _bytes.AsSpan(Length - bytes, bytes).CopyTo(_bytes);
            Length = bytes;
        }
    }

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > KeepBytes)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    private Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(256, Length + count), 2 * Length));
            _bytes.AsSpan(0, Length).CopyTo(larger);
            if (_bytes.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_bytes);
            }
            _bytes = larger;
        }
        return _bytes.AsSpan(Length);
    }
}
