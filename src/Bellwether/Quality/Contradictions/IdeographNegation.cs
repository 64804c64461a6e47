namespace Bellwether.Quality;

/// <summary>Negations of scripts without spaces between words, where they are parts of words.</summary>
internal static class IdeographNegation
{
    private static readonly string[] s_negations = ["ません", "ない", "なかった", "せず", "않", "없", "ไม่"];
    private static readonly string[] s_harmless = ["不仅", "不但", "不同", "不过", "不少", "不断", "非常", "無料", "无论", "不久", "だけでなく", "ではないか"];

    public static bool Of(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyExceptInRange('\0', '\u0dff') < 0) { return false; }
        foreach (var negation in s_negations)
        {
            if (text.Contains(negation, StringComparison.Ordinal)) { return true; }
        }
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is '不' or '没' or '沒' or '未' or '无' or '無' && !IsHarmless(text[at..])) { return true; }
        }
        return false;
    }

    private static bool IsHarmless(ReadOnlySpan<char> text)
    {
        foreach (var word in s_harmless)
        {
            if (text.StartsWith(word)) { return true; }
        }
        return false;
    }
}
