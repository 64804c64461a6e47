using System.Globalization;

namespace Bellwether.Telemetry;

/// <summary>An instant as people write it: RFC 3339, a day (<c>2026-11-23</c>), or relative to now (<c>now</c>, <c>now-6h</c>, <c>now+1h</c>; units s, m, h, d, w).</summary>
public static class TimeText
{
    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset time)
    {
        time = now;
        if (text == "now")
        {
            return true;
        }
        if (text.StartsWith("now", StringComparison.Ordinal) && text.Length > 5 && text[3] is ('-' or '+')
            && int.TryParse(text.AsSpan(4, text.Length - 5), NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            && Unit(text[^1]) is { } unit
            && amount <= TimeSpan.FromDays(3_650) / unit)
        {
            time = text[3] == '-' ? now - (unit * amount) : now + (unit * amount);
            return true;
        }
        // Without a zone a time is UTC, as everything here is.
        return text.Length >= 10 && char.IsAsciiDigit(text[0])
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }

    private static TimeSpan? Unit(char letter) => letter switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        'w' => TimeSpan.FromDays(7),
        _ => null,
    };
}
