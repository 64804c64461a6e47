using System.Collections.Immutable;

namespace Bellwether.Dashboard;

/// <summary>Measures of a whole period; null is "no data".</summary>
public sealed record PeriodTotals
{
    public double Count { get; init; }
    public double Errors { get; init; }
    public double? LatencyP50 { get; init; }
    public double? LatencyP95 { get; init; }
    public double? LatencyP99 { get; init; }
    public double? TtftP50 { get; init; }
    public double? TtftP95 { get; init; }
    public double? TokensPerSecond { get; init; }
    public double? CostUsd { get; init; }
    public double? InputTokens { get; init; }
    public double? OutputTokens { get; init; }
    public double Unpriced { get; init; }
    public double? Users { get; init; }
    public TimeSpan Length { get; init; }

    public double? ErrorRate => Count > 0 ? Errors / Count : null;
    public double? PerMinute => Count > 0 ? Count / Length.TotalMinutes : null;
    public double? UsdPerHour => CostUsd / Length.TotalHours;
    public double? Tokens => InputTokens is null && OutputTokens is null ? null : (InputTokens ?? 0) + (OutputTokens ?? 0);
    public double? TokensPerMinute => Tokens / Length.TotalMinutes;
}

/// <summary>The same measures per bucket of a <see cref="TimeScale"/>; null is a gap.</summary>
public sealed record PeriodSeries
{
    public required IReadOnlyList<double?> Succeeded { get; init; }
    public required IReadOnlyList<double?> Errors { get; init; }
    public required IReadOnlyList<double?> PerMinute { get; init; }
    public required IReadOnlyList<double?> ErrorRate { get; init; }
    public required IReadOnlyList<double?> LatencyP50 { get; init; }
    public required IReadOnlyList<double?> LatencyP95 { get; init; }
    public required IReadOnlyList<double?> LatencyP99 { get; init; }
    public required IReadOnlyList<double?> TtftP50 { get; init; }
    public required IReadOnlyList<double?> TtftP95 { get; init; }
    public required IReadOnlyList<double?> TokensPerSecond { get; init; }
    public required IReadOnlyList<double?> UsdPerHour { get; init; }
    public required IReadOnlyList<double?> InputTokensPerMinute { get; init; }
    public required IReadOnlyList<double?> OutputTokensPerMinute { get; init; }
    public required IReadOnlyList<double?> TokensPerMinute { get; init; }
    public IReadOnlyList<double?> Users { get; init; } = [];
}

/// <summary>A row of a top list.</summary>
public sealed record TopRow(string Name, double Count, double Errors, double? LatencyP95, double? CostUsd, double Unpriced)
{
    public double? ErrorRate => Count > 0 ? Errors / Count : null;
}

/// <summary>Everything that the overview shows of one range.</summary>
public sealed record OverviewData
{
    public required TimeScale Scale { get; init; }
    public required PeriodTotals Now { get; init; }
    public required PeriodTotals Before { get; init; }
    public required PeriodSeries Series { get; init; }
    /// <summary>The previous period on the buckets of this one; null unless asked for.</summary>
    public PeriodSeries? SeriesBefore { get; init; }
    public required ImmutableArray<TopRow> Models { get; init; }
    /// <summary>Requests per minute of the busiest models and of all others together.</summary>
    public required ImmutableArray<(string Name, IReadOnlyList<double?> PerMinute)> ModelSeries { get; init; }
    public required ImmutableArray<TopRow> Endpoints { get; init; }
    public required ImmutableArray<TopRow> ErrorTypes { get; init; }
    /// <summary>False when the project has never recorded anything at all, which needs other words than an empty range.</summary>
    public bool HasAnyData { get; init; } = true;
}
