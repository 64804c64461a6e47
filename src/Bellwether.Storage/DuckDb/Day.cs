using System.Globalization;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;

namespace Bellwether.Storage.DuckDb;

/// <summary>A UTC day, counted from 1970-01-01: the unit of files and of retention.</summary>
internal readonly record struct Day(int Number) : IComparable<Day>
{
    private static readonly string s_format = "yyyyMMdd";

    public long FirstTick => Number * UnixTicks.PerDay;
    public long EndTick => FirstTick + UnixTicks.PerDay;
    /// <summary><c>20261123</c></summary>
    public string Name => UnixTicks.ToTime(FirstTick).ToString(s_format, CultureInfo.InvariantCulture);
    /// <summary>The names under which its files are attached.</summary>
    public string Metrics => "m" + Name;
    public string Payloads => "p" + Name;

    public static Day Of(long ticks) => new((int)UnixTicks.Floor(ticks, UnixTicks.PerDay));

    public static Day Of(Observation observation) => Of(UnixTicks.Of(observation.StartTime));

    /// <summary>The day that a version-7 id was made on, or null for any other id.</summary>
    public static Day? Of(Guid id)
    {
        if (id.Version != 7)
        {
            return null;
        }
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = 0L;
        foreach (var part in bytes[..6])
        {
            milliseconds = (milliseconds << 8) | part;
        }
        // Someone else's "version 7" may hold any time; .NET's calendar ends in 9999.
        return milliseconds < 253_402_300_800_000 ? Of(milliseconds * TimeSpan.TicksPerMillisecond) : null;
    }

    public static bool TryParse(ReadOnlySpan<char> name, out Day day)
    {
        var parsed = DateOnly.TryParseExact(name, s_format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        day = parsed ? new Day(date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) : default;
        return parsed;
    }

    public int CompareTo(Day other) => Number.CompareTo(other.Number);
}
