using Bellwether.Primitives;

namespace Bellwether.Datasets;

/// <summary>A named set of examples. Every change of its examples makes a new version, and every version stays readable.</summary>
public sealed record Dataset
{
    public required Guid Id { get; init; }
    public required ProjectId Project { get; init; }
    /// <summary>One of its kind in the project.</summary>
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    /// <summary>What an example holds, as its client calls it (<c>kv</c>, <c>llm</c>, <c>chat</c>); empty when it does not say.</summary>
    public string Kind { get; init; } = "";
    /// <summary>A JSON object.</summary>
    public string Metadata { get; init; } = "{}";
    /// <summary>Number of the newest version; 0 while nothing was ever put in.</summary>
    public int Version { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
    /// <summary>How many examples the newest version has.</summary>
    public int ExampleCount { get; init; }
}

/// <summary>What is wanted of a dataset; also of one that is changed.</summary>
public sealed record DatasetDraft(string Name)
{
    /// <summary>Null makes one; clients that choose ids themselves say theirs.</summary>
    public Guid? Id { get; init; }
    public string Description { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Metadata { get; init; } = "{}";
}

/// <summary>A state of a dataset that can be asked for again.</summary>
/// <param name="Number">1 for the first.</param>
public sealed record DatasetVersion(Guid Id, Guid Dataset, int Number, DateTimeOffset CreatedAt);

/// <summary>Which datasets: all that fit every condition, newest first.</summary>
/// <param name="Limit">How many at most.</param>
public sealed record DatasetQuery(ProjectId Project, int Limit)
{
    /// <summary>Null for all.</summary>
    public string? Name { get; init; }
    public string? NameContains { get; init; }
    /// <summary>Null for all.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }
    /// <summary>The last one of the page before.</summary>
    public Guid? After { get; init; }
}
