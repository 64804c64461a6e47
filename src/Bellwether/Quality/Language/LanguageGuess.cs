using System.Collections.Frozen;
using Bellwether.Detection;

namespace Bellwether.Quality;

/// <summary>
/// Tells which language a text is in: by its script where that is enough, else by the most frequent short words and letters of
/// two dozen languages. Says nothing of texts that are too short or mixed.
/// </summary>
internal static class LanguageGuess
{
    private const int MostChars = 2_000;
    private const int MostLanguages = 32;
    private const int LongestWord = 24;
    private static readonly FrozenDictionary<uint, uint> s_words = Profiles.Words;

    /// <returns>The ISO 639-1 code, or null when it cannot be told.</returns>
    public static string? Of(ReadOnlySpan<char> text)
    {
        Span<int> scripts = stackalloc int[(int)Script.Most];
        Span<float> votes = stackalloc float[MostLanguages];
        int letters = 0, latin = 0, words = 0, length = 0, hits = 0;
        var hash = WordList.FnvBasis;
        for (var i = 0; i <= Math.Min(text.Length, MostChars); i++)
        {
            var c = i < text.Length && i < MostChars ? text[i] : ' ';
            if (char.IsAsciiLetter(c))
            {
                latin++;
                length++;
                hash = (hash ^ (c | 0x20u)) * WordList.FnvPrime;
                continue;
            }
            if (c >= 128 && (char.IsLetter(c) || (c >= 0x0900 && c <= 0x0E7F)))
            {
                letters++;
                scripts[(int)ScriptOf(c)]++;
                length++;
                hash = (hash ^ LetterCase.Lower(c)) * WordList.FnvPrime;
                Profiles.Letter(c, votes);
                continue;
            }
            if (length == 0) { continue; }
            words++;
            if (length < LongestWord && s_words.TryGetValue(hash, out var languages))
            {
                hits++;
                // A word of many languages says little of each.
                var share = 1f / System.Numerics.BitOperations.PopCount(languages);
                for (; languages != 0; languages &= languages - 1) { votes[System.Numerics.BitOperations.TrailingZeroCount(languages)] += share; }
            }
            (length, hash) = (0, WordList.FnvBasis);
        }
        letters += latin;
        scripts[(int)Script.Latin] += latin;
        if (letters < 2) { return null; }
        if (ByScript(scripts, letters) is { } certain) { return certain; }
        return ByVotes(votes, words, hits);
    }

    /// <summary>The script that nearly all of a text of some length is written in; null when there is none. Chinese and Japanese signs are one.</summary>
    public static string? WritingOf(ReadOnlySpan<char> text)
    {
        const int fewest = 12;
        Span<int> scripts = stackalloc int[(int)Script.Most];
        var letters = 0;
        foreach (var c in text[..Math.Min(text.Length, MostChars)])
        {
            if (!char.IsLetter(c)) { continue; }
            letters++;
            var script = c < 128 ? Script.Latin : ScriptOf(c);
            scripts[(int)(script == Script.Kana ? Script.Han : script)]++;
        }
        for (var i = 0; letters >= fewest && i < scripts.Length; i++)
        {
            if (scripts[i] * 10 >= letters * 9) { return ((Script)i).ToString(); }
        }
        return null;
    }

    /// <summary>Whether two languages are one, or so near that short texts are easily taken for each other.</summary>
    public static bool AreClose(string a, string b) => a == b || (a, b) is ("da", "no") or ("no", "da") or ("cs", "sk") or ("sk", "cs") or ("es", "pt") or ("pt", "es") or ("ru", "uk") or ("uk", "ru") or ("ru", "bg") or ("bg", "ru");

    private static string? ByVotes(ReadOnlySpan<float> votes, int words, int hits)
    {
        int best = 0, second = -1;
        for (var i = 1; i < Profiles.Codes.Length; i++)
        {
            if (votes[i] > votes[best]) { (second, best) = (best, i); }
            else if (second < 0 || votes[i] > votes[second]) { second = i; }
        }
        // Names and code hold a few short words by chance.
        return words >= 4 && hits >= 2 && votes[best] >= 1.2 && votes[best] >= words * 0.06 && votes[best] > 1.25 * votes[second] ? Profiles.Codes[best] : null;
    }

    private static string? ByScript(ReadOnlySpan<int> scripts, int letters)
    {
        var most = 0;
        for (var i = 1; i < scripts.Length; i++)
        {
            if (scripts[i] > scripts[most]) { most = i; }
        }
        if (scripts[(int)Script.Kana] * 12 > letters && scripts[(int)Script.Kana] + scripts[(int)Script.Han] > letters / 2) { return "ja"; }
        if (scripts[most] * 2 < letters) { return null; }
        return (Script)most switch
        {
            Script.Han => "zh", Script.Kana => "ja", Script.Hangul => "ko", Script.Greek => "el", Script.Hebrew => "he", Script.Thai => "th", Script.Devanagari => "hi", Script.Bengali => "bn", Script.Tamil => "ta", _ => null,
        };
    }

    private static Script ScriptOf(char c) => c switch
    {
        < '\u0370' => Script.Latin,
        < '\u0400' => Script.Greek,
        < '\u0530' => Script.Cyrillic,
        >= '\u0590' and < '\u0600' => Script.Hebrew,
        >= '\u0600' and < '\u0780' => Script.Arabic,
        >= '\u0900' and < '\u0980' => Script.Devanagari,
        >= '\u0980' and < '\u0A00' => Script.Bengali,
        >= '\u0B80' and < '\u0C00' => Script.Tamil,
        >= '\u0E00' and < '\u0E80' => Script.Thai,
        >= '\u3040' and < '\u3100' => Script.Kana,
        >= '\u4E00' and < '\uA000' => Script.Han,
        >= '\uAC00' and < '\uD7B0' => Script.Hangul,
        _ => Script.Other,
    };

    private enum Script { Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari, Bengali, Tamil, Thai, Kana, Han, Hangul, Other, Most }
}
