using Bellwether.Primitives;

namespace Bellwether.Datasets;

/// <summary>A task that was run over the examples of one version of a dataset.</summary>
public sealed record Experiment
{
    public required Guid Id { get; init; }
    public required ProjectId Project { get; init; }
    public required Guid Dataset { get; init; }
    /// <summary>Number of the version.</summary>
    public int DatasetVersion { get; init; }
    public string Name { get; init; } = "";
    public string Description { get; init; } = "";
    /// <summary>A JSON object.</summary>
    public string Metadata { get; init; } = "{}";
    /// <summary>Only examples of these were run; empty for all.</summary>
    public IReadOnlyList<string> Splits { get; init; } = [];
    /// <summary>What its spans or runs name as their project.</summary>
    public string TraceProject { get; init; } = "";
    /// <summary>How often each example is run.</summary>
    public int Repetitions { get; init; } = 1;
    public int ExampleCount { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
    /// <summary>Null while nobody has said that it is over.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    public int Succeeded { get; init; }
    public int Failed { get; init; }

    public int Missing => Math.Max(0, (ExampleCount * Repetitions) - Succeeded - Failed);
}

/// <summary>What is wanted of an experiment.</summary>
public sealed record ExperimentDraft(Guid Dataset)
{
    /// <summary>Null makes one; clients that choose ids themselves say theirs.</summary>
    public Guid? Id { get; init; }
    /// <summary>Number of the dataset's version; null for the newest.</summary>
    public int? Version { get; init; }
    public string Name { get; init; } = "";
    public string Description { get; init; } = "";
    public string Metadata { get; init; } = "{}";
    public IReadOnlyList<string> Splits { get; init; } = [];
    public string TraceProject { get; init; } = "";
    public int Repetitions { get; init; } = 1;
}

/// <summary>Which experiments, newest first.</summary>
/// <param name="Limit">How many at most.</param>
public sealed record ExperimentQuery(ProjectId Project, int Limit)
{
    public Guid? Id { get; init; }
    public Guid? Dataset { get; init; }
    public string? TraceProject { get; init; }
    /// <summary>The last one of the page before.</summary>
    public Guid? After { get; init; }
}

/// <summary>What the task made of one example.</summary>
public sealed record ExperimentRun
{
    public required Guid Id { get; init; }
    public required Guid Experiment { get; init; }
    public required Guid Example { get; init; }
    /// <summary>1 for the first.</summary>
    public int Repetition { get; init; } = 1;
    /// <summary>JSON; empty when there is none.</summary>
    public string Output { get; init; } = "";
    /// <summary>Empty when it succeeded.</summary>
    public string Error { get; init; } = "";
    public string TraceId { get; init; } = "";
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset EndedAt { get; init; }
}

/// <summary>What an evaluator said of a run.</summary>
public sealed record Evaluation
{
    public required Guid Id { get; init; }
    public required Guid Run { get; init; }
    public required string Name { get; init; }
    /// <summary><c>llm</c>, <c>code</c> or <c>human</c>.</summary>
    public string Annotator { get; init; } = "code";
    public string Label { get; init; } = "";
    public double? Score { get; init; }
    public string Explanation { get; init; } = "";
    /// <summary>A JSON object.</summary>
    public string Metadata { get; init; } = "{}";
    public string Error { get; init; } = "";
    public string TraceId { get; init; } = "";
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset EndedAt { get; init; }
}
