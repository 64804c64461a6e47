namespace Bellwether.Cli.Detectors;

/// <summary>Measures of a list of scores with their labels.</summary>
internal static class Scores
{
    /// <summary>The chance that a positive scores above a negative; ties count half. Not a number without both.</summary>
    public static double Auroc(IReadOnlyList<(double Score, bool Positive)> rows)
    {
        var ordered = rows.OrderBy(row => row.Score).ToArray();
        double ranks = 0;
        long positives = 0;
        for (var start = 0; start < ordered.Length;)
        {
            var end = start;
            while (end < ordered.Length && ordered[end].Score == ordered[start].Score)
            {
                end++;
            }
            var tied = ordered.AsSpan(start, end - start);
            foreach (var (_, positive) in tied)
            {
                if (positive)
                {
                    ranks += (start + end + 1) / 2.0;
                    positives++;
                }
            }
            start = end;
        }
        var negatives = ordered.Length - positives;
        return positives == 0 || negatives == 0 ? double.NaN : (ranks - (positives * (positives + 1) / 2.0)) / ((double)positives * negatives);
    }

    /// <summary>The lowest threshold at which at most this share of the negatives is found.</summary>
    public static double ThresholdAt(IEnumerable<double> negatives, double falsePositiveRate)
    {
        var ordered = negatives.OrderDescending().ToArray();
        var allowed = (int)(ordered.Length * falsePositiveRate);
        return ordered.Length == 0 || allowed >= ordered.Length ? 0.5 : Math.BitIncrement(ordered[allowed]);
    }

    public static double Share<T>(IReadOnlyCollection<T> rows, Func<T, bool> counts) => rows.Count == 0 ? double.NaN : (double)rows.Count(counts) / rows.Count;
}
