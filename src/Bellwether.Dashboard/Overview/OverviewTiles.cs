using System.Globalization;

namespace Bellwether.Dashboard;

/// <summary>One figure of the overview, ready to draw.</summary>
public sealed record OverviewTile(string Label, string Href = "", PanelState State = PanelState.Loading)
{
    public string Value { get; init; } = "";
    public string Unit { get; init; } = "";
    public string Note { get; init; } = "";
    public string EmptyText { get; init; } = "no data";
    public Change? Change { get; init; }
    public Goal Goal { get; init; }
    public IReadOnlyList<double?> Trend { get; init; } = [];
    public IReadOnlyList<double?>? TrendBefore { get; init; }
    public string Tone { get; init; } = "1";
}

/// <summary>The ten figures of D1 and D4.</summary>
public static class OverviewTiles
{
    private static readonly string[] Labels =
        ["Requests", "Error rate", "Latency P50", "Latency P95", "Latency P99", "Time to first token", "Generation speed", "Cost", "Active users", "Throughput"];

    public static readonly IReadOnlyList<OverviewTile> Loading = [.. Labels.Select(label => new OverviewTile(label))];

    public static IReadOnlyList<OverviewTile> Of(OverviewData data, OverviewLinks links)
    {
        var (now, before, series, past) = (data.Now, data.Before, data.Series, data.SeriesBefore);
        var sample = Of(now.Count, "request");

        OverviewTile Tile(int label, double? value, double? former, string text, string unit, string note, string filter, Goal goal,
            IReadOnlyList<double?> trend, IReadOnlyList<double?>? trendBefore, string tone = "1") =>
            new(Labels[label], links.Requests(filter), value is null ? PanelState.Empty : PanelState.Full)
            {
                Value = text, Unit = unit, Note = note, Goal = goal, Change = Dashboard.Change.Of(value, former), Trend = trend, TrendBefore = trendBefore, Tone = tone,
            };

        OverviewTile Latency(int label, double? value, double? former, string note, IReadOnlyList<double?> trend, IReadOnlyList<double?>? trendBefore, string tone, string field = "latency_ms") =>
            Tile(label, value, former, Format.Milliseconds(value), "", note, value is { } ms && label != 2 ? Above(field, ms) : "", Goal.Lower, trend, trendBefore, tone);

        return
        [
            Tile(0, now.PerMinute, before.PerMinute, Format.Rate(now.PerMinute), "/ min", sample, "", Goal.Neither, series.PerMinute, past?.PerMinute),
            Tile(1, now.ErrorRate, before.ErrorRate, Format.Percent(now.ErrorRate), "", $"{Format.Count(now.Errors)} of {Format.Count(now.Count)}", "error:true", Goal.Lower, series.ErrorRate, past?.ErrorRate, "bad"),
            Latency(2, now.LatencyP50, before.LatencyP50, sample, series.LatencyP50, past?.LatencyP50, "1"),
            Latency(3, now.LatencyP95, before.LatencyP95, sample, series.LatencyP95, past?.LatencyP95, "2"),
            Latency(4, now.LatencyP99, before.LatencyP99, sample, series.LatencyP99, past?.LatencyP99, "3"),
            Tile(5, now.TtftP50, before.TtftP50, Format.Milliseconds(now.TtftP50), "", now.TtftP95 is null ? "" : $"median · P95 {Format.Milliseconds(now.TtftP95)}", now.TtftP95 is { } slow ? Above("ttft_ms", slow) : "ttft_ms:*", Goal.Lower, series.TtftP50, past?.TtftP50) with { EmptyText = "no streams" },
            Tile(6, now.TokensPerSecond, before.TokensPerSecond, Format.Rate(now.TokensPerSecond), "tok/s", "where the tokens are known", "", Goal.Higher, series.TokensPerSecond, past?.TokensPerSecond),
            Tile(7, now.UsdPerHour, before.UsdPerHour, Format.Usd(now.UsdPerHour), "/ hour", CostNote(now), now.Unpriced > 0 && now.CostUsd is null ? "priced:false" : "priced:true", Goal.Lower, series.UsdPerHour, past?.UsdPerHour, "3") with { EmptyText = now.Unpriced > 0 ? "no price" : "no data" },
            Tile(8, now.Count > 0 ? now.Users : null, before.Count > 0 ? before.Users : null, Format.Count(now.Users), "", now.Users is 0 ? "no caller names its users" : sample, "user:*", Goal.Neither, series.Users, null, "4"),
            Tile(9, now.TokensPerMinute, before.TokensPerMinute, Format.Compact(now.TokensPerMinute), "tok/min", $"{Format.Compact(now.Tokens)} tokens", "", Goal.Neither, series.TokensPerMinute, past?.TokensPerMinute, "4"),
        ];

        static string Of(double count, string word) => $"{Format.Count(count)} {word}{(count == 1 ? "" : "s")}";
    }

    /// <summary>The slow tail: what lies at or above a percentile, rounded down so that the percentile itself is in.</summary>
    private static string Above(string field, double ms) => string.Create(CultureInfo.InvariantCulture, $"{field}:>={Math.Floor(ms):0}");

    private static string CostNote(PeriodTotals now)
    {
        var total = now.CostUsd is null ? "" : $"{Format.Usd(now.CostUsd)} in all";
        var unpriced = now.Unpriced > 0 ? $"{Format.Count(now.Unpriced)} unpriced" : "";
        return string.Join(" · ", new[] { total, unpriced }.Where(part => part.Length > 0));
    }
}
