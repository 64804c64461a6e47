namespace Bellwether.Dashboard;

/// <summary>What <c>charts.js</c> gets. Small on purpose: how a chart looks is the script's and the style sheet's matter.</summary>
internal sealed record ChartSpec
{
    public required string Kind { get; init; }
    public required string Unit { get; init; }
    public required string AxisName { get; init; }
    /// <summary>IANA name, or <c>UTC</c>.</summary>
    public required string Zone { get; init; }
    /// <summary>Unix milliseconds.</summary>
    public required long From { get; init; }
    /// <summary>Unix milliseconds.</summary>
    public required long To { get; init; }
    /// <summary>Milliseconds.</summary>
    public required long Step { get; init; }
    public required long[] Times { get; init; }
    public required ChartSpecSeries[] Series { get; init; }
    public required bool Zoomable { get; init; }
    public required bool Pickable { get; init; }

    public static ChartSpec Of(TimeChart chart, HashSet<string> hidden, string zone) => new()
    {
        Kind = chart.Kind switch { ChartKind.Line => "line", ChartKind.StackedArea => "area", _ => "bars" },
        Unit = chart.Unit.ToString(),
        AxisName = chart.AxisName ?? ChartUnits.Axis(chart.Unit),
        Zone = zone,
        From = chart.Scale.Range.From.ToUnixTimeMilliseconds(),
        To = chart.Scale.Range.To.ToUnixTimeMilliseconds(),
        Step = (long)chart.Scale.Step.TotalMilliseconds,
        Times = [.. chart.Scale.Buckets.Select(bucket => bucket.ToUnixTimeMilliseconds())],
        Series = [.. chart.Series.Where(series => !hidden.Contains(series.Name))
            .Select(series => new ChartSpecSeries(series.Name, series.Tone, series.Previous, [.. series.Values]))],
        Zoomable = chart.OnZoom.HasDelegate,
        Pickable = chart.OnPick.HasDelegate,
    };

    /// <summary>Whether drawing again would change nothing. Records compare arrays by reference.</summary>
    public bool Same(ChartSpec other) =>
        Kind == other.Kind && Unit == other.Unit && Zone == other.Zone && From == other.From && To == other.To && Step == other.Step
        && Times.AsSpan().SequenceEqual(other.Times) && Series.Length == other.Series.Length
        && Series.Zip(other.Series).All(pair => pair.First.Same(pair.Second));
}

internal sealed record ChartSpecSeries(string Name, string Tone, bool Previous, double?[] Values)
{
    public bool Same(ChartSpecSeries other) =>
        Name == other.Name && Tone == other.Tone && Previous == other.Previous && Values.AsSpan().SequenceEqual(other.Values);
}
