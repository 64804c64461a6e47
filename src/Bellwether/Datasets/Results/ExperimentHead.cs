namespace Bellwether.Datasets;

/// <summary>An experiment over a dataset, whichever client ran it.</summary>
public sealed record ExperimentHead
{
    public required Guid Id { get; init; }
    public required Guid Dataset { get; init; }
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    /// <summary>Whose client ran it: <c>LangSmith</c> or <c>Phoenix</c>.</summary>
    public required string Client { get; init; }
    /// <summary>Which endpoint its traces have; empty when it named none.</summary>
    public string TraceProject { get; init; } = "";
    /// <summary>Number of the dataset's version; null when the client did not say, then it is the one that was the newest at the start.</summary>
    public int? Version { get; init; }
    /// <summary>How many runs it is to have; null when the client did not say.</summary>
    public int? Expected { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    /// <summary>Null while nobody has said that it is over.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>What an evaluator or a person said of a run.</summary>
/// <param name="Value">Null when only a label was given.</param>
public readonly record struct RunScore(string Name, double? Value, string Label);

/// <summary>What became of one example in an experiment; the texts are read apart.</summary>
public sealed record RunResult
{
    public required Guid Id { get; init; }
    public required Guid Example { get; init; }
    /// <summary>Empty when the run has no trace.</summary>
    public string TraceId { get; init; } = "";
    public DateTimeOffset StartedAt { get; init; }
    public bool Failed { get; init; }
    /// <summary>It began and has not ended.</summary>
    public bool IsRunning { get; init; }
    /// <summary>Milliseconds; null while it runs.</summary>
    public double? LatencyMs { get; init; }
    public IReadOnlyList<RunScore> Scores { get; init; } = [];
}

/// <param name="IsCut">There are more runs than are read.</param>
public sealed record RunResults(IReadOnlyList<RunResult> Runs, bool IsCut)
{
    public static readonly RunResults None = new([], false);

    /// <summary>What was said of the experiment as a whole.</summary>
    public IReadOnlyList<RunScore> Whole { get; init; } = [];
}

/// <summary>What a run answered.</summary>
/// <param name="Output">JSON or text; empty when there is none.</param>
/// <param name="Error">Why it failed; empty when it did not.</param>
public sealed record RunAnswer(string Output, string Error)
{
    public static readonly RunAnswer None = new("", "");
}
