using System.Globalization;

namespace Bellwether.Dashboard;

/// <summary>Numbers and times as people read them: invariant culture, thousands separators, units, and an em dash for "no data".</summary>
public static class Format
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Shown where there is no data, which is not 0.</summary>
    public static readonly string None = "–";

    /// <summary><c>1,234,567</c>.</summary>
    public static string Count(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("#,0", Culture) : None;

    /// <summary>Few characters for tiles and axes: <c>950</c>, <c>12.4k</c>, <c>3.21M</c>.</summary>
    public static string Compact(double? value)
    {
        if (value is not { } number || !double.IsFinite(number)) { return None; }
        var size = Math.Abs(number);
        return size switch
        {
            < 9_999.5 when number == Math.Truncate(number) => number.ToString("#,0", Culture),
            >= 999.5e9 => number.ToString("#,0", Culture),
            >= 999.5e6 => Three(number / 1e9) + "B",
            >= 999.5e3 => Three(number / 1e6) + "M",
            >= 9_999.5 => Three(number / 1e3) + "k",
            >= 100 => number.ToString("#,0", Culture),
            _ => Three(number),
        };
    }

    /// <summary>A rate with three significant digits: <c>0.25</c>, <c>12.4</c>, <c>1,240</c>.</summary>
    public static string Rate(double? value) => Compact(value);

    /// <summary>
    /// US dollars with four significant digits: <c>$0.001234</c>, <c>$12.35</c>, <c>$1,235</c>. Null is "no price", never $0.
    /// </summary>
    public static string Usd(decimal? value)
    {
        if (value is not { } amount) { return None; }
        if (amount == 0) { return "$0"; }
        var sign = amount < 0 ? "-" : "";
        var size = Math.Abs(amount);
        // Digits before the point, or minus the zeros after it; four significant digits leave 4 - that for after the point.
        var magnitude = (int)Math.Floor(Math.Log10((double)size)) + 1;
        var decimals = Math.Clamp(4 - magnitude, 0, 12);
        if (size >= 1 && decimals == 1) { decimals = 2; }
        var rounded = Math.Round(size, decimals, MidpointRounding.AwayFromZero);
        // Cents are written in full; below a cent, trailing zeros say nothing.
        var text = decimals <= 2 ? rounded.ToString("#,0." + new string('0', decimals), Culture)
            : rounded >= 1 ? rounded.ToString("#,0.00#", Culture)
            : rounded.ToString("0.00" + new string('#', decimals - 2), Culture);
        return sign + "$" + text.TrimEnd('.');
    }

    public static string Usd(double? value) =>
        value is { } number && double.IsFinite(number) && Math.Abs(number) < 1e15 ? Usd((decimal)number) : None;

    /// <summary>Milliseconds in the unit that suits: <c>0.42 ms</c>, <c>840 ms</c>, <c>1.24 s</c>, <c>2 m 05 s</c>, <c>3 h 12 m</c>.</summary>
    public static string Milliseconds(double? value)
    {
        if (value is not { } ms || !double.IsFinite(ms)) { return None; }
        return ms switch
        {
            0 => "0 ms",
            >= 9.95 and < 999.5 => ms.ToString("0", Culture) + " ms",
            < 9.95 => Three(ms) + " ms",
            < 59_995 => Three(ms / 1000) + " s",
            < 3_600_000 => string.Create(Culture, $"{(int)(ms / 60_000)} m {(int)(ms / 1000) % 60:00} s"),
            < 172_800_000 => string.Create(Culture, $"{(int)(ms / 3_600_000)} h {(int)(ms / 60_000) % 60:00} m"),
            _ => string.Create(Culture, $"{ms / 86_400_000:0.#} d"),
        };
    }

    public static string Duration(TimeSpan value) => Milliseconds(value.TotalMilliseconds);

    /// <summary>A fraction as percent: <c>0 %</c>, <c>0.04 %</c>, <c>2.31 %</c>, <c>99.98 %</c>, <c>100 %</c>.</summary>
    public static string Percent(double? fraction)
    {
        if (fraction is not { } value || !double.IsFinite(value)) { return None; }
        var percent = value * 100;
        return percent switch
        {
            0 => "0 %",
            > 0 and < 0.01 => "< 0.01 %",
            // What is not all does not read as all: one failure of ten thousand.
            >= 99.995 and < 99.9999999 => "> 99.99 %",
            >= 99.95 and < 99.995 => percent.ToString("0.00", Culture) + " %",
            _ => Three(percent) + " %",
        };
    }

    /// <summary>Bytes in binary units: <c>812 B</c>, <c>1.95 KiB</c>.</summary>
    public static string Bytes(double? value)
    {
        if (value is not { } size || !double.IsFinite(size)) { return None; }
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var unit = 0;
        while (Math.Abs(size) >= 1024 && unit < units.Length - 1)
        {
            size /= 1024;
            unit++;
        }
        return (unit == 0 ? size.ToString("0", Culture) : Three(size)) + " " + units[unit];
    }

    /// <summary>A step or a range in words: <c>5 minutes</c>, <c>1 hour</c>, <c>7 days</c>.</summary>
    public static string Span(TimeSpan value)
    {
        static string Of(double number, string unit) =>
            number.ToString("#,0.#", Culture) + " " + unit + (Math.Abs(number - 1) < 0.05 ? "" : "s");
        return value switch
        {
            { TotalSeconds: < 90 } => Of(value.TotalSeconds, "second"),
            { TotalMinutes: < 90 } => Of(value.TotalMinutes, "minute"),
            { TotalHours: < 47.5 } => Of(value.TotalHours, "hour"),
            _ => Of(value.TotalDays, "day"),
        };
    }

    /// <summary>What a bucket holds: <c>per 5 minutes</c>, <c>per hour</c>.</summary>
    public static string Per(TimeSpan step)
    {
        // Not Span: "60 seconds" is how long something took, a bucket is a minute.
        var (count, unit) = step switch
        {
            _ when step.Ticks % TimeSpan.TicksPerDay == 0 => (step.TotalDays, "day"),
            _ when step.Ticks % TimeSpan.TicksPerHour == 0 => (step.TotalHours, "hour"),
            _ when step.Ticks % TimeSpan.TicksPerMinute == 0 => (step.TotalMinutes, "minute"),
            _ => (step.TotalSeconds, "second"),
        };
        return count == 1 ? $"per {unit}" : string.Create(Culture, $"per {count:#,0.#} {unit}s");
    }

    /// <summary><c>just now</c>, <c>42 s ago</c>, <c>5 min ago</c>, <c>3 h ago</c>, <c>12 d ago</c>.</summary>
    public static string Ago(DateTimeOffset time, DateTimeOffset now)
    {
        var age = now - time;
        return age switch
        {
            { TotalSeconds: < -1 } => "in " + Short(-age),
            { TotalSeconds: < 2 } => "just now",
            _ => Short(age) + " ago",
        };

        static string Short(TimeSpan span) => span switch
        {
            { TotalSeconds: < 60 } => string.Create(Culture, $"{(int)span.TotalSeconds} s"),
            { TotalMinutes: < 60 } => string.Create(Culture, $"{(int)span.TotalMinutes} min"),
            { TotalHours: < 48 } => string.Create(Culture, $"{(int)span.TotalHours} h"),
            _ => string.Create(Culture, $"{(int)span.TotalDays} d"),
        };
    }

    /// <summary><c>2026-11-23 21:04:05.123 UTC</c> or <c>… +01:00</c>.</summary>
    public static string Timestamp(DateTimeOffset time, TimeZoneInfo zone, bool milliseconds = true)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone);
        var text = local.ToString(milliseconds ? "yyyy-MM-dd HH:mm:ss.fff" : "yyyy-MM-dd HH:mm:ss", Culture);
        return text + (zone.Equals(TimeZoneInfo.Utc) ? " UTC" : local.ToString(" zzz", Culture));
    }

    /// <summary>How far a zone is from UTC: <c>UTC</c>, <c>UTC+1</c>, <c>UTC−3:30</c>.</summary>
    public static string Zone(TimeZoneInfo zone, DateTimeOffset at)
    {
        var offset = zone.GetUtcOffset(at);
        if (offset == TimeSpan.Zero) { return "UTC"; }
        var minutes = offset.Minutes == 0 ? "" : string.Create(Culture, $":{Math.Abs(offset.Minutes):00}");
        return string.Create(Culture, $"UTC{(offset < TimeSpan.Zero ? "−" : "+")}{Math.Abs(offset.Hours)}{minutes}");
    }

    /// <summary><c>23 Nov, 21:04</c>; the year only where it is not the current one.</summary>
    public static string Moment(DateTimeOffset time, TimeZoneInfo zone, DateTimeOffset now)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone);
        return local.ToString(local.Year == TimeZoneInfo.ConvertTime(now, zone).Year ? "d MMM, HH:mm" : "d MMM yyyy, HH:mm", Culture);
    }

    // Three significant digits without trailing zeros that say nothing beyond the second.
    private static string Three(double value)
    {
        var size = Math.Abs(value);
        return size switch
        {
            0 => "0",
            >= 99.95 => value.ToString("#,0", Culture),
            >= 9.995 => value.ToString("0.0", Culture),
            >= 0.0995 => value.ToString("0.00", Culture),
            >= 0.00995 => value.ToString("0.000", Culture),
            _ => value.ToString("0.####", Culture) is "0" or "-0" ? value.ToString("0.0e0", Culture) : value.ToString("0.####", Culture),
        };
    }
}
