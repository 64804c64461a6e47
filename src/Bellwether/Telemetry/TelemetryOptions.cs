using System.ComponentModel.DataAnnotations;

namespace Bellwether.Telemetry;

/// <summary>Section <c>Bellwether:Telemetry</c>: what an acknowledgement promises and how much may wait.</summary>
public sealed class TelemetryOptions
{
    /// <summary><c>fsync</c>, <c>os</c> or <c>memory</c>: what an acknowledged record survives. Weaker is cheaper on slow disks.</summary>
    public Durability Durability { get; set; } = Durability.Fsync;

    /// <summary>Longest time between a write and its flush to the disk. Longer saves flushes and delays acknowledgements.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan CommitInterval { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Size of a journal file in bytes, allocated ahead. Smaller frees space sooner, larger rolls less often; a small disk gets smaller ones.</summary>
    [Range(1L << 20, 1L << 30)]
    public long SegmentBytes { get; set; } = 64L << 20;

    /// <summary>How much may wait on the disk while the store does not keep up; beyond it new records are refused with <c>queue_full</c>.</summary>
    [Range(1L << 20, 1L << 44)]
    public long SpoolBytes { get; set; } = 4L << 30;

    /// <summary>Free space below which new records are refused with <c>disk_full</c>; on small volumes 2 % of the volume when that is less.</summary>
    [Range(0L, 1L << 40)]
    public long MinimumFreeBytes { get; set; } = 16L << 20;

    /// <summary>
    /// How many records that wait can be read by id before they are stored, at some 150 bytes each; at <c>memory</c>, how many may wait.
    /// A receiver that puts a run together from parts finds an earlier part that waits only within this number.
    /// </summary>
    [Range(1, 10_000_000)]
    public int QueueRecords { get; set; } = 500_000;

    /// <summary>At <c>memory</c>: how many bytes may wait.</summary>
    [Range(1L << 16, 1L << 36)]
    public long QueueBytes { get; set; } = 16L << 20;

    /// <summary>Most records in one transaction of the store.</summary>
    [Range(1, 100_000)]
    public int BatchRecords { get; set; } = 2_112;

    /// <summary>Most bytes in one transaction of the store. A batch is the only part of the backlog that is in memory; larger ones cost several times their size there.</summary>
    [Range(1L << 16, 1L << 32)]
    public long BatchBytes { get; set; } = 12L << 20;

    /// <summary>
    /// How long a record may wait for others before it is stored: roughly the time until it shows on a page. Longer makes larger
    /// transactions, which cost less CPU per record and more memory.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan BatchAge { get; set; } = TimeSpan.FromMilliseconds(300);
}
