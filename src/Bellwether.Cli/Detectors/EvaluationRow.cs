using System.Collections.Immutable;

namespace Bellwether.Cli.Detectors;

/// <summary>One line of the table that <c>detectors eval</c> prints: how well a detector does on some labelled texts.</summary>
/// <param name="Task">The detector and the kind of measurement; lines with the same task form one table.</param>
/// <param name="Group">What the texts have in common: a source, a category, a language; or the peer whose published figures these are.</param>
/// <param name="Rows">How many texts.</param>
internal sealed record EvaluationRow(string Task, string Group, int Rows)
{
    /// <summary>The columns, in the order in which they are printed.</summary>
    public ImmutableArray<Measure> Measures { get; init; } = [];
}

/// <param name="Name">The head of the column, such as <c>AUROC</c>, <c>recall</c>.</param>
/// <param name="Value">Not a number where it cannot be said, such as a recall without positives.</param>
internal readonly record struct Measure(string Name, double Value)
{
    /// <summary>What it should be: <c>&gt;= 0.90</c>. Null when nothing was promised.</summary>
    public string? Goal { get; init; }
}
