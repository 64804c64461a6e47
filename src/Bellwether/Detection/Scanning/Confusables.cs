namespace Bellwether.Detection;

/// <summary>Letters of other scripts that look like Latin ones, after folding (Unicode TR 39, the part that is used in words).</summary>
internal static class Confusables
{
    private const string Look = "аеорсухіјѕһԁԛԝкмтвнгпилзьαοερτυχικνηωβγδμσ";
    private const string Read = "aeopcyxijshdqwkmtbhrnnl3baoeptuxiknnwbydms";

    /// <summary>True for Cyrillic and Greek.</summary>
    public static bool IsForeign(char unit) => unit is >= '\u0370' and <= '\u052F';

    /// <summary>Rewrites a word of Latin letters among which foreign ones hide.</summary>
    public static void Fold(Span<char> word)
    {
        for (var index = 0; index < word.Length; index++)
        {
            if (IsForeign(word[index]) && Look.IndexOf(word[index], StringComparison.Ordinal) is >= 0 and var place)
            {
                word[index] = Read[place];
            }
        }
    }
}
