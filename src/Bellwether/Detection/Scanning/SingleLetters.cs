namespace Bellwether.Detection;

/// <summary>What an ASCII sign is where letters and digits stand alone, each with a sign or a blank behind it.</summary>
internal static class SingleLetters
{
    /// <summary>A letter.</summary>
    public const int Letter = 1;
    /// <summary>A letter or a digit.</summary>
    public const int Any = 2;
    /// <summary>Behind it ends a word: not so behind what joins letters, as an apostrophe does.</summary>
    public const int Ends = 4;

    private static readonly byte[] s_kinds = [.. Enumerable.Range(0, 128).Select(static code => (byte)Kind((char)code))];

    /// <param name="unit">Below 128.</param>
    public static int Of(char unit) => s_kinds[unit];

    private static int Kind(char unit) => CharTable.Classes[unit] switch
    {
        CharClass.Letter => Letter | Any,
        CharClass.Digit => Any,
        CharClass.Other or CharClass.Space or CharClass.Break => CharTable.Folds[unit] == '\'' ? 0 : Ends,
        _ => 0,
    };
}
