using System.Buffers;

namespace Bellwether.Detection;

/// <summary>
/// A text reduced to what survives respacing, bullets and shouting: its letters and digits in lower case, without anything
/// between them, each with the place that it came from. Characters of scripts without spaces count twice, since one of
/// them says about as much as two letters. Grows piece by piece; the arrays come from a pool.
/// </summary>
internal sealed class CompactText
{
    private static readonly byte[] s_ascii = [.. Enumerable.Range(0, 128).Select(static code => (byte)Fold((char)code))];

    private char[] _chars = [];
    private int[] _sources = [];

    public int Length { get; private set; }

    public ReadOnlySpan<char> Chars => _chars.AsSpan(0, Length);

    /// <summary>UTF-16 index, in all pieces together, of the character that became the one at <paramref name="at"/>.</summary>
    public int Source(int at) => _sources[at];

    public void Clear() => Length = 0;

    /// <param name="offset">Where the piece begins in the whole text.</param>
    public void Append(ReadOnlySpan<char> piece, int offset)
    {
        Reserve(Length + (2 * piece.Length) + 1);
        var (chars, sources, length) = (_chars, _sources, Length);
        var ascii = s_ascii;
        for (var i = 0; i < piece.Length; i++)
        {
            var unit = piece[i];
            if (unit < ascii.Length)
            {
                // Written in any case and kept or not: a branch would be guessed wrong at every blank.
                var letter = ascii[unit];
                chars[length] = (char)letter;
                sources[length] = offset + i;
                length += letter == 0 ? 0 : 1;
                continue;
            }
            var folded = Fold(unit);
            if (folded == 0) { continue; }
            chars[length] = folded;
            sources[length++] = offset + i;
            if (folded >= '\u2E80')
            {
                chars[length] = folded;
                sources[length++] = offset + i;
            }
        }
        Length = length;
    }

    /// <summary>The letter or digit in lower case and usual width; 0 for everything else.</summary>
    public static char Fold(char c)
    {
        if (c < 128)
        {
            return (uint)(c - 'a') < 26 || (uint)(c - '0') < 10 ? c : (uint)(c - 'A') < 26 ? (char)(c | 0x20) : '\0';
        }
        // Ｆｕｌｌ width forms stand for ASCII.
        return (uint)(c - 0xFF01) < 0x5E ? Fold((char)(c - 0xFEE0)) : char.IsLetterOrDigit(c) ? LetterCase.Lower(c) : '\0';
    }

    /// <summary>Gives large arrays back, so that one long text does not stay with its thread.</summary>
    public void Trim(int most)
    {
        Clear();
        if (_chars.Length > most)
        {
            Return();
        }
    }

    private void Reserve(int needed)
    {
        if (needed <= _chars.Length) { return; }
        var size = Math.Max(needed, Math.Min(2 * _chars.Length, int.MaxValue / 4));
        var (chars, sources) = (ArrayPool<char>.Shared.Rent(size), ArrayPool<int>.Shared.Rent(size));
        _chars.AsSpan(0, Length).CopyTo(chars);
        _sources.AsSpan(0, Length).CopyTo(sources);
        Return();
        (_chars, _sources) = (chars, sources);
    }

    private void Return()
    {
        if (_chars.Length == 0) { return; }
        ArrayPool<char>.Shared.Return(_chars);
        ArrayPool<int>.Shared.Return(_sources);
        (_chars, _sources) = ([], []);
    }
}
