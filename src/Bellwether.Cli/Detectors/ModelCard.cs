using System.Globalization;
using System.Text;

namespace Bellwether.Cli.Detectors;

/// <summary>Writes beside a model what it is, what it was made of, and how well it does.</summary>
internal static class ModelCard
{
    public static void Write(string path, string name, string version, string purpose, IReadOnlyList<LabelledText> rows, IEnumerable<(string What, double Auroc)> scores)
    {
        var card = new StringBuilder();
        card.AppendLine(CultureInfo.InvariantCulture, $"# Model card: {name} {version}").AppendLine()
            .AppendLine(purpose).AppendLine()
            .AppendLine("Linear models over hashed word and character n-grams and a small logistic regression, trained by `bellwether detectors train` with a fixed seed; the same data gives the same file.")
            .AppendLine("Scores are in `docs/detectors.md`; `bellwether detectors eval` prints them again. What it does not catch is said there too.").AppendLine()
            .AppendLine("| measured | AUROC |").AppendLine("|---|---|");
        foreach (var (what, auroc) in scores)
        {
            card.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {auroc:0.000} |");
        }
        card.AppendLine().AppendLine("| trained on | rows | positive | licence |").AppendLine("|---|---|---|---|");
        foreach (var source in rows.GroupBy(row => row.Source).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            card.AppendLine(CultureInfo.InvariantCulture, $"| {source.Key} | {source.Count()} | {source.Count(row => row.Positive)} | {source.First().Licence} |");
        }
        File.WriteAllText(path, card.ToString().ReplaceLineEndings("\n"));
    }
}
