using System.Buffers;

namespace Bellwether.Detection;

/// <summary>
/// A text reduced to what survives respacing, bullets, shouting and disguised letters: the <see cref="LetterShapes"/> of its letters and digits, without anything
/// between them, each with the place that it came from. Characters of scripts without spaces count twice, since one of
/// them says about as much as two letters. Grows piece by piece; the arrays come from a pool.
/// </summary>
internal sealed class CompactText
{
    private char[] _chars = [];
    private int[] _sources = [];
    // The first half of a character whose second half is in the next piece.
    private char _half;

    public int Length { get; private set; }

    public ReadOnlySpan<char> Chars => _chars.AsSpan(0, Length);

    /// <summary>For each of <see cref="Chars"/> what <see cref="Source"/> says.</summary>
    public ReadOnlySpan<int> Sources => _sources.AsSpan(0, Length);

    /// <summary>UTF-16 index, in all pieces together, of the character that became the one at <paramref name="at"/>.</summary>
    public int Source(int at) => _sources[at];

    public void Clear() => (Length, _half) = (0, '\0');

    /// <param name="places">For each character of the piece its place in the whole text.</param>
    public void Append(ReadOnlySpan<char> piece, ReadOnlySpan<int> places)
    {
        var from = Length;
        Append(piece, 0);
        foreach (ref var source in _sources.AsSpan(from, Length - from)) { source = places[Math.Max(source, 0)]; }
    }

    /// <param name="offset">Where the piece begins in the whole text.</param>
    public void Append(ReadOnlySpan<char> piece, int offset)
    {
        Reserve(Length + (2 * piece.Length) + 1);
        var (chars, sources, length) = (_chars, _sources, Length);
        var ascii = LetterShapes.Ascii;
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
            var source = offset + i;
            var shape = LetterShapes.Of(unit);
            if (char.IsHighSurrogate(unit)) { _half = unit; }
            else if (char.IsLowSurrogate(unit) && _half != 0)
            {
                shape = OfPair(char.ConvertToUtf32(_half, unit));
                source--;
                _half = '\0';
            }
            if (shape == 0) { continue; }
            chars[length] = shape;
            sources[length++] = source;
            if (shape >= '\u2E80')
            {
                chars[length] = shape;
                sources[length++] = source;
            }
        }
        Length = length;
    }

    // 𝐘𝐨𝐮, 🅨🅞🅤, and the tag characters that show nothing.
    private static char OfPair(int codePoint) =>
        SupplementaryLetters.IsTag(codePoint) ? LetterShapes.Of((char)(codePoint & 0x7F))
        : SupplementaryLetters.TryRead(codePoint, out var letter) ? LetterShapes.Of(letter) : '\0';

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
