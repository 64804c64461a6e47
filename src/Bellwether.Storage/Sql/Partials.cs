using System.Data.Common;
using Bellwether.Telemetry;

namespace Bellwether.Storage.Sql;

/// <summary>
/// A sum (or maximum) that can be added up over rows, rollups and files; every measure that is no percentile and no
/// distinct count is made from these. Stored under <paramref name="Name"/> in the rollups.
/// </summary>
/// <param name="Raw">Over the rows of the observation table.</param>
internal sealed record Partial(string Name, string Raw, bool IsMaximum = false)
{
    /// <summary>Over the rows of a rollup.</summary>
    public string Merged => $"{(IsMaximum ? "max" : "sum")}({Name})";
}

internal static class Partials
{
    /// <summary>Calls of a model, without the steps of chains around them (<see cref="Observation.IsCall"/>), over the rows of the observation table.</summary>
    public static readonly string IsCall = "kind NOT IN ('tool', 'retrieval', 'chain', 'agent')";

    private static readonly string s_usageKnown = "(input_tokens IS NOT NULL OR output_tokens IS NOT NULL)";

    public static readonly Partial Count = new("n", "count(*)");
    public static readonly Partial Errors = new("errors", "count(*) FILTER (WHERE is_error)");
    public static readonly Partial LatencySum = new("latency_sum", "sum(total_ms) FILTER (WHERE latency_bucket IS NOT NULL)");
    public static readonly Partial LatencyCount = new("latency_n", "count(latency_bucket)");
    public static readonly Partial InputTokens = new("input_tokens", "sum(input_tokens)");
    public static readonly Partial OutputTokens = new("output_tokens", "sum(output_tokens)");
    public static readonly Partial TotalTokens = new("total_tokens", $"sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0)) FILTER (WHERE {s_usageKnown})");
    public static readonly Partial CacheReadTokens = new("cache_read_tokens", $"sum(cache_read_tokens) FILTER (WHERE {s_usageKnown})");
    public static readonly Partial ReasoningTokens = new("reasoning_tokens", $"sum(reasoning_tokens) FILTER (WHERE {s_usageKnown})");
    public static readonly Partial SpeedSum = new("tps_sum", "sum(tokens_per_second)");
    public static readonly Partial SpeedCount = new("tps_n", "count(tokens_per_second)");
    public static readonly Partial CostIn = new("cost_in", "sum(cost_in)");
    public static readonly Partial CostOut = new("cost_out", "sum(cost_out)");
    public static readonly Partial Priced = new("priced", "count(price_version)");
    public static readonly Partial Unpriced = new("unpriced", $"count(*) FILTER (WHERE {s_usageKnown} AND price_version IS NULL)");
    // In Unix ms: ticks do not fit a double.
    public static readonly Partial LastSeen = new("last_seen", "max(start_ticks) // 10000", IsMaximum: true);

    // The largest of the negated, so that it adds up like the others; in no rollup.
    public static readonly Partial FirstSeen = new("first_seen", "max(-(start_ticks // 10000))", IsMaximum: true);

    /// <summary>In the order of the rollup tables' columns.</summary>
    public static readonly IReadOnlyList<Partial> All =
    [
        Count, Errors, LatencySum, LatencyCount, InputTokens, OutputTokens, TotalTokens, CacheReadTokens, ReasoningTokens, SpeedSum, SpeedCount,
        CostIn, CostOut, Priced, Unpriced, LastSeen,
    ];

    /// <summary>Those of the rollups, then those that only rows can answer.</summary>
    public static readonly IReadOnlyList<Partial> Every = [.. All, FirstSeen];

    /// <summary>Which of them a measure needs; none for percentiles and distinct counts.</summary>
    public static IReadOnlyList<Partial> Of(Measure measure) => measure switch
    {
        Measure.Count => [Count],
        Measure.Errors => [Errors],
        Measure.ErrorRate => [Errors, Count],
        Measure.LatencyMean => [LatencySum, LatencyCount],
        Measure.InputTokens => [InputTokens],
        Measure.OutputTokens => [OutputTokens],
        Measure.TotalTokens => [TotalTokens],
        Measure.CacheReadTokens => [CacheReadTokens],
        Measure.ReasoningTokens => [ReasoningTokens],
        Measure.TokensPerSecond => [SpeedSum, SpeedCount],
        Measure.CostUsd => [CostIn, CostOut],
        Measure.InputCostUsd => [CostIn],
        Measure.OutputCostUsd => [CostOut],
        Measure.CostMean => [CostIn, CostOut, Priced],
        Measure.Unpriced => [Unpriced],
        Measure.LastSeen => [LastSeen],
        Measure.FirstSeen => [FirstSeen],
        _ => [],
    };
}

/// <summary>A kind of histogram. <paramref name="Id"/> is what the rollups store.</summary>
internal sealed record Histogram(int Id, string Column)
{
    public static readonly Histogram Latency = new(0, "latency_bucket");
    public static readonly Histogram Ttft = new(1, "ttft_bucket");
    public static readonly Histogram Cost = new(2, "cost_bucket");
    public static readonly IReadOnlyList<Histogram> All = [Latency, Ttft, Cost];

    /// <summary>The histogram and the quantile that a percentile measure reads, or null.</summary>
    public static (Histogram Histogram, double Quantile)? Of(Measure measure) => measure switch
    {
        Measure.LatencyP50 => (Latency, 0.5),
        Measure.LatencyP95 => (Latency, 0.95),
        Measure.LatencyP99 => (Latency, 0.99),
        Measure.TtftP50 => (Ttft, 0.5),
        Measure.TtftP95 => (Ttft, 0.95),
        Measure.TtftP99 => (Ttft, 0.99),
        Measure.CostP95 => (Cost, 0.95),
        _ => null,
    };
}

/// <summary>What distinct values of which column a measure counts.</summary>
internal static class Distinct
{
    public static string? Of(Measure measure) => measure switch
    {
        Measure.Users => "user_id",
        Measure.Sessions => "session_id",
        _ => null,
    };
}

/// <summary>The sums, histograms and distinct counts of one group (in one bucket), added up over every source.</summary>
internal sealed class Cell
{
    // Exact: money is added as decimals and becomes a double only when it leaves.
    private readonly decimal?[] _money = new decimal?[Partials.Every.Count];
    private readonly double?[] _sums = new double?[Partials.Every.Count];
    private readonly SortedDictionary<short, long>?[] _histograms = new SortedDictionary<short, long>?[Histogram.All.Count];
    private readonly Dictionary<string, long> _distinct = [];

    public void Add(IReadOnlyList<Partial> partials, DbDataReader row, int firstColumn)
    {
        for (var i = 0; i < partials.Count; i++)
        {
            if (row.IsDBNull(firstColumn + i))
            {
                continue;
            }
            var at = Index(partials[i]);
            if (IsMoney(partials[i]))
            {
                _money[at] = (_money[at] ?? 0) + row.GetDecimal(firstColumn + i);
            }
            else
            {
                var value = row.GetDouble(firstColumn + i);
                _sums[at] = partials[i].IsMaximum ? Math.Max(_sums[at] ?? double.MinValue, value) : (_sums[at] ?? 0) + value;
            }
        }
    }

    public void Add(Histogram histogram, short bucket, long count)
    {
        var counts = _histograms[histogram.Id] ??= [];
        counts[bucket] = counts.GetValueOrDefault(bucket) + count;
    }

    public void SetDistinct(string column, long count) => _distinct[column] = count;

    /// <summary>Whether any observation is in it.</summary>
    public bool IsEmpty => Sum(Partials.Count) is null or 0;

    /// <summary>Adds another cell's sums and histograms; distinct counts cannot be added.</summary>
    public void Merge(Cell other)
    {
        for (var i = 0; i < Partials.Every.Count; i++)
        {
            if (other._money[i] is { } money)
            {
                _money[i] = (_money[i] ?? 0) + money;
            }
            if (other._sums[i] is { } sum)
            {
                _sums[i] = Partials.Every[i].IsMaximum ? Math.Max(_sums[i] ?? double.MinValue, sum) : (_sums[i] ?? 0) + sum;
            }
        }
        foreach (var histogram in Histogram.All)
        {
            foreach (var (bucket, count) in other._histograms[histogram.Id] ?? [])
            {
                Add(histogram, bucket, count);
            }
        }
    }

    public double? Value(Measure measure)
    {
        if (Histogram.Of(measure) is var (histogram, quantile))
        {
            return _histograms[histogram.Id] is { } counts ? LogBuckets.Quantile(counts, quantile) : null;
        }
        if (Distinct.Of(measure) is { } column)
        {
            return _distinct.GetValueOrDefault(column);
        }
        return measure switch
        {
            Measure.Count => Sum(Partials.Count) ?? 0,
            Measure.Errors => Sum(Partials.Errors) ?? 0,
            Measure.Unpriced => Sum(Partials.Unpriced) ?? 0,
            Measure.ErrorRate => Ratio(Sum(Partials.Errors), Sum(Partials.Count)),
            Measure.LatencyMean => Ratio(Sum(Partials.LatencySum), Sum(Partials.LatencyCount)),
            Measure.TokensPerSecond => Ratio(Sum(Partials.SpeedSum), Sum(Partials.SpeedCount)),
            Measure.InputTokens => Sum(Partials.InputTokens),
            Measure.OutputTokens => Sum(Partials.OutputTokens),
            Measure.TotalTokens => Sum(Partials.TotalTokens),
            Measure.CacheReadTokens => Sum(Partials.CacheReadTokens),
            Measure.ReasoningTokens => Sum(Partials.ReasoningTokens),
            Measure.CostUsd => (double?)Cost,
            Measure.InputCostUsd => (double?)Money(Partials.CostIn),
            Measure.OutputCostUsd => (double?)Money(Partials.CostOut),
            Measure.CostMean => Sum(Partials.Priced) is { } priced and > 0 ? (double?)(Cost / (decimal)priced) : null,
            Measure.LastSeen => Sum(Partials.LastSeen),
            Measure.FirstSeen => -Sum(Partials.FirstSeen),
            _ => throw new TelemetryQueryException("measures", $"Unknown measure {measure}."),
        };
    }

    private decimal? Cost => Money(Partials.CostIn) is { } input ? input + (Money(Partials.CostOut) ?? 0) : Money(Partials.CostOut);

    private double? Sum(Partial partial) => _sums[Index(partial)];

    private decimal? Money(Partial partial) => _money[Index(partial)];

    private static double? Ratio(double? of, double? by) => by is null or 0 ? null : (of ?? 0) / by;

    private static bool IsMoney(Partial partial) => partial == Partials.CostIn || partial == Partials.CostOut;

    private static int Index(Partial partial)
    {
        for (var i = 0; i < Partials.Every.Count; i++)
        {
            if (ReferenceEquals(Partials.Every[i], partial))
            {
                return i;
            }
        }
        return -1;
    }
}
