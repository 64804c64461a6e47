using System.Text;
using Bellwether.Quality;

namespace Bellwether.References;

/// <summary>A text made ready to be compared: its different words with their weights, and its words in order.</summary>
internal sealed class ComparedText
{
    // Longer texts are compared by this many different words, the most telling ones, and by as many of the first in their order: pairing takes the
    // product of both counts.
    private const int MostWords = 300;
    private const int MostChars = 64;

    private const int MostLetters = 4_000;

    private ComparedText(List<WeightedWord> words, List<uint> order, string letters, bool denies)
    {
        Words = words;
        Order = order;
        Letters = letters;
        Denies = denies;
    }

    /// <summary>Different words, most telling first.</summary>
    public IReadOnlyList<WeightedWord> Words { get; }

    /// <summary>Stems of the first words as they stand.</summary>
    public IReadOnlyList<uint> Order { get; }

    /// <summary>The beginning of the text in lower case, one space around each word.</summary>
    public string Letters { get; }

    /// <summary>Whether it says no, not or the like an odd number of times.</summary>
    public bool Denies { get; }

    public int Length => Words.Sum(word => word.Count);

    public static ComparedText Read(string text, WordWeights weights)
    {
        var words = new Dictionary<string, WeightedWord>(StringComparer.Ordinal);
        var (order, letters, denies) = (new List<uint>(), new StringBuilder(" "), false);
        foreach (var word in WordList.Of(text).Words)
        {
            var lower = text.Substring(word.Start, Math.Min(word.Length, MostChars)).ToLowerInvariant();
            words[lower] = words.TryGetValue(lower, out var known)
                ? known with { Count = known.Count + 1 }
                : new WeightedWord(lower, word.Stem, weights.Of(word.Stem), weights.IsContent(word), 1, Grams(lower), word.Kind.HasFlag(WordKind.Number));
            if (order.Count < MostWords) { order.Add(word.Stem); }
            if (letters.Length < MostLetters) { letters.Append(lower).Append(' '); }
            denies ^= Negations.Has(lower);
        }
        return new ComparedText([.. words.Values.OrderByDescending(word => word.Weight).ThenBy(word => word.Text, StringComparer.Ordinal).Take(MostWords)], order, letters.ToString(), denies);
    }

    // Pieces of two to four characters, ends marked, as sorted hashes.
    private static int[] Grams(string word)
    {
        var text = "^" + word + "$";
        var grams = new HashSet<int>();
        for (var length = 2; length <= 4; length++)
        {
            for (var i = 0; i + length <= text.Length; i++)
            {
                var hash = length;
                for (var k = i; k < i + length; k++) { hash = unchecked((hash * 16_777_619) ^ text[k]); }
                grams.Add(hash);
            }
        }
        return [.. grams.Order()];
    }
}

/// <param name="Text">In lower case.</param>
/// <param name="Stem">"two" and 2 have one.</param>
/// <param name="Grams">Sorted hashes of its pieces.</param>
internal sealed record WeightedWord(string Text, uint Stem, double Weight, bool IsContent, int Count, int[] Grams, bool IsNumber);

/// <summary>Words that turn a sentence into its opposite, in English, German, French, Spanish and Italian.</summary>
internal static class Negations
{
    private static readonly HashSet<string> s_words = new(StringComparer.Ordinal)
    {
        "no", "not", "never", "none", "nobody", "nothing", "neither", "nor", "without", "cannot", "kein", "keine", "keinen", "keiner", "nicht", "nie", "niemals", "niemand", "nichts", "ohne",
        "pas", "jamais", "aucun", "aucune", "sans", "rien", "nunca", "ningún", "ninguna", "sin", "nada", "non", "mai", "nessuno", "nessuna", "senza",
    };

    public static bool Has(string word) => s_words.Contains(word) || word.EndsWith("n't", StringComparison.Ordinal) || word.EndsWith("n’t", StringComparison.Ordinal);
}
