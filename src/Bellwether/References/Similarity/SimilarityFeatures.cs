using Bellwether.Quality;

namespace Bellwether.References;

/// <summary>
/// What two texts share, as numbers that do not depend on which is the first nor on how long they are. Words count by how telling they are;
/// all are from 0 (nothing) to 1 (all), but for the two that say so.
/// </summary>
internal sealed class SimilarityFeatures(WordWeights weights)
{
    public static readonly string[] Names =
    [
        "paired", "paired_least", "paired_most", "unpaired", "pieces_of_three", "pieces_of_four", "stems", "letters_of_three", "letters_of_five",
        "content", "grammar", "pairs_of_stems", "order", "numbers", "denied", "lengths",
    ];

    private const int PairedAt = 0, PiecesAt = 4, OrderAt = 12, NumbersAt = 13;
    private const float Rounding = 1e-6f;
    // A fifth gave the best rank correlation with people's scores on the training texts.
    private const float WeightOfNumbers = 0.2f;

    // A word whose best partner is less alike than this has none.
    private const double LeastAlike = 0.5;

    /// <summary>False when there is a text without words: nothing can be said then.</summary>
    /// <param name="into">As long as <see cref="Names"/>.</param>
    public bool Of(string left, string right, Span<float> into)
    {
        var (a, b) = (ComparedText.Read(left, weights), ComparedText.Read(right, weights));
        if (a.Words.Count == 0 || b.Words.Count == 0) { return false; }
        var (forth, forthAlone, forthAll) = Paired(a.Words, b.Words);
        var (back, backAlone, backAll) = Paired(b.Words, a.Words);
        into[0] = (float)Math.Sqrt(forth * back);
        into[1] = (float)Math.Min(forth, back);
        into[2] = (float)Math.Max(forth, back);
        // The other way round: 1 when no word has a partner.
        into[3] = (float)((forthAlone + backAlone) / (forthAll + backAll));
        into[4] = Cosine(Pieces(a, 3), Pieces(b, 3));
        into[5] = Cosine(Pieces(a, 4), Pieces(b, 4));
        into[6] = Cosine(Stems(a), Stems(b));
        into[7] = Cosine(Letters(a, 3), Letters(b, 3));
        into[8] = Cosine(Letters(a, 5), Letters(b, 5));
        into[9] = Dice(Kinds(a, content: true), Kinds(b, content: true));
        into[10] = Dice(Kinds(a, content: false), Kinds(b, content: false));
        into[11] = Dice(Neighbours(a), Neighbours(b));
        into[12] = (float)(2.0 * LongestCommon(a.Order, b.Order) / (a.Order.Count + b.Order.Count));
        into[13] = SharedNumbers(a, b);
        // 1 when one of them denies what the other says.
        into[14] = a.Denies == b.Denies ? 0 : 1;
        into[15] = (float)Math.Min(a.Length, b.Length) / Math.Max(a.Length, b.Length);
        return true;
    }

    /// <summary>The measure that needs no training: paired words and three-letter pieces, less where numbers differ.</summary>
    public static double Fixed(ReadOnlySpan<float> numbers) =>
        (numbers[PairedAt] + numbers[PiecesAt]) / 2 * (1 - (WeightOfNumbers * (1 - numbers[NumbersAt])));

    /// <summary>Whether both texts are the same words in the same order.</summary>
    public static bool AreSame(ReadOnlySpan<float> numbers) => numbers[PiecesAt] >= 1 - Rounding && numbers[OrderAt] >= 1;

    private static (double Share, double Alone, double All) Paired(IReadOnlyList<WeightedWord> from, IReadOnlyList<WeightedWord> to)
    {
        var exact = to.Select(word => word.Text).ToHashSet(StringComparer.Ordinal);
        var stems = to.Select(word => word.Stem).ToHashSet();
        double hit = 0, alone = 0, all = 0;
        foreach (var word in from)
        {
            var weight = word.Weight * word.Count;
            var best = exact.Contains(word.Text) || stems.Contains(word.Stem) ? 1 : to.Max(other => Alike(word.Grams, other.Grams));
            all += weight;
            hit += weight * best;
            if (best < LeastAlike) { alone += weight; }
        }
        return (hit / all, alone, all);
    }

    // Dice's coefficient of two sorted lists.
    private static double Alike(int[] a, int[] b)
    {
        int i = 0, j = 0, same = 0;
        while (i < a.Length && j < b.Length)
        {
            if (a[i] == b[j]) { same++; i++; j++; }
            else if (a[i] < b[j]) { i++; }
            else { j++; }
        }
        return 2.0 * same / (a.Length + b.Length);
    }

    private static Dictionary<string, double> Pieces(ComparedText text, int length)
    {
        var pieces = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var word in text.Words)
        {
            var marked = "^" + word.Text + "$";
            for (var i = 0; i + length <= marked.Length; i++)
            {
                var piece = marked.Substring(i, length);
                pieces[piece] = pieces.GetValueOrDefault(piece) + (word.Weight * word.Count);
            }
        }
        return pieces;
    }

    private static Dictionary<uint, double> Stems(ComparedText text)
    {
        var stems = new Dictionary<uint, double>();
        foreach (var word in text.Words) { stems[word.Stem] = stems.GetValueOrDefault(word.Stem) + (word.Weight * word.Count); }
        return stems;
    }

    private static Dictionary<string, double> Letters(ComparedText text, int length)
    {
        var letters = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 0; i + length <= text.Letters.Length; i++)
        {
            var piece = text.Letters.Substring(i, length);
            letters[piece] = letters.GetValueOrDefault(piece) + 1;
        }
        return letters;
    }

    private static HashSet<uint> Kinds(ComparedText text, bool content) => [.. text.Words.Where(word => word.IsContent == content).Select(word => word.Stem)];

    private static HashSet<(uint, uint)> Neighbours(ComparedText text) => [.. text.Order.Zip(text.Order.Skip(1))];

    private static float Cosine<T>(Dictionary<T, double> a, Dictionary<T, double> b) where T : notnull
    {
        var dot = a.Sum(pair => pair.Value * b.GetValueOrDefault(pair.Key));
        var norms = Math.Sqrt(a.Values.Sum(value => value * value) * b.Values.Sum(value => value * value));
        return norms > 0 ? (float)(dot / norms) : 0;
    }

    private static float Dice<T>(HashSet<T> a, HashSet<T> b) => a.Count + b.Count == 0 ? 0 : 2f * a.Count(b.Contains) / (a.Count + b.Count);

    private static float SharedNumbers(ComparedText a, ComparedText b)
    {
        var (left, right) = (Numbers(a), Numbers(b));
        return left.Count + right.Count == 0 ? 1 : (float)left.Count(right.Contains) / left.Union(right).Count();

        static HashSet<uint> Numbers(ComparedText text) => [.. text.Words.Where(word => word.IsNumber).Select(word => word.Stem)];
    }

    // Longest common subsequence.
    private static int LongestCommon(IReadOnlyList<uint> a, IReadOnlyList<uint> b)
    {
        var (row, above) = (new int[b.Count + 1], new int[b.Count + 1]);
        foreach (var stem in a)
        {
            (row, above) = (above, row);
            for (var j = 0; j < b.Count; j++) { row[j + 1] = stem == b[j] ? above[j] + 1 : Math.Max(above[j + 1], row[j]); }
        }
        return row[b.Count];
    }
}
