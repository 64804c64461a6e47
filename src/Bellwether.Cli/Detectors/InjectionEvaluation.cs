using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary>Measures the shipped injection detector on dev, and the method with folds by source on train.</summary>
internal static class InjectionEvaluation
{
    private const string Dev = "injection: dev", Sources = "injection: folds by source on train", Unseen = "injection: our own texts that are never trained on", Peers = "injection: others (measured on other sources)";

    public static IEnumerable<EvaluationRow> Run(string dataFolder, InjectionModel model)
    {
        var detector = new InjectionDetector(model);
        var dev = Score(LabelledText.Read(Path.Combine(dataFolder, "injection", "dev.jsonl")));
        var folds = new InjectionTrainer(dataFolder).CrossValidate(out _, out _);
        return [.. Table(Dev, dev, model), .. Table(Sources, folds, model), .. Table(Unseen, Score(UnseenTexts.All), model), .. PeerRows()];

        List<ScoredText> Score(IEnumerable<LabelledText> rows) => [.. rows.Select(row => new ScoredText(row, detector.Check(new DetectorInput(row.Text, row.Channel)).Score))];
    }

    private static IEnumerable<EvaluationRow> Table(string task, List<ScoredText> rows, InjectionModel model)
    {
        yield return Row(task, "**all**", rows, model, "0.90");
        yield return Row(task, "**all without our own texts**", [.. rows.Where(row => !row.Row.Own)], model, null);
        yield return Row(task, "**prompts**", [.. rows.Where(row => row.Row.Channel == TextChannel.User && !row.Row.Own)], model, null);
        yield return Row(task, "**documents**", [.. rows.Where(row => row.Row.Channel == TextChannel.Document && !row.Row.Own)], model, "0.82");
        foreach (var group in rows.GroupBy(row => row.Row.Source + ": " + row.Row.Category.Split(':')[0] + (row.Row.Channel == TextChannel.User ? "" : $" ({row.Row.Channel.ToString().ToLowerInvariant()})"))
            .OrderBy(group => group.First().Row.Positive).ThenBy(group => group.Key, StringComparer.Ordinal))
        {
            yield return Row(task, group.Key, [.. group], model, null);
        }
    }

    private static EvaluationRow Row(string task, string group, List<ScoredText> rows, InjectionModel model, string? goal)
    {
        List<ScoredText> positives = [.. rows.Where(row => row.Row.Positive)], negatives = [.. rows.Where(row => !row.Row.Positive)];
        double found = positives.Count(Flagged), wrong = negatives.Count(Flagged);
        var both = positives.Count > 0 && negatives.Count > 0;
        var precision = found / (found + wrong);
        var recall = found / positives.Count;
        return new EvaluationRow(task, group, rows.Count)
        {
            Measures =
            [
                new("P", both ? precision : double.NaN), new("R", recall), new("F1", both ? 2 * precision * recall / (precision + recall) : double.NaN), new("FPR", wrong / negatives.Count),
                new("AUROC", Scores.Auroc([.. rows.Select(row => (row.Score, row.Row.Positive))])) { Goal = goal },
            ],
        };

        bool Flagged(ScoredText row) => model.ThresholdsOf(row.Row.Channel).Judge(row.Score) != DetectorVerdict.Pass;
    }

    private static IEnumerable<EvaluationRow> PeerRows() =>
    [
        Peer("the article's regexes", 0.97, 0.06, 0.12, 0.001, double.NaN), Peer("@andersmyrmel/vard 1.2.0", 0.66, 0.17, 0.28, 0.059, 0.56),
        Peer("@presidio-dev/hai-guardrails 1.12.0 (pattern)", 0.76, 0.10, 0.17, 0.020, 0.54), Peer("llm-guard (npm) 0.1.9", 0.53, 0.37, 0.44, 0.218, 0.59),
        Peer("llm_guardrail 2.1.2", 0.56, 0.51, 0.53, 0.267, 0.66),
    ];

    private static EvaluationRow Peer(string name, double precision, double recall, double f1, double falsePositives, double auroc) => new(Peers, name, 0)
    {
        Measures = [new("P", precision), new("R", recall), new("F1", f1), new("FPR", falsePositives), new("AUROC", auroc)],
    };
}
