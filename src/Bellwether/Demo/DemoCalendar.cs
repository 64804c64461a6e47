namespace Bellwether.Demo;

/// <summary>When how much happens, seen from the moment at which the demo was first started.</summary>
internal sealed class DemoCalendar
{
    public static readonly int Days = 21;
    private const double CallsPerHour = 230;

    public DemoCalendar(DateTimeOffset anchor)
    {
        Anchor = anchor;
        var midnight = new DateTimeOffset(anchor.UtcDateTime.Date, TimeSpan.Zero);
        OutageFrom = Weekday(midnight.AddDays(-9)).AddHours(13.3);
        OutageTo = OutageFrom.AddMinutes(50);
        SpikeFrom = Weekday(midnight.AddDays(-4)).AddHours(9.5);
        SpikeTo = SpikeFrom.AddHours(3);
        SlowFrom = Weekday(midnight.AddDays(-14)).AddHours(15);
        SlowTo = SlowFrom.AddHours(2);
    }

    public DateTimeOffset Anchor { get; }
    /// <summary>Most calls to OpenAI's models fail.</summary>
    public DateTimeOffset OutageFrom { get; }
    public DateTimeOffset OutageTo { get; }
    /// <summary>One user imports documents with the dearest model.</summary>
    public DateTimeOffset SpikeFrom { get; }
    public DateTimeOffset SpikeTo { get; }
    /// <summary>Everything answers, but slowly.</summary>
    public DateTimeOffset SlowFrom { get; }
    public DateTimeOffset SlowTo { get; }

    public bool IsOutage(DateTimeOffset time) => time >= OutageFrom && time < OutageTo;
    public bool IsSpike(DateTimeOffset time) => time >= SpikeFrom && time < SpikeTo;
    public bool IsSlow(DateTimeOffset time) => time >= SlowFrom && time < SlowTo;

    /// <summary>Expected calls per hour: an afternoon peak, quiet nights and weekends, slow growth.</summary>
    public double RateAt(DateTimeOffset time)
    {
        var hour = time.UtcDateTime.TimeOfDay.TotalHours;
        var day = 0.18 + 0.82 * Math.Pow(0.5 + 0.5 * Math.Cos((hour - 14) / 24 * 2 * Math.PI), 1.6);
        var week = time.DayOfWeek switch { DayOfWeek.Saturday => 0.42, DayOfWeek.Sunday => 0.35, DayOfWeek.Monday => 1.1, _ => 1.0 };
        var growth = 1 + 0.012 * Math.Clamp((time - Anchor).TotalDays + Days, 0, 60);
        return CallsPerHour * 1.9 * day * week * growth;
    }

    private static DateTimeOffset Weekday(DateTimeOffset day) => day.DayOfWeek switch
    {
        DayOfWeek.Saturday => day.AddDays(-1),
        DayOfWeek.Sunday => day.AddDays(-2),
        _ => day,
    };
}
