namespace Bellwether.Storage.Sql;

/// <summary>
/// Times are stored as 64-bit integers: 100 ns ticks since 1970-01-01 UTC. That keeps .NET's full precision, needs no
/// time zone code in the engine, and makes bucketing an integer division that every engine does alike.
/// </summary>
internal static class UnixTicks
{
    public static readonly long PerMinute = TimeSpan.TicksPerMinute;
    public static readonly long PerHour = TimeSpan.TicksPerHour;
    public static readonly long PerDay = TimeSpan.TicksPerDay;

    public static long Of(DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    public static DateTimeOffset ToTime(long ticks) => new(ticks + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero);

    /// <summary>Division that rounds down, also before 1970.</summary>
    public static long Floor(long ticks, long unit) => ticks >= 0 ? ticks / unit : -((-ticks + unit - 1) / unit);

    public static long Ceiling(long ticks, long unit) => -Floor(-ticks, unit);
}
