using System.Text.Json.Serialization;

namespace Bellwether.Exports;

/// <summary>What a file of an export holds.</summary>
internal enum ExportFormat
{
    /// <summary>One JSON object a line, as the API writes an observation.</summary>
    [JsonStringEnumMemberName("jsonl")] Jsonl,
    /// <summary>One row an observation, flat.</summary>
    [JsonStringEnumMemberName("parquet")] Parquet,
}

/// <summary>How far an export is.</summary>
internal enum ExportState
{
    [JsonStringEnumMemberName("queued")] Queued,
    [JsonStringEnumMemberName("running")] Running,
    [JsonStringEnumMemberName("done")] Done,
    [JsonStringEnumMemberName("failed")] Failed,
    /// <summary>Observations that may have been in it were erased or dropped by retention, and its file with them.</summary>
    [JsonStringEnumMemberName("erased")] Erased,
}

/// <summary>One export: what is asked for and how far it is. Kept as a file beside its rows, so that it goes on after a restart.</summary>
internal sealed record Export
{
    public required Guid Id { get; init; }
    public required string Project { get; init; }
    public required ExportFormat Format { get; init; }
    public required DateTimeOffset From { get; init; }
    /// <summary>Exclusive, and fixed when the export is made: what comes later is not in it.</summary>
    public required DateTimeOffset To { get; init; }
    /// <summary>A search line; empty for all.</summary>
    public string Q { get; init; } = "";
    /// <summary>Whether prompts and answers are in it.</summary>
    public bool Texts { get; init; }
    public ExportState State { get; init; }
    /// <summary>Observations that are written.</summary>
    public long Rows { get; init; }
    /// <summary>How many matched when it began; null before that.</summary>
    public long? Total { get; init; }
    /// <summary>Size of the rows that are written for good, in bytes. What a crash left behind them is cut off.</summary>
    public long Bytes { get; init; }
    /// <summary>Where the next page begins; null at the start and behind the last page.</summary>
    public string? Cursor { get; init; }
    /// <summary>True when every row is written, so that only the file is left to be finished.</summary>
    public bool IsRead { get; init; }
    /// <summary>Size of the finished file, in bytes.</summary>
    public long? FileBytes { get; init; }
    /// <summary>Why there is no file; empty otherwise.</summary>
    public string Problem { get; init; } = "";
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    [JsonIgnore]
    public bool IsOver => State is ExportState.Done or ExportState.Failed or ExportState.Erased;
}

/// <summary>The body of <c>POST /api/v1/exports</c>.</summary>
internal sealed record ExportRequest
{
    public string? Project { get; init; }
    public string? Format { get; init; }
    public string? From { get; init; }
    public string? To { get; init; }
    public string? Q { get; init; }
    public bool? Texts { get; init; }
}

internal sealed record ExportList(IReadOnlyList<Export> Items);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Export))]
[JsonSerializable(typeof(ExportRequest))]
[JsonSerializable(typeof(ExportList))]
internal sealed partial class ExportJson : JsonSerializerContext;
