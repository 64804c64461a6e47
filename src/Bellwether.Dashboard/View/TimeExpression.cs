using System.Globalization;

namespace Bellwether.Dashboard;

/// <summary>
/// One end of a time range as it stands in the URL: <c>now</c>, <c>now-6h</c>, <c>now-1d/d</c>, an RFC 3339 instant or Unix
/// milliseconds. Units: <c>s m h d w M y</c>; <c>/d</c> rounds to the start of the day, or to its end for the end of a range.
/// </summary>
public static class TimeExpression
{
    public static bool TryResolve(string text, DateTimeOffset now, TimeZoneInfo zone, bool isEnd, out DateTimeOffset time)
    {
        time = default;
        if (!text.StartsWith("now", StringComparison.Ordinal))
        {
            return TryAbsolute(text, out time);
        }
        var rest = text.AsSpan(3);
        // Calendar arithmetic happens on the wall clock of the zone: "a day ago" is the same hour yesterday, also across DST.
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        while (rest.Length > 0 && rest[0] is '-' or '+')
        {
            var sign = rest[0] == '-' ? -1 : 1;
            var digits = 1;
            while (digits < rest.Length && char.IsAsciiDigit(rest[digits])) { digits++; }
            if (digits == 1 || digits == rest.Length || digits > 6
                || !TryShift(ref local, sign * int.Parse(rest[1..digits], CultureInfo.InvariantCulture), rest[digits]))
            {
                return false;
            }
            rest = rest[(digits + 1)..];
        }
        if (rest.Length == 2 && rest[0] == '/')
        {
            if (!TryRound(ref local, rest[1], isEnd)) { return false; }
        }
        else if (rest.Length != 0)
        {
            return false;
        }
        time = ToUtc(local, zone);
        return true;
    }

    private static bool TryAbsolute(string text, out DateTimeOffset time)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms is > 0 and < 253_402_300_799_000)
        {
            time = DateTimeOffset.FromUnixTimeMilliseconds(ms);
            return true;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }

    private static bool TryShift(ref DateTime local, int amount, char unit)
    {
        try
        {
            local = unit switch
            {
                's' => local.AddSeconds(amount),
                'm' => local.AddMinutes(amount),
                'h' => local.AddHours(amount),
                'd' => local.AddDays(amount),
                'w' => local.AddDays(7 * amount),
                'M' => local.AddMonths(amount),
                'y' => local.AddYears(amount),
                _ => DateTime.MinValue,
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
        return local != DateTime.MinValue;
    }

    private static bool TryRound(ref DateTime local, char unit, bool up)
    {
        DateTime? start = unit switch
        {
            'm' => local.Date.AddMinutes(Math.Floor(local.TimeOfDay.TotalMinutes)),
            'h' => local.Date.AddHours(local.Hour),
            'd' => local.Date,
            // ISO weeks: Monday first.
            'w' => local.Date.AddDays(-(((int)local.DayOfWeek + 6) % 7)),
            'M' => new DateTime(local.Year, local.Month, 1, 0, 0, 0, DateTimeKind.Unspecified),
            'y' => new DateTime(local.Year, 1, 1, 0, 0, 0, DateTimeKind.Unspecified),
            _ => null,
        };
        if (start is not { } rounded) { return false; }
        local = rounded;
        return !up || TryShift(ref local, 1, unit);
    }

    private static DateTimeOffset ToUtc(DateTime local, TimeZoneInfo zone)
    {
        var wall = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        // The hour that a spring change skips does not exist; the instant an hour later does.
        if (zone.IsInvalidTime(wall)) { wall = wall.AddHours(1); }
        return new DateTimeOffset(wall, zone.GetUtcOffset(wall)).ToUniversalTime();
    }
}
