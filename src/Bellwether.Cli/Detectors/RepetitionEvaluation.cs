using Bellwether.Quality;

namespace Bellwether.Cli.Detectors;

/// <summary>Degenerate repetition. Its rules have a few constants and no model.</summary>
internal static class RepetitionEvaluation
{
    public static IEnumerable<EvaluationRow> Run(string dataFolder)
    {
        foreach (var file in (string[])["dev", "train"])
        {
            var scored = new ScoredRows([.. LabelledAnswer.Read(dataFolder, "repetition", file + ".jsonl").Select(row => (row, RepetitionValidator.Score(row.Text, out _)))]);
            yield return scored.ToRow("repetition", file, RepetitionValidator.WarnAt, (null, 0.97, 0.02));
            foreach (var source in scored.Names(row => row.Source)) { yield return scored.Where(row => row.Source == source).ToRow("repetition", $"{file}: {source}", RepetitionValidator.WarnAt); }
            foreach (var category in scored.Names(row => row.Category)) { yield return scored.Where(row => row.Category == category).ToRow("repetition by category", $"{file}: {category}", RepetitionValidator.WarnAt); }
        }
    }
}
