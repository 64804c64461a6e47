using Bellwether.References;

namespace Bellwether.Cli.Detectors;

/// <summary>The similarity of reference answers against people's scores of 0 to 5 (STS). It has no model; the weights of words are the validators'.</summary>
internal static class SimilarityEvaluation
{
    public static IEnumerable<EvaluationRow> Run(string dataFolder)
    {
        var similarity = LexicalSimilarity.Load();
        foreach (var file in (string[])["dev", "train"])
        {
            var rows = LabelledAnswer.Read(dataFolder, "similarity", file + ".jsonl").Where(row => row.Category == "sts_score_0_5").Select(row => (row.Source, Score: similarity.Of(row.Text, row.Text2), row.Label)).ToList();
            yield return Row($"{file}: English", [.. rows.Where(row => row.Source != "stsb-de-train").Select(row => (row.Score, row.Label))], ">= 0.75");
            foreach (var source in rows.GroupBy(row => row.Source)) { yield return Row($"{file}: {source.Key}", [.. source.Select(row => (row.Score, row.Label))], null); }
        }
    }

    private static EvaluationRow Row(string group, List<(double Score, double Label)> rows, string? goal) =>
        new("similarity", group, rows.Count) { Measures = [new Measure("Spearman", Spearman(rows)) { Goal = goal }] };

    // Pearson's coefficient of the ranks; equal values share the mean of theirs.
    private static double Spearman(List<(double Score, double Label)> rows)
    {
        var (a, b) = (Ranks([.. rows.Select(row => row.Score)]), Ranks([.. rows.Select(row => row.Label)]));
        var mean = (rows.Count - 1) / 2.0;
        double both = 0, left = 0, right = 0;
        for (var i = 0; i < a.Length; i++)
        {
            both += (a[i] - mean) * (b[i] - mean);
            left += (a[i] - mean) * (a[i] - mean);
            right += (b[i] - mean) * (b[i] - mean);
        }
        return both / Math.Sqrt(left * right);
    }

    private static double[] Ranks(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Length];
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end + 1 < order.Length && values[order[end + 1]] == values[order[start]]) { end++; }
            for (var i = start; i <= end; i++) { ranks[order[i]] = (start + end) / 2.0; }
            start = end + 1;
        }
        return ranks;
    }
}
