using System.Collections.Immutable;

namespace Bellwether.Telemetry;

/// <summary>The product's own health at one moment; counters are those of this process.</summary>
public sealed record SystemStatus
{
    public required DateTimeOffset Time { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required string Version { get; init; }
    public required bool Ready { get; init; }
    /// <summary>Why new records are refused now (<c>disk_full</c>, <c>queue_full</c> …); null when they are taken.</summary>
    public string? Refusing { get; init; }
    public required Durability Durability { get; init; }

    /// <summary>Accepted records that wait for a batch to the store.</summary>
    public required long QueueRecords { get; init; }
    /// <summary>Sequence of the newest journalled and of the newest stored record.</summary>
    public required long JournalledSequence { get; init; }
    public required long StoredSequence { get; init; }
    /// <summary>Accepted records that are not stored yet: those of the queue and of the batch under way.</summary>
    public long LagRecords => Math.Max(0, JournalledSequence - StoredSequence);
    /// <summary>How long the store has been failing; null when its last batch went well.</summary>
    public TimeSpan? StoreFailingFor { get; init; }

    public required long JournalBytes { get; init; }
    public required int JournalSegments { get; init; }
    public required long SpoolLimitBytes { get; init; }
    /// <summary>Flushes of the journal to the disk, in milliseconds, over the last minutes; null without any.</summary>
    public double? CommitP50Ms { get; init; }
    public double? CommitP99Ms { get; init; }

    public required long Accepted { get; init; }
    /// <summary>Refused records by reason, largest first.</summary>
    public required ImmutableArray<NamedCount> Refused { get; init; }
    /// <summary>What the receivers of telemetry refused before it became a record: bad requests, broken spans, unknown keys.</summary>
    public required ImmutableArray<IngestRefusal> IngestRefused { get; init; }
    /// <summary>Records that were accepted and could be kept nowhere. Always 0 unless the disk fails.</summary>
    public required long Dropped { get; init; }
    /// <summary>Records set aside because they could not be stored; they can be listed and replayed.</summary>
    public required int DeadLetters { get; init; }
    /// <summary>Damaged places found in the journal.</summary>
    public required long JournalDamage { get; init; }

    public required long DiskFreeBytes { get; init; }
    public required long DiskTotalBytes { get; init; }
    /// <summary>How much the disk fills per day at the pace of the last hours; null while that is not known.</summary>
    public double? DiskGrowthBytesPerDay { get; init; }
    /// <summary>Days until the disk is full at that pace; null when it is not filling or not known.</summary>
    public double? DiskDaysLeft { get; init; }
    public required long MemoryBytes { get; init; }
    public required long CallsInProgress { get; init; }
}

public readonly record struct NamedCount(string Name, long Count);
