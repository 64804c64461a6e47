namespace Bellwether.Cli.Detectors;

/// <summary>Splits rows so that all of a family of sources are on one side: a random split would flatter.</summary>
internal static class Folds
{
    public const int Count = 5;

    /// <summary>
    /// Public sources in <see cref="Count"/> folds and each hand of our own texts in one behind them: what was written for this is in the
    /// shipped model, so that a public source that is left out shall be judged by a model that has read all of it.
    /// </summary>
    public static int[] AssignApart(IReadOnlyList<LabelledText> rows)
    {
        LabelledText[] found = [.. rows.Where(row => !row.Own)];
        var next = 0;
        var assigned = Assign(found);
        return [.. rows.Select(row => row.Own ? Count + row.Hand - 1 : assigned[next++])];
    }

    public static int[] Assign(IReadOnlyList<LabelledText> rows)
    {
        var foldOf = new Dictionary<string, int>();
        var load = new int[2, Count];
        // Large families first, each into the fold that has least of its kind so far.
        foreach (var family in rows.GroupBy(row => row.Family).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal))
        {
            var positives = family.Count(row => row.Positive);
            var kind = positives * 2 > family.Count() ? 1 : 0;
            var fold = Enumerable.Range(0, Count).MinBy(index => load[kind, index]);
            foldOf[family.Key] = fold;
            load[1, fold] += positives;
            load[0, fold] += family.Count() - positives;
        }
        return [.. rows.Select(row => foldOf[row.Family])];
    }
}
