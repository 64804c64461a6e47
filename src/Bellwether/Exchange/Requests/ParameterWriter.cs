using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Bellwether.Exchange;

/// <summary>Gathers sampling parameters, byte for byte as the caller wrote them, into a JSON object of at most <see cref="MaxBytes"/>.</summary>
internal ref struct ParameterWriter
{
    public const int MaxBytes = 1024;
    private const int MaxValueBytes = 128;

    private Buffer _buffer;
    private int _length;

    public ParameterWriter() => _length = 0;

    /// <param name="name">A known key: needs no escaping.</param>
    public void Add(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        if (value.Length > MaxValueBytes || value.SequenceEqual("null"u8) || _length + name.Length + value.Length + 5 > MaxBytes)
        {
            return;
        }
        Append(_length == 0 ? "{\""u8 : ",\""u8);
        Append(name);
        Append("\":"u8);
        Append(value);
    }

    [UnscopedRef]
    public ReadOnlySpan<byte> Finish()
    {
        if (_length > 0)
        {
            Append("}"u8);
        }
        return ((ReadOnlySpan<byte>)_buffer)[.._length];
    }

    private void Append(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(((Span<byte>)_buffer)[_length..]);
        _length += bytes.Length;
    }

    [InlineArray(MaxBytes)]
    private struct Buffer
    {
        private byte _first;
    }
}
