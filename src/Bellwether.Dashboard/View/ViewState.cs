using System.Globalization;
using System.Text;
using Bellwether.Primitives;
using Microsoft.AspNetCore.WebUtilities;

namespace Bellwether.Dashboard;

/// <summary>
/// What a page shows, as it stands in its URL, so that a reload, a new tab, the back button and a colleague see the same:
/// <c>?from=now-6h&amp;to=now&amp;compare=1&amp;refresh=30s&amp;tz=utc&amp;q=model:gpt-4o</c>. Defaults are left out.
/// </summary>
public sealed record ViewState
{
    public static readonly string DefaultFrom = "now-6h";
    public static readonly string DefaultTo = "now";

    /// <summary>A <see cref="TimeExpression"/>.</summary>
    public string From { get; init; } = DefaultFrom;
    /// <summary>A <see cref="TimeExpression"/>.</summary>
    public string To { get; init; } = DefaultTo;
    /// <summary>Draw the previous period of equal length beside the current one.</summary>
    public bool Compare { get; init; }
    public Refresh Refresh { get; init; } = Refresh.Live;
    /// <summary>Show times in UTC instead of the viewer's own zone.</summary>
    public bool Utc { get; init; }
    /// <summary>The search box: <c>model:gpt-4o state:error free text</c>.</summary>
    public string Filter { get; init; } = "";

    /// <summary>True when the range moves with the clock.</summary>
    public bool IsRelative => To.StartsWith("now", StringComparison.Ordinal);

    /// <summary>Reads the state out of an absolute or relative URL; what cannot be read falls back to its default.</summary>
    public static ViewState Parse(string uri)
    {
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        if (mark < 0) { return new ViewState(); }
        var end = uri.IndexOf('#', mark);
        var query = QueryHelpers.ParseQuery(end < 0 ? uri[mark..] : uri[mark..end]);
        string? Get(string key) => query.TryGetValue(key, out var value) && value.Count > 0 && value[0] is { Length: > 0 } text ? text : null;
        return new ViewState
        {
            From = Get("from") ?? DefaultFrom,
            To = Get("to") ?? DefaultTo,
            Compare = Get("compare") is "1" or "true",
            Refresh = Refresh.Parse(Get("refresh")),
            Utc = Get("tz") == "utc",
            Filter = Get("q") ?? "",
        };
    }

    /// <summary>The window in UTC. An unreadable or empty range falls back to the last six hours, so that a page always shows something.</summary>
    public TimeRange Resolve(DateTimeOffset now, TimeZoneInfo zone)
    {
        var clock = Utc ? TimeZoneInfo.Utc : zone;
        if (TimeExpression.TryResolve(From, now, clock, isEnd: false, out var from)
            && TimeExpression.TryResolve(To, now, clock, isEnd: true, out var to)
            && to > from)
        {
            return new TimeRange(from, to);
        }
        return new TimeRange(now.AddHours(-6).ToUniversalTime(), now.ToUniversalTime());
    }

    public ViewState WithRange(TimeRange range) => this with { From = Instant(range.From), To = Instant(range.To) };

    /// <summary>This state as a query string with its <c>?</c>, empty when everything is at its default.</summary>
    public string ToQuery()
    {
        var text = new StringBuilder();
        void Add(string key, string value) =>
            text.Append(text.Length == 0 ? '?' : '&').Append(key).Append('=').Append(Uri.EscapeDataString(value).Replace("%3A", ":", StringComparison.Ordinal));
        if (From != DefaultFrom || To != DefaultTo)
        {
            Add("from", From);
            Add("to", To);
        }
        if (Compare) { Add("compare", "1"); }
        if (Refresh != Refresh.Live) { Add("refresh", Refresh.Code); }
        if (Utc) { Add("tz", "utc"); }
        if (Filter.Length > 0) { Add("q", Filter); }
        return text.ToString();
    }

    /// <summary>The URL of a page that shows the same range; the filter stays behind unless given.</summary>
    public string Link(string path, string filter = "")
    {
        var query = (this with { Filter = filter }).ToQuery();
        return path.Contains('?', StringComparison.Ordinal) && query.Length > 0 ? $"{path}&{query[1..]}" : path + query;
    }

    /// <summary>
    /// <paramref name="uri"/> with its view keys replaced by this state and every other key kept (columns, an open row …). But for <c>cursor</c>: a
    /// place in a list belongs to the range and filter that it was read with.
    /// </summary>
    public string Apply(string uri)
    {
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? uri : uri[..mark];
        var own = ToQuery();
        if (mark < 0) { return path + own; }
        var others = QueryHelpers.ParseQuery(uri[mark..])
            .Where(pair => pair.Key is not ("from" or "to" or "compare" or "refresh" or "tz" or "q" or "cursor"))
            .SelectMany(pair => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value)));
        return QueryHelpers.AddQueryString(path + own, others);
    }

    /// <summary>As <see cref="Apply"/>, at a later page of a list.</summary>
    public string ApplyAt(string uri, string cursor) => QueryHelpers.AddQueryString(Apply(uri), "cursor", cursor);

    /// <summary>The place in a list that a URL names; null for the first page.</summary>
    public static string? CursorOf(string uri)
    {
        var mark = uri.IndexOf('?', StringComparison.Ordinal);
        return mark >= 0 && QueryHelpers.ParseQuery(uri[mark..].Split('#')[0]).TryGetValue("cursor", out var value) && value is [{ Length: > 0 } cursor, ..] ? cursor : null;
    }

    private static string Instant(DateTimeOffset time) =>
        time.ToUniversalTime().ToString(time.Millisecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}

/// <summary>When a page reads again by itself: as data arrives (<see cref="Live"/>), at an interval, or never.</summary>
public readonly record struct Refresh(TimeSpan? Every, bool IsLive)
{
    public static readonly Refresh Live = new(null, true);
    public static readonly Refresh Off = new(null, false);

    public static readonly IReadOnlyList<(Refresh Value, string Label)> Choices =
    [
        (Live, "Live"),
        (new(TimeSpan.FromSeconds(10), false), "Every 10 s"),
        (new(TimeSpan.FromSeconds(30), false), "Every 30 s"),
        (new(TimeSpan.FromMinutes(1), false), "Every minute"),
        (new(TimeSpan.FromMinutes(5), false), "Every 5 minutes"),
        (Off, "Off"),
    ];

    public string Code => IsLive ? "live" : Every is { } every ? string.Create(CultureInfo.InvariantCulture, $"{every.TotalSeconds:0}s") : "off";

    public static Refresh Parse(string? code)
    {
        foreach (var (value, _) in Choices)
        {
            if (value.Code == code) { return value; }
        }
        return Live;
    }
}
