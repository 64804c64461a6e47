using System.Globalization;
using Bellwether.Primitives;

namespace Bellwether.Dashboard;

/// <summary>The ranges that are one click away, and the words for any range.</summary>
public static class QuickRanges
{
    public static readonly IReadOnlyList<(string From, string To, string Label)> All =
    [
        ("now-15m", "now", "Last 15 minutes"),
        ("now-1h", "now", "Last hour"),
        ("now-6h", "now", "Last 6 hours"),
        ("now-24h", "now", "Last 24 hours"),
        ("now/d", "now", "Today so far"),
        ("now-1d/d", "now-1d/d", "Yesterday"),
        ("now-7d", "now", "Last 7 days"),
        ("now/w", "now", "This week so far"),
        ("now-30d", "now", "Last 30 days"),
        ("now-90d", "now", "Last 90 days"),
    ];

    public static string Label(ViewState view, TimeRange range, TimeZoneInfo zone)
    {
        foreach (var (from, to, label) in All)
        {
            if (view.From == from && view.To == to) { return label; }
        }
        if (view.To == "now" && view.From.StartsWith("now-", StringComparison.Ordinal)) { return "Last " + Format.Span(range.Length); }
        var start = TimeZoneInfo.ConvertTime(range.From, zone);
        var end = TimeZoneInfo.ConvertTime(range.To, zone);
        // Seconds only where the range is too short to be told by minutes.
        var clock = range.Length < TimeSpan.FromMinutes(10) ? "HH:mm:ss" : "HH:mm";
        return start.ToString("d MMM " + clock, CultureInfo.InvariantCulture) + " – "
            + end.ToString(start.Date == end.Date ? clock : "d MMM " + clock, CultureInfo.InvariantCulture);
    }
}
