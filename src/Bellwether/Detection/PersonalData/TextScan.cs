using System.Buffers;

namespace Bellwether.Detection;

/// <summary>One walk over a text: where it is, what it found, and how much costly work it may still do.</summary>
internal ref struct TextScan(ReadOnlySpan<char> text, FindingBuffer found)
{
    /// <summary>Parts of a text that have nothing to do with each other are kept apart by this; no word beside a number counts across it.</summary>
    public const char Wall = '\u001e';

    public const int ContextReach = 40;

    private static readonly SearchValues<char> s_word = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_");
    private static readonly SearchValues<char> s_token = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-");

    // Most words are short, and a search costs more to begin than to do: the first signs are looked at one by one.
    private const int Near = 8;
    private const byte OfWords = 1, OfTokens = 2;
    private static readonly byte[] s_kinds = [.. Enumerable.Range(0, 128).Select(static code => (byte)((s_word.Contains((char)code) ? OfWords : 0) | (s_token.Contains((char)code) ? OfTokens : 0)))];

    public readonly ReadOnlySpan<char> Text = text;
    public readonly FindingBuffer Found = found;

    /// <summary>Everything before this place is dealt with; readers never look for a start before it.</summary>
    public int Floor;

    public const int Unknown = -2;

    /// <summary>The column of a table that holds dates of birth; -1 when there is none.</summary>
    public int BirthColumn = Unknown;
    public char BirthSeparator;

    /// <summary>True for text that was decoded out of another.</summary>
    public bool IsInside;

    /// <summary>Hashes that may still be computed. A hostile text full of almost-addresses runs out of it; what looks like one then counts as one.</summary>
    public int Hashes = 2_000;

    public readonly char At(int index) => (uint)index < (uint)Text.Length ? Text[index] : '\0';

    public readonly void Add(PersonalDataType type, int start, int end, float confidence) => Found.Add(type, start, end, confidence);

    public readonly int WordEnd(int index) => End(index, OfWords, s_word, Text.Length);

    public readonly int TokenEnd(int index) => End(index, OfTokens, s_token, Text.Length);

    /// <summary>The end of a token that is only looked at, not read: a reader that goes on before it would look at the same megabyte again and again.</summary>
    public readonly int TokenEnd(int index, int most) => End(index, OfTokens, s_token, Math.Min(Text.Length, index + most));

    public readonly int WordStart(int index) => Start(index, OfWords, s_word);

    public readonly int TokenStart(int index) => Start(index, OfTokens, s_token);

    /// <summary>What stands within reach before a place.</summary>
    public readonly ReadOnlySpan<char> Before(int index, int reach = ContextReach)
    {
        var start = Math.Max(0, index - reach);
        var before = Text[start..index];
        return before[(before.LastIndexOf(Wall) + 1)..];
    }

    /// <summary>What stands within reach behind a place.</summary>
    public readonly ReadOnlySpan<char> After(int index, int reach = ContextReach)
    {
        var after = Text[index..Math.Min(Text.Length, index + reach)];
        return after.IndexOf(Wall) is var wall and >= 0 ? after[..wall] : after;
    }

    public readonly bool HasBefore(int index, WordSet words, int reach = ContextReach) =>
        !IsQuiet(Math.Max(0, index - reach), index, WordSet.NoWord, ref Found.Quiet.Wordless) && words.IsIn(Before(index, reach));

    public readonly bool HasNear(int start, int end, WordSet words) =>
        HasBefore(start, words) || (!IsQuiet(end, Math.Min(Text.Length, end + 24), WordSet.NoWord, ref Found.Quiet.Wordless) && words.IsIn(After(end, 24)));

    /// <summary>Whether a stretch has only signs of a kind. In a table of numbers that is asked of every number several times, and the answer is the same for all of it.</summary>
    /// <param name="known">What is known of the last stretch that was asked for; the same for each kind.</param>
    public readonly bool IsQuiet(int start, int end, SearchValues<char> quiet, ref QuietStretch known)
    {
        if (start > known.End)
        {
            known = new(start, Text[start..].IndexOfAnyExcept(quiet) is var next and >= 0 ? start + next : Text.Length);
        }
        if (end > known.End || (start < known.Start && Text[start..Math.Min(end, known.Start)].ContainsAnyExcept(quiet)))
        {
            return false;
        }
        known = end >= known.Start && start < known.Start ? known with { Start = start } : known;
        return true;
    }

    private readonly int End(int index, byte kind, SearchValues<char> of, int limit)
    {
        var (end, near) = (index, Math.Min(limit, index + Near));
        while (end < near && Is(Text[end], kind)) { end++; }
        if (end == near && end < limit)
        {
            end = Text[end..limit].IndexOfAnyExcept(of) is var length and >= 0 ? end + length : limit;
        }
        Found.Looked += end - index;
        return end;
    }

    private readonly int Start(int index, byte kind, SearchValues<char> of)
    {
        var (start, near) = (index, Math.Max(Floor, index - Near));
        while (start > near && Is(Text[start - 1], kind)) { start--; }
        if (start == near && start > Floor)
        {
            start = Text[Floor..start].LastIndexOfAnyExcept(of) + 1 + Floor;
        }
        Found.Looked += index - start;
        return start;
    }

    private static bool Is(char sign, byte kind) => sign < s_kinds.Length && (s_kinds[sign] & kind) != 0;
}

/// <summary>A stretch without some signs; at its end stands one of them, or the text's end.</summary>
internal readonly record struct QuietStretch(int Start, int End)
{
    /// <summary>Nothing is known.</summary>
    public static QuietStretch None { get; } = new(-1, -1);
}

/// <summary>What was found out about the surroundings of numbers while a text is walked.</summary>
internal struct QuietStretches()
{
    /// <summary>Without a letter of any script.</summary>
    public QuietStretch Wordless = QuietStretch.None;

    /// <summary>With nothing but digits and what stands between numbers.</summary>
    public QuietStretch Tabular = QuietStretch.None;

    /// <summary>With nothing but digits and blanks.</summary>
    public QuietStretch Digits = QuietStretch.None;
}
