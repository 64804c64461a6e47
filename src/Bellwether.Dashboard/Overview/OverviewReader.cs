using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>
/// Reads an overview with a fixed handful of queries, side by side. Users are asked for apart: distinct counts do not add up
/// over rollups, and must not slow the rest down.
/// </summary>
public sealed class OverviewReader(TelemetryReader reader)
{
    /// <summary>Models drawn by name; more lines than this say nothing.</summary>
    private static readonly int DrawnModels = 6;

    private static readonly int TopRows = 6;

    private static readonly ImmutableArray<Measure> Measures =
    [
        Measure.Count, Measure.Errors, Measure.LatencyP50, Measure.LatencyP95, Measure.LatencyP99, Measure.TtftP50, Measure.TtftP95,
        Measure.TokensPerSecond, Measure.CostUsd, Measure.InputTokens, Measure.OutputTokens, Measure.Unpriced,
    ];

    private static readonly ImmutableArray<Measure> RowMeasures = [Measure.Count, Measure.Errors, Measure.LatencyP95, Measure.CostUsd, Measure.Unpriced];

    public async Task<OverviewData> ReadAsync(ProjectId project, TimeRange range, FilterExpression filter, bool compare, CancellationToken cancellationToken)
    {
        var scale = TimeScale.For(range);
        var all = new TelemetryQuery(project, range, Measures) { Where = filter.Where, Text = filter.Text };
        var before = all with { Window = range.Previous };
        var users = all with { Measures = [Measure.Users] };

        var totals = Run(all);
        var totalsBefore = Run(before);
        var series = Run(all with { Step = scale.Step });
        var seriesBefore = compare ? Run(before with { Step = scale.Step }) : null;
        var usersNow = Run(users);
        var usersBefore = Run(users with { Window = range.Previous });
        var usersSeries = Run(users with { Step = scale.Step });
        var models = Run(all with { Measures = RowMeasures, By = [new Dimension("model")], Limit = TopRows });
        var modelSeries = Run(all with { Measures = [Measure.Count], By = [new Dimension("model")], Step = scale.Step, Limit = DrawnModels });
        var endpoints = Run(all with { Measures = RowMeasures, By = [new Dimension("endpoint")], Limit = TopRows });
        var errors = Run(all with { Measures = RowMeasures, By = [new Dimension("error_type")], Where = [.. filter.Where, Filter.Eq("error", "true")], Limit = TopRows });
        await Task.WhenAll([totals, totalsBefore, series, usersNow, usersBefore, usersSeries, models, modelSeries, endpoints, errors, .. seriesBefore is null ? Array.Empty<Task>() : [seriesBefore]]);

        var now = Totals(await totals, await usersNow, range.Length);
        return new OverviewData
        {
            Scale = scale,
            Now = now,
            Before = Totals(await totalsBefore, await usersBefore, range.Length),
            Series = Series(await series, scale, TimeSpan.Zero) with { Users = Column(await usersSeries, 0, scale, TimeSpan.Zero) },
            SeriesBefore = seriesBefore is null ? null : Series(await seriesBefore, scale, range.Length),
            Models = Rows(await models),
            ModelSeries = ModelRates(await modelSeries, await series, scale),
            Endpoints = Rows(await endpoints),
            ErrorTypes = Rows(await errors),
            HasAnyData = now.Count > 0 || await HasAnyAsync(project, range, cancellationToken),
        };

        Task<QueryResult> Run(TelemetryQuery query) => reader.QueryAsync(query, cancellationToken).AsTask();
    }

    // An unfiltered year back: only asked when the range itself is empty.
    private async Task<bool> HasAnyAsync(ProjectId project, TimeRange range, CancellationToken cancellationToken)
    {
        var query = new TelemetryQuery(project, new TimeRange(range.To.AddDays(-366), range.To.AddDays(1)), [Measure.Count]);
        var result = await reader.QueryAsync(query, cancellationToken);
        return result.Rows is [{ Values: [> 0, ..] }, ..];
    }

    internal static PeriodTotals Totals(QueryResult result, QueryResult users, TimeSpan length)
    {
        var row = result.Rows is [var only, ..] ? only.Values : [];
        return new PeriodTotals
        {
            Length = length,
            Count = Value(row, 0) ?? 0,
            Errors = Value(row, 1) ?? 0,
            LatencyP50 = Value(row, 2),
            LatencyP95 = Value(row, 3),
            LatencyP99 = Value(row, 4),
            TtftP50 = Value(row, 5),
            TtftP95 = Value(row, 6),
            TokensPerSecond = Value(row, 7),
            CostUsd = Value(row, 8),
            InputTokens = Value(row, 9),
            OutputTokens = Value(row, 10),
            Unpriced = Value(row, 11) ?? 0,
            Users = users.Rows is [var counted, ..] ? Value(counted.Values, 0) : null,
        };
    }

    internal static PeriodSeries Series(QueryResult result, TimeScale scale, TimeSpan shift)
    {
        IReadOnlyList<double?> Of(int measure) => Column(result, measure, scale, shift);
        var (count, errors) = (Of(0), Of(1));
        var (input, output) = (Of(9), Of(10));
        return new PeriodSeries
        {
            Succeeded = Zip(count, errors, (all, failed) => all - (failed ?? 0)),
            Errors = errors,
            PerMinute = Rate(count, scale, TimeSpan.FromMinutes(1)),
            ErrorRate = Zip(count, errors, (all, failed) => all > 0 ? (failed ?? 0) / all : null),
            LatencyP50 = Of(2),
            LatencyP95 = Of(3),
            LatencyP99 = Of(4),
            TtftP50 = Of(5),
            TtftP95 = Of(6),
            TokensPerSecond = Of(7),
            UsdPerHour = Rate(Of(8), scale, TimeSpan.FromHours(1)),
            InputTokensPerMinute = Rate(input, scale, TimeSpan.FromMinutes(1)),
            OutputTokensPerMinute = Rate(output, scale, TimeSpan.FromMinutes(1)),
            TokensPerMinute = Rate(Zip(input, output, (a, b) => a is null && b is null ? null : (a ?? 0) + (b ?? 0)), scale, TimeSpan.FromMinutes(1)),
        };
    }

    /// <summary>One measure on the buckets of a scale. Buckets without a row stay null.</summary>
    /// <param name="shift">Added to a row's time: the length of the range, to lay the previous period over this one.</param>
    internal static IReadOnlyList<double?> Column(QueryResult result, int measure, TimeScale scale, TimeSpan shift)
    {
        var values = new double?[scale.Buckets.Length];
        foreach (var row in result.Rows)
        {
            // The previous period's buckets are aligned to the epoch too, so they may lie across ours: the nearer one takes them.
            if (row.Bucket is { } bucket && scale.IndexOf(bucket + shift + (shift == TimeSpan.Zero ? TimeSpan.Zero : scale.Step / 2)) is >= 0 and var index)
            {
                values[index] = Value(row.Values, measure);
            }
        }
        return values;
    }

    internal static ImmutableArray<(string Name, IReadOnlyList<double?> PerMinute)> ModelRates(QueryResult byModel, QueryResult all, TimeScale scale)
    {
        var minute = TimeSpan.FromMinutes(1);
        var rest = Column(all, 0, scale, TimeSpan.Zero).ToArray();
        var named = new List<(string Name, double Total, IReadOnlyList<double?> Counts)>();
        foreach (var group in byModel.Rows.GroupBy(row => row.Group[0]))
        {
            var counts = Column(new QueryResult([.. group]), 0, scale, TimeSpan.Zero);
            for (var i = 0; i < rest.Length; i++) { rest[i] -= counts[i] ?? 0; }
            named.Add((group.Key, counts.Sum() ?? 0, counts));
        }
        var drawn = named.OrderByDescending(model => model.Total).Select(model => (model.Name, PerMinute: (IReadOnlyList<double?>)Filled(model.Counts, all, scale, minute))).ToList();
        if (rest.Any(value => value > 0.5)) { drawn.Add(("others", Rate(rest, scale, minute))); }
        return [.. drawn];
    }

    // In a stack, a bucket where others have data and this model has none is 0, not a gap: the stack would fall apart.
    private static double?[] Filled(IReadOnlyList<double?> counts, QueryResult all, TimeScale scale, TimeSpan unit)
    {
        var total = Column(all, 0, scale, TimeSpan.Zero);
        return Rate([.. counts.Select((value, index) => value ?? (total[index] is null ? null : 0d))], scale, unit);
    }

    private static ImmutableArray<TopRow> Rows(QueryResult result) =>
        [.. result.Rows.Select(row => new TopRow(
            row.Group[0], Value(row.Values, 0) ?? 0, Value(row.Values, 1) ?? 0, Value(row.Values, 2), Value(row.Values, 3), Value(row.Values, 4) ?? 0))];

    // A bucket that the range cuts is divided by the part that was seen; a sliver too thin for a rate is left out.
    private static double?[] Rate(IReadOnlyList<double?> sums, TimeScale scale, TimeSpan unit)
    {
        var rates = new double?[sums.Count];
        for (var i = 0; i < rates.Length; i++)
        {
            var covered = scale.Covered(i);
            rates[i] = covered >= scale.Step / 4 ? sums[i] / (covered / unit) : null;
        }
        return rates;
    }

    private static double?[] Zip(IReadOnlyList<double?> a, IReadOnlyList<double?> b, Func<double?, double?, double?> of) =>
        [.. a.Select((value, index) => of(value, b[index]))];

    private static double? Value(ImmutableArray<double?> values, int index) => index < values.Length ? values[index] : null;
}
