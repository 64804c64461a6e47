namespace Bellwether.Dashboard;

/// <summary>One chart of the overview, ready to draw.</summary>
/// <param name="Span">Columns of six.</param>
/// <param name="Filter">Condition on the requests that a click leads to.</param>
public sealed record OverviewChart(string Title, string Hint, ChartKind Kind, ChartUnit Unit, int Span, string? Href = null, string Filter = "")
{
    public IReadOnlyList<ChartSeries> Series { get; init; } = [];
    public string EmptyText { get; init; } = "Nothing in this time range. Choose a longer one.";
}

/// <summary>The charts of D1 and D4.</summary>
public static class OverviewCharts
{
    private static readonly OverviewChart Traffic = new("Requests", "per bucket, by outcome", ChartKind.StackedBars, ChartUnit.Count, 3);
    private static readonly OverviewChart Latency = new("Latency", "total time", ChartKind.Line, ChartUnit.Milliseconds, 3);
    private static readonly OverviewChart Cost = new("Cost", "burn rate", ChartKind.Line, ChartUnit.UsdPerHour, 2, Filter: "priced:true")
    {
        EmptyText = "No request of this time range has a price.",
    };
    private static readonly OverviewChart Ttft = new("Time to first token", "streamed answers", ChartKind.Line, ChartUnit.Milliseconds, 2, Filter: "ttft_ms:*")
    {
        EmptyText = "No answer was streamed in this time range.",
    };
    private static readonly OverviewChart Throughput = new("Throughput", "tokens per minute", ChartKind.StackedArea, ChartUnit.Tokens, 2);
    private static readonly OverviewChart Models = new("Model distribution", "requests per minute", ChartKind.StackedArea, ChartUnit.PerMinute, 3);

    public static readonly IReadOnlyList<OverviewChart> Loading = [Traffic, Latency, Cost, Ttft, Throughput, Models];

    public static IReadOnlyList<OverviewChart> Of(OverviewData data, OverviewLinks links)
    {
        var (now, past) = (data.Series, data.SeriesBefore);
        var tones = Tones(data);
        return
        [
            Traffic with
            {
                Hint = Format.Per(data.Scale.Step),
                Href = links.Requests(),
                Series = With([new("succeeded", "1", now.Succeeded), new("failed", "bad", now.Errors)], past is null ? [] : [new("all", "quiet", Sum(past.Succeeded, past.Errors), Previous: true)]),
            },
            Latency with
            {
                Href = links.Requests(),
                Series = With([new("P50", "1", now.LatencyP50), new("P95", "2", now.LatencyP95), new("P99", "3", now.LatencyP99)],
                    past is null ? [] : [new("P50", "1", past.LatencyP50, true), new("P95", "2", past.LatencyP95, true), new("P99", "3", past.LatencyP99, true)]),
            },
            Cost with { Href = links.Requests("priced:true"), Series = With([new("cost", "3", now.UsdPerHour)], past is null ? [] : [new("cost", "3", past.UsdPerHour, true)]) },
            Ttft with
            {
                Href = links.Requests("ttft_ms:*"),
                Series = With([new("P50", "1", now.TtftP50), new("P95", "2", now.TtftP95)], past is null ? [] : [new("P50", "1", past.TtftP50, true), new("P95", "2", past.TtftP95, true)]),
            },
            Throughput with
            {
                Href = links.Requests(),
                Series = With([new("input", "4", now.InputTokensPerMinute), new("output", "1", now.OutputTokensPerMinute)], past is null ? [] : [new("all", "quiet", past.TokensPerMinute, true)]),
            },
            Models with { Href = links.Requests(), Series = [.. data.ModelSeries.Select(model => new ChartSeries(NameOf(model.Name), tones.GetValueOrDefault(model.Name, "8"), model.PerMinute))] },
        ];
    }

    /// <summary>The colour of each drawn model, the same in the chart and in the list.</summary>
    public static IReadOnlyDictionary<string, string> Tones(OverviewData? data) =>
        data is null ? new Dictionary<string, string>(StringComparer.Ordinal)
        : data.ModelSeries.Where(model => model.Name != "others")
            .Select((model, index) => (model.Name, Tone: (index + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)))
            .ToDictionary(pair => pair.Name, pair => pair.Tone, StringComparer.Ordinal);

    private static string NameOf(string model) => model.Length == 0 ? "(no model)" : model;

    private static IReadOnlyList<ChartSeries> With(IReadOnlyList<ChartSeries> now, IReadOnlyList<ChartSeries> before) => [.. now, .. before];

    private static double?[] Sum(IReadOnlyList<double?> a, IReadOnlyList<double?> b) =>
        [.. a.Zip(b, (x, y) => x is null && y is null ? (double?)null : (x ?? 0) + (y ?? 0))];
}
