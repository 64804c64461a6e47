namespace Bellwether.Detection;

/// <summary>
/// Groups of digits with short separators between them: <c>+1 (415) 555-2671</c>, <c>4000-0000-0000-0002</c>, <c>192.0.2.7</c>. Used again
/// for every number of a text: nine readers are asked for each group, and to hand each of them a copy costs as much as their answer.
/// </summary>
internal sealed class DigitRun
{
    private const int MostGroups = 24;
    private const int MostDigits = 160;
    // Longer groups are no number of a person.
    private const int LongestGroup = 24;

    private static readonly DigitGroup[] s_none = new DigitGroup[1];

    private readonly DigitGroup[] _groups = new DigitGroup[MostGroups];
    private readonly byte[] _digits = new byte[MostDigits];

    public int Count { get; private set; }

    /// <summary>An empty group behind the last one.</summary>
    public ref readonly DigitGroup this[int index] => ref (index < Count ? ref _groups[index] : ref s_none[0]);

    /// <summary>The digits of some groups as values.</summary>
    public ReadOnlySpan<byte> Digits(int first, int count)
    {
        ref readonly var last = ref _groups[first + count - 1];
        var start = _groups[first].First;
        return _digits.AsSpan(start, last.First + last.Length - start);
    }

    /// <summary>Reads on from a digit.</summary>
    /// <returns>Where the run ends.</returns>
    public int Read(ReadOnlySpan<char> text, int start)
    {
        Count = 0;
        var used = 0;
        var at = start;
        while (true)
        {
            var group = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }
            var length = at - group;
            if (length > LongestGroup || used + length > MostDigits || Count == MostGroups)
            {
                return Count == 0 ? at : group;
            }
            for (var i = group; i < at; i++)
            {
                _digits[used + i - group] = (byte)(text[i] - '0');
            }
            _groups[Count++] = new DigitGroup(group, length, used);
            used += length;
            // A letter at once behind a digit: the group belongs to a word, and whoever takes it must see that.
            var separator = at;
            while (separator < text.Length && separator - at < 3 && IsSeparator(text[separator]))
            {
                separator++;
            }
            if (separator == at || separator == text.Length || !char.IsAsciiDigit(text[separator]) || text[at..separator].StartsWith("  ", StringComparison.Ordinal))
            {
                return at;
            }
            _groups[Count - 1] = _groups[Count - 1] with { Separator = Main(text[at..separator]), Gap = separator - at };
            at = separator;
        }
    }

    // Of several signs the one that says most: ") " is a bracket, " - " a hyphen.
    private static char Main(ReadOnlySpan<char> signs)
    {
        foreach (var sign in signs)
        {
            if (sign is not (' ' or '\u00a0'))
            {
                return sign is '\u2010' or '\u2011' or '\u2012' or '\u2013' ? '-' : sign;
            }
        }
        return ' ';
    }

    private static bool IsSeparator(char c) => c is ' ' or '-' or '.' or '/' or '(' or ')' or '\u00a0' or '\u2010' or '\u2011' or '\u2012' or '\u2013';
}

/// <param name="First">Where its digits begin among all digits of the run.</param>
/// <param name="Separator">What stands between it and the next group; '\0' behind the last.</param>
/// <param name="Gap">How many signs stand there.</param>
internal readonly record struct DigitGroup(int Start, int Length, int First, char Separator = '\0', int Gap = 0)
{
    public int End => Start + Length;
}
