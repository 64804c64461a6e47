using Bellwether.Detection;

namespace Bellwether.Quality;

/// <summary>Cuts a text into sentences, good enough for claims: at the stops of many scripts and at line ends.</summary>
internal static class Sentences
{
    // "Dr. Smith", "e.g. this": a stop behind these ends nothing.
    private static readonly string[] s_abbreviations = ["mr", "mrs", "ms", "dr", "st", "jr", "sr", "vs", "etc", "e.g", "i.e", "no", "inc", "ltd", "co", "u.s", "approx", "dept", "fig"];

    /// <summary>The sentences that hold a letter or digit, without the blanks around them.</summary>
    /// <param name="most">At most so many; the rest is in none.</param>
    public static List<TextSpan> Of(ReadOnlySpan<char> text, int most)
    {
        var sentences = new List<TextSpan>();
        Read(text, most, sentences);
        return sentences;
    }

    /// <summary>Adds what <see cref="Of"/> gives to an empty list.</summary>
    public static void Read(ReadOnlySpan<char> text, int most, List<TextSpan> sentences)
    {
        var start = 0;
        for (var i = 0; i < text.Length && sentences.Count < most; i++)
        {
            if (IsEnd(text, i, start))
            {
                Add(text, start, i + 1, sentences);
                start = i + 1;
            }
        }
        if (sentences.Count < most) { Add(text, start, text.Length, sentences); }
    }

    private static bool IsEnd(ReadOnlySpan<char> text, int at, int start)
    {
        var c = text[at];
        if (c is '\n' or '。' or '！' or '？' or '।' or '؟') { return true; }
        if (c is not ('.' or '!' or '?')) { return false; }
        if (at + 1 < text.Length && !char.IsWhiteSpace(text[at + 1]) && text[at + 1] is not ('"' or '”' or ')' or '\'')) { return false; }
        if (c != '.') { return true; }
        var word = text[start..at];
        word = word[(word.LastIndexOfAny(' ', '\n', '(') + 1)..];
        // Initials and the numbers of lists.
        if (word.Length == 1 && (char.IsUpper(word[0]) || char.IsAsciiDigit(word[0]))) { return false; }
        foreach (var abbreviation in s_abbreviations)
        {
            if (word.Equals(abbreviation, StringComparison.OrdinalIgnoreCase)) { return false; }
        }
        return true;
    }

    private static void Add(ReadOnlySpan<char> text, int start, int end, List<TextSpan> into)
    {
        while (start < end && (char.IsWhiteSpace(text[start]) || text[start] is '-' or '*' or '•' or '#')) { start++; }
        while (end > start && char.IsWhiteSpace(text[end - 1])) { end--; }
        foreach (var c in text[start..end])
        {
            if (char.IsLetterOrDigit(c))
            {
                into.Add(new(start, end));
                return;
            }
        }
    }
}
