namespace Bellwether.Ingest;

/// <summary>
/// Which start times are believed. The store keeps files for every day on which something started, so a sender whose clock was
/// never set, or who counts in another unit, must not spread its spans over the centuries.
/// </summary>
internal static class SpanClock
{
    private const ulong Earliest = 946_684_800_000_000_000;
    private const ulong Latest = 4_102_444_800_000_000_000;

    /// <summary>A sender's clock may be this far ahead of ours.</summary>
    private static readonly TimeSpan s_ahead = TimeSpan.FromDays(1);

    /// <summary>From 2000 to 2100: everything else is no time at all.</summary>
    public static bool IsTime(ulong nanoseconds) => nanoseconds is >= Earliest and < Latest;

    /// <summary>Only for what <see cref="IsTime"/>.</summary>
    public static DateTimeOffset Time(ulong nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(nanoseconds / 100));

    public static bool IsBelieved(OtlpSender sender, ulong nanoseconds) =>
        IsTime(nanoseconds) && Time(nanoseconds) is var time && time <= sender.Now + s_ahead && time >= sender.Now - sender.OldestAge;

    /// <summary>The time as it was said, or that of arrival where it is not believed.</summary>
    public static DateTimeOffset Believed(OtlpSender sender, ulong nanoseconds) => IsBelieved(sender, nanoseconds) ? Time(nanoseconds) : sender.Now;
}
