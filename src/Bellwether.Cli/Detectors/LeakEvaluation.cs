using Bellwether.Detection;

namespace Bellwether.Cli.Detectors;

/// <summary>The leak detector with the system prompt known. It has nothing to train; train.jsonl shows what dev.jsonl is too small to show.</summary>
internal static class LeakEvaluation
{
    public static IEnumerable<EvaluationRow> Run(string dataFolder)
    {
        var detector = new LeakDetector();
        foreach (var file in (string[])["dev", "train"])
        {
            var scored = new ScoredRows([.. LabelledAnswer.Read(dataFolder, "leak", file + ".jsonl").Select(row =>
                (row, detector.Check(new DetectorInput(row.Text, TextChannel.Answer) { System = row.Context }).Score))]);
            yield return scored.ToRow("leak", file, LeakDetector.FlagAt, (null, null, 0.01));
            foreach (var source in scored.Names(row => row.Source)) { yield return scored.Where(row => row.Source == source).ToRow("leak", $"{file}: {source}", LeakDetector.FlagAt, (null, null, 0.01)); }
            foreach (var category in scored.Names(row => row.Category)) { yield return scored.Where(row => row.Category == category).ToRow("leak by category", $"{file}: {category}", LeakDetector.FlagAt); }
        }
    }
}
