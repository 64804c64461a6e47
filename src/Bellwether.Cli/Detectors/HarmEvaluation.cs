using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary>Measures each head of the shipped harm detector on dev, and the method with folds by source on train.</summary>
internal static class HarmEvaluation
{
    private static readonly string[] s_goals = ["0.86", "0.88", "0.96"];

    public static IEnumerable<EvaluationRow> Run(string dataFolder, HarmModel model)
    {
        var dev = LabelledText.Read(Path.Combine(dataFolder, "harm", "dev.jsonl"));
        var trainer = new HarmTrainer(dataFolder);
        foreach (var head in Enum.GetValues<HarmHead>())
        {
            List<ScoredText> ofHead = [.. dev.Where(row => HarmTrainer.Concerns(row, head)).Select(row => new ScoredText(row, HarmTrainer.Score(model, head, row.Text)))];
            foreach (var row in Table($"harm, {head}: dev", ofHead, head, model).Concat(Table($"harm, {head}: folds by source on train", trainer.Validate(head, out _), head, model)))
            {
                yield return row;
            }
        }
        yield return new EvaluationRow("harm: others", "obscenity 0.4.6", 0) { Measures = [new("F1", 0.32), new("AUROC", 0.54)] };
    }

    private static IEnumerable<EvaluationRow> Table(string task, List<ScoredText> rows, HarmHead head, HarmModel model)
    {
        yield return Row(task, "**all**", rows, head, model, s_goals[(int)head]);
        foreach (var group in rows.GroupBy(row => row.Row.Source).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            yield return Row(task, group.Key, [.. group], head, model, null);
        }
    }

    private static EvaluationRow Row(string task, string group, List<ScoredText> rows, HarmHead head, HarmModel model, string? goal)
    {
        var flag = model.Judges[(int)head].Thresholds.Flag;
        List<ScoredText> positives = [.. rows.Where(row => row.Row.Positive)], negatives = [.. rows.Where(row => !row.Row.Positive)];
        return new EvaluationRow(task, group, rows.Count)
        {
            Measures =
            [
                new("R", Scores.Share(positives, row => row.Score >= flag)), new("FPR", Scores.Share(negatives, row => row.Score >= flag)),
                new("AUROC", Scores.Auroc([.. rows.Select(row => (row.Score, row.Row.Positive))])) { Goal = goal },
            ],
        };
    }
}
