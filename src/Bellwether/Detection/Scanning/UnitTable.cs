namespace Bellwether.Detection;

/// <summary>All that <see cref="CharTable"/> and its readers ask of a UTF-16 unit in one number, so that one look answers it: what it is read as in the low half, what it is in the high one.</summary>
internal static class UnitTable
{
    /// <summary>A letter or a digit; digits are read as '0'.</summary>
    public const uint Word = 1 << 16;
    /// <summary>A letter that is read as a to z.</summary>
    public const uint Latin = 1 << 17;
    /// <summary>A letter that looks like one of a to z and is not.</summary>
    public const uint Foreign = 1 << 18;
    /// <summary>An apostrophe: a sign, and between letters a part of their word.</summary>
    public const uint Joins = 1 << 19;

    // Those of letters and digits count in their word: six bits for letters, six for digits, as many as the longest word has.
    public const int Counts = 20;
    public const uint Letters = 63, Digits = 63 << 6;

    // Those of the others.
    public const uint Ideograph = 1 << 20, Sign = 1 << 21, Blank = 1 << 22, Break = 1 << 23, Invisible = 1 << 24, Surrogate = 1 << 25;
    /// <summary>A sign that may end a sentence.</summary>
    public const uint Ends = 1 << 26;
    /// <summary>A question mark.</summary>
    public const uint Asks = 1 << 27;
    /// <summary>Behind it a clause goes on: a comma, a hyphen. Behind an apostrophe, too, which has no bit but its own.</summary>
    public const uint GoesOn = 1 << 28;

    private static readonly uint[] s_units = [.. Enumerable.Range(0, 65536).Select(static code => Of((char)code))];

    public static ReadOnlySpan<uint> Units => s_units;

    /// <summary>For a reading of leetspeak: what may stand for a letter in it is as odd as half a character, and left to who knows.</summary>
    public static ReadOnlySpan<uint> LeetUnits => Leet.Units;

    // Made when the first text needs it: most never do.
    private static class Leet
    {
        public static readonly uint[] Units = [.. Enumerable.Range(0, 65536).Select(static code => CharTable.Classes[code] == CharClass.Digit || (char)code is '@' or '$' or '!' or '|' or '+' ? Surrogate : s_units[code])];
    }

    private static uint Of(char unit)
    {
        var fold = CharTable.Folds[unit];
        return CharTable.Classes[unit] switch
        {
            CharClass.Letter => fold | Word | (1u << Counts) | (fold is >= 'a' and <= 'z' ? Latin : Confusables.IsForeign(fold) ? Foreign : 0),
            CharClass.Digit => '0' | Word | (1u << (Counts + 6)),
            CharClass.Ideograph => fold | Ideograph,
            CharClass.Other when fold == '\'' => fold | Joins,
            CharClass.Other => fold | Sign | (TokenScanner.MayEndSentence(fold) ? Ends : 0) | (fold is '?' or '？' or '؟' ? Asks : 0) | (fold is ',' or '-' or '/' or '_' or '、' ? GoesOn : 0),
            CharClass.Space => fold | Blank,
            CharClass.Break => fold | Blank | Break,
            CharClass.Invisible => fold | Invisible,
            CharClass.Surrogate => fold | Surrogate,
            _ => throw new ArgumentOutOfRangeException(nameof(unit)),
        };
    }
}
