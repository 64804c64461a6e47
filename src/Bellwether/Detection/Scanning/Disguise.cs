namespace Bellwether.Detection;

/// <summary>Undoes what was done to single letters of a folded word.</summary>
internal static class Disguise
{
    private const string LeetSigns = "0134578@$!|+";
    private const string LeetLetters = "oieastbasilt";

    public static void ReadLeet(Span<char> word)
    {
        foreach (ref var unit in word)
        {
            if (LeetSigns.IndexOf(unit, StringComparison.Ordinal) is >= 0 and var place)
            {
                unit = LeetLetters[place];
            }
        }
    }

    public static void ReadRot13(Span<char> word)
    {
        foreach (ref var unit in word)
        {
            if (unit is >= 'a' and <= 'z')
            {
                unit = (char)('a' + (unit - 'a' + 13) % 26);
            }
        }
    }
}
