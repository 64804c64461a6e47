namespace Bellwether.Cli.Detectors;

/// <summary>Rows with the score that a detector gave them, and the figures of them.</summary>
internal sealed class ScoredRows(IReadOnlyList<(LabelledAnswer Row, double Score)> rows)
{
    public int Count => rows.Count;

    public IReadOnlyList<(LabelledAnswer Row, double Score)> Rows => rows;

    /// <summary>Chance that a positive scores higher than a negative; ties count half.</summary>
    public double Auroc
    {
        get
        {
            double positives = 0, negatives = 0, area = 0;
            foreach (var tie in rows.GroupBy(row => row.Score).OrderBy(group => group.Key))
            {
                double up = tie.Count(row => row.Row.IsPositive), down = tie.Count() - up;
                area += up * (negatives + (down / 2));
                positives += up;
                negatives += down;
            }
            return positives == 0 || negatives == 0 ? double.NaN : area / (positives * negatives);
        }
    }

    public double Precision(double threshold) => Share(rows.Where(row => row.Score >= threshold), row => row.Row.IsPositive);

    public double Recall(double threshold) => Share(rows.Where(row => row.Row.IsPositive), row => row.Score >= threshold);

    public double FalsePositiveRate(double threshold) => Share(rows.Where(row => !row.Row.IsPositive), row => row.Score >= threshold);

    public double F1(double threshold)
    {
        var (precision, recall) = (Precision(threshold), Recall(threshold));
        return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
    }

    /// <summary>The highest threshold whose F1 is within a hundredth of the best, of those with so few false positives. For development rows only.</summary>
    public double BestThreshold(double mostFalsePositives)
    {
        var candidates = rows.Select(row => row.Score).Distinct().OrderDescending().Where(score => FalsePositiveRate(score) <= mostFalsePositives).Select(score => (Score: score, F1: F1(score))).ToArray();
        var best = candidates.Max(candidate => candidate.F1);
        return candidates.First(candidate => candidate.F1 >= best - 0.01).Score;
    }

    public ScoredRows Where(Func<LabelledAnswer, bool> which) => new([.. rows.Where(row => which(row.Row))]);

    public IEnumerable<string> Names(Func<LabelledAnswer, string> name) => rows.Select(row => name(row.Row)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>The usual columns at one threshold.</summary>
    public EvaluationRow ToRow(string task, string group, double threshold, (double? Auroc, double? F1, double? Fpr) goals = default) => new(task, group, Count)
    {
        Measures =
        [
            new("AUROC", Auroc) { Goal = Goal(">=", goals.Auroc) }, new("P", Precision(threshold)), new("R", Recall(threshold)),
            new("F1", F1(threshold)) { Goal = Goal(">=", goals.F1) }, new("FPR", FalsePositiveRate(threshold)) { Goal = Goal("<=", goals.Fpr) },
        ],
    };

    private static string? Goal(string sign, double? value) => value is { } goal ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{sign} {goal:0.00}") : null;

    private static double Share<T>(IEnumerable<T> items, Func<T, bool> which)
    {
        var (all, hits) = (0, 0);
        foreach (var item in items)
        {
            all++;
            hits += which(item) ? 1 : 0;
        }
        return all == 0 ? double.NaN : (double)hits / all;
    }
}
