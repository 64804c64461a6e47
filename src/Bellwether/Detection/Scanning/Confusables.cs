namespace Bellwether.Detection;

/// <summary>Letters of other scripts that look like Latin ones, after folding (Unicode TR 39, the part that is used in words).</summary>
internal static class Confusables
{
    private const string Look = "аеорсухіјѕһԁԛԝкмтвнгпилзьαοερτυχικνηωβγδμσ";
    private const string Latin = "aeopcyxijshdqwkmtbhrnnl3baoeptuxiknnwbydms";

    /// <summary>True for Cyrillic and Greek.</summary>
    public static bool IsForeign(char unit) => unit is >= '\u0370' and <= '\u052F';

    /// <summary>The Latin letter that a Cyrillic or Greek one looks like, and every other character itself.</summary>
    public static char Read(char unit) => IsForeign(unit) && Look.IndexOf(unit, StringComparison.Ordinal) is >= 0 and var place ? Latin[place] : unit;

    /// <summary>Rewrites a word of Latin letters among which foreign ones hide.</summary>
    public static void Fold(Span<char> word)
    {
        for (var index = 0; index < word.Length; index++)
        {
            word[index] = Read(word[index]);
        }
    }
}
