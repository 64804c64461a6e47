using System.Globalization;

namespace Bellwether.Cli.Detectors;

/// <summary>Prints lines of an evaluation as Markdown, so that they can be copied into the documentation as they are.</summary>
internal static class EvaluationTable
{
    public static void Write(IEnumerable<EvaluationRow> rows, TextWriter writer)
    {
        foreach (var table in rows.GroupBy(row => row.Task))
        {
            string[] columns = [.. table.SelectMany(row => row.Measures.Select(measure => measure.Name)).Distinct()];
            writer.WriteLine();
            writer.WriteLine($"### {table.Key}");
            writer.WriteLine();
            writer.WriteLine($"| | rows | {string.Join(" | ", columns)} |");
            writer.WriteLine($"|---|---|{string.Concat(columns.Select(_ => "---|"))}");
            foreach (var row in table)
            {
                var cells = columns.Select(column => Cell(row.Measures.FirstOrDefault(measure => measure.Name == column)));
                writer.WriteLine($"| {row.Group} | {(row.Rows == 0 ? "" : row.Rows.ToString(CultureInfo.InvariantCulture))} | {string.Join(" | ", cells)} |");
            }
        }
    }

    private static string Cell(Measure measure) => measure.Name is null || double.IsNaN(measure.Value)
        ? ""
        : measure.Value.ToString("0.000", CultureInfo.InvariantCulture) + (measure.Goal is { } goal ? $" ({goal})" : "");
}
