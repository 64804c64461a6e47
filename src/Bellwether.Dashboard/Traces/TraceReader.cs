using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>A list row: the root of a trace, and what the trace came to.</summary>
public sealed record TraceRow(Observation Root, double Steps, double Calls, double Errors, double? Tokens, double? CostUsd, double Unpriced);

/// <summary>What a chain costs, by the name of its root.</summary>
/// <param name="CostPerTrace">US dollars, over the newest traces (<see cref="ChainTable.Sampled"/>).</param>
public sealed record ChainRow(string Name, double Count, double Errors, double? P50Ms, double? P95Ms, double? CostPerTrace, double? TokensPerTrace);

/// <param name="Sampled">How many of the newest traces cost and tokens were read from.</param>
public sealed record ChainTable(ImmutableArray<ChainRow> Rows, int Sampled, bool IsSample);

/// <summary>How the pages read traces. Only calls count in sums, and a call that was reported twice counts once.</summary>
public sealed class TraceReader(TelemetryReader reader)
{
    /// <summary>Roots that are the start of something with steps, in distinction to a single call.</summary>
    public static readonly Filter IsChain = new("kind", FilterOp.In, ["chain", "agent", "retrieval", "tool"]);

    public static readonly Filter IsCall = new("kind", FilterOp.In, ["llm", "embedding", "moderation", "other"]);

    // A call that was reported twice counts once: the second report names the first.
    private static readonly Filter s_once = new(FilterField.PropertyPrefix + TraceTree.DuplicateProperty, FilterOp.Missing, []);

    private static readonly Filter s_isRoot = new("parent_id", FilterOp.Missing, []);
    private static readonly int s_sample = 1_000;
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(2);

    /// <summary>Roots that fit a filter of the list.</summary>
    /// <param name="all">With single calls that are a trace of their own.</param>
    public static ImmutableArray<Filter> Roots(FilterExpression filter, bool all) =>
        [.. filter.Where, s_isRoot, .. all || filter.Where.Any(one => one.Field == "kind") ? Array.Empty<Filter>() : [IsChain]];

    /// <summary>All steps of a trace, at most 20,000.</summary>
    /// <param name="near">Where it was seen. Looked at first, so that a year of days is searched only for what is not there.</param>
    public async Task<TraceSteps> ReadAsync(ProjectId project, string traceId, TimeRange near, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var around = new TimeRange(near.From - s_longest, near.To + s_longest);
        var steps = await reader.ReadTraceAsync(new(project, traceId, around, TraceRequest.MostSteps), cancellationToken);
        return steps.Items.Length > 0 ? steps
            : await reader.ReadTraceAsync(new(project, traceId, new(now.AddYears(-10), now.AddDays(2)), TraceRequest.MostSteps), cancellationToken);
    }

    /// <summary>A page of the list, newest first.</summary>
    public async Task<(ImmutableArray<TraceRow> Rows, string? Next)> ListAsync(
        ProjectId project, TimeRange window, FilterExpression filter, bool all, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var page = await reader.ReadPageAsync(new(project, window, limit) { Where = Roots(filter, all), Text = filter.Text, Cursor = cursor }, cancellationToken);
        return ([.. await SumAsync(project, page.Items, s_once, cancellationToken)], page.Next);
    }

    public async Task<ChainTable> ChainsAsync(ProjectId project, TimeRange window, FilterExpression filter, CancellationToken cancellationToken)
    {
        var roots = Roots(filter, all: false);
        var groups = await reader.QueryAsync(
            new(project, window, [Measure.Count, Measure.Errors, Measure.LatencyP50, Measure.LatencyP95]) { Where = roots, Text = filter.Text, By = [new("name")], Limit = 50 },
            cancellationToken);
        var newest = await reader.ReadPageAsync(new(project, window, s_sample) { Where = roots, Text = filter.Text }, cancellationToken);
        // A second report of a call has neither tokens nor cost, and looking for it in the properties of many days takes memory.
        var sums = (await SumAsync(project, newest.Items, once: null, cancellationToken)).ToLookup(row => row.Root.Name, StringComparer.Ordinal);
        return new(
            [.. groups.Rows.Select(row =>
            {
                var traces = sums[row.Group[0]].ToList();
                var costs = traces.Where(trace => trace.CostUsd is not null).ToList();
                return new ChainRow(row.Group[0], row.Values[0] ?? 0, row.Values[1] ?? 0, row.Values[2], row.Values[3],
                    costs.Count == 0 ? null : costs.Sum(trace => trace.CostUsd) / traces.Count,
                    traces.Any(trace => trace.Tokens is not null) ? traces.Sum(trace => trace.Tokens ?? 0) / traces.Count : null);
            })],
            newest.Items.Length, newest.Next is not null);
    }

    // One query for the calls and one for all steps, over all rows of a page at once.
    private async Task<IEnumerable<TraceRow>> SumAsync(ProjectId project, ImmutableArray<Observation> roots, Filter? once, CancellationToken cancellationToken)
    {
        var ids = roots.Select(root => root.TraceId).Where(id => id.Length > 0).Distinct(StringComparer.Ordinal).ToImmutableArray();
        if (ids.IsEmpty) { return roots.Select(Alone); }
        var window = new TimeRange(roots.Min(root => root.StartTime) - TimeSpan.FromMinutes(10), roots.Max(root => root.StartTime) + s_longest);
        var among = new Filter("trace_id", FilterOp.In, ids);
        var calls = await ByTraceAsync([Measure.Count, Measure.TotalTokens, Measure.CostUsd, Measure.Unpriced], once is null ? [among] : [among, once]);
        var steps = await ByTraceAsync([Measure.Count, Measure.Errors], [among], everyKind: true);
        return roots.Select(root =>
        {
            if (root.TraceId.Length == 0) { return Alone(root); }
            var call = calls.GetValueOrDefault(root.TraceId);
            var step = steps.GetValueOrDefault(root.TraceId);
            return new TraceRow(root, Of(step, 0) ?? 1, Of(call, 0) ?? 0, Of(step, 1) ?? 0, Of(call, 1), Of(call, 2), Of(call, 3) ?? 0);
        });

        // A call that belongs to no trace is all there is of it.
        static TraceRow Alone(Observation call) => new(
            call, 1, call.IsCall ? 1 : 0, call.IsError ? 1 : 0, call.Usage.IsKnown ? call.Usage.TotalTokens : null, (double?)call.Cost?.TotalUsd, call.Usage.IsKnown && call.Cost is null ? 1 : 0);

        async Task<Dictionary<string, ImmutableArray<double?>>> ByTraceAsync(ImmutableArray<Measure> measures, ImmutableArray<Filter> where, bool everyKind = false)
        {
            var result = await reader.QueryAsync(new(project, window, measures) { Where = where, By = [new("trace_id")], EveryKind = everyKind }, cancellationToken);
            return result.Rows.ToDictionary(row => row.Group[0], row => row.Values, StringComparer.Ordinal);
        }

        static double? Of(ImmutableArray<double?> values, int at) => values.IsDefault ? null : values[at];
    }
}
