namespace Bellwether.Datasets;

/// <summary>An example as it is in one version of its dataset.</summary>
public sealed record Example
{
    /// <summary>The same in every version.</summary>
    public required Guid Id { get; init; }
    public required Guid Dataset { get; init; }
    /// <summary>Number of the version that made it as it is here.</summary>
    public int Since { get; init; }
    /// <summary>Order within the dataset; also the cursor of a page.</summary>
    public long Position { get; init; }
    /// <summary>The client's own id; empty when it has none.</summary>
    public string ExternalId { get; init; } = "";
    /// <summary>JSON.</summary>
    public string Input { get; init; } = "{}";
    /// <summary>JSON; empty when there is no expected output.</summary>
    public string Output { get; init; } = "";
    /// <summary>A JSON object.</summary>
    public string Metadata { get; init; } = "{}";
    /// <summary>Parts of the dataset that it belongs to (<c>train</c>, <c>test</c>), sorted.</summary>
    public IReadOnlyList<string> Splits { get; init; } = [];
    /// <summary>The span or run that it was made of; empty when it was written by hand.</summary>
    public string Source { get; init; } = "";
    /// <summary>Files that belong to it: a JSON object by name.</summary>
    public string Attachments { get; init; } = "{}";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What an example is to hold.</summary>
public sealed record ExampleDraft
{
    /// <summary>Of the example that is replaced, or that a client chose for a new one; null makes one.</summary>
    public Guid? Id { get; init; }
    public string ExternalId { get; init; } = "";
    public string Input { get; init; } = "{}";
    public string Output { get; init; } = "";
    public string Metadata { get; init; } = "{}";
    public IReadOnlyList<string> Splits { get; init; } = [];
    public string Source { get; init; } = "";
    public string Attachments { get; init; } = "{}";
}

/// <summary>What makes the next version of a dataset of the newest.</summary>
public sealed record ExampleChanges(IReadOnlyList<ExampleDraft> Write, IReadOnlyList<Guid> Remove)
{
    public bool IsNothing => Write.Count == 0 && Remove.Count == 0;

    public static ExampleChanges Add(IReadOnlyList<ExampleDraft> examples) => new(examples, []);
}

/// <summary>Which examples, in the order of the dataset.</summary>
/// <param name="Version">Number of the version.</param>
public sealed record ExampleQuery(Guid Dataset, int Version)
{
    /// <summary>Those of any of these; null for all.</summary>
    public IReadOnlyList<string>? Splits { get; init; }
    /// <summary>Null for all.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }
    /// <summary><see cref="Example.Position"/> of the last one of the page before.</summary>
    public long After { get; init; } = -1;
    public int Limit { get; init; } = DatasetStore.MostExamples;
}
