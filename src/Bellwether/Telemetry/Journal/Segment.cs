using Microsoft.Win32.SafeHandles;

namespace Bellwether.Telemetry;

/// <summary>One journal file. Its mutable parts are guarded by the journal's lock.</summary>
internal sealed class Segment(string path, long firstSequence, ulong salt)
{
    public string Path { get; } = path;

    public long FirstSequence { get; } = firstSequence;

    public ulong Salt { get; } = salt;

    /// <summary>How much of the file holds frames; what lies behind is zeros.</summary>
    public long Used { get; set; } = JournalFormat.SegmentHeader;

    public long Capacity { get; set; }

    /// <summary>Open while the segment is written to.</summary>
    public SafeFileHandle? File { get; set; }

    public bool IsEmpty => Used <= JournalFormat.SegmentHeader;
}

/// <summary>Where a frame lies.</summary>
internal readonly record struct JournalPlace(string File, long Offset, int Length);

/// <summary>A damaged place in a journal file and what was there.</summary>
/// <param name="AfterSequence">The last good record before it.</param>
internal sealed record JournalDamage(string File, long Offset, long Length, long AfterSequence, bool TornTail, byte[] Bytes);
