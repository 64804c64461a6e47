using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>A session or an end user, and what its calls came to.</summary>
public sealed record GroupRow(string Name, DateTimeOffset LastSeen, double Calls, double Errors, double? Tokens, double? CostUsd, double Unpriced, double Others);

/// <summary>Reads sessions and end users: groups of a field, last seen first. Steps around the calls make a group seen, but only calls count.</summary>
public sealed class GroupReader(TelemetryReader reader)
{
    public static readonly int Most = 200;

    private static readonly Filter s_once = new(FilterField.PropertyPrefix + TraceTree.DuplicateProperty, FilterOp.Missing, []);
    private static readonly Filter s_any = new("kind", FilterOp.Exists, []);

    /// <param name="field"><c>session</c> or <c>user</c>.</param>
    public async Task<ImmutableArray<GroupRow>> ReadAsync(ProjectId project, TimeRange window, FilterExpression filter, string field, CancellationToken cancellationToken)
    {
        var has = new Filter(field, FilterOp.Exists, []);
        var seen = await reader.QueryAsync(
            new(project, window, [Measure.LastSeen]) { Where = [.. filter.Where, has, s_any], Text = filter.Text, By = [new(field)], Limit = Most }, cancellationToken);
        var names = seen.Rows.Select(row => row.Group[0]).Where(name => name.Length > 0).ToImmutableArray();
        if (names.IsEmpty) { return []; }
        var calls = await reader.QueryAsync(
            new(project, window, [Measure.Count, Measure.Errors, Measure.TotalTokens, Measure.CostUsd, Measure.Unpriced, field == "user" ? Measure.Sessions : Measure.Users])
            { Where = [.. filter.Where.Where(one => one.Field != "kind"), new(field, FilterOp.In, names), TraceReader.IsCall, s_once], Text = filter.Text, By = [new(field)] },
            cancellationToken);
        var sums = calls.Rows.ToDictionary(row => row.Group[0], row => row.Values, StringComparer.Ordinal);
        return [.. seen.Rows.Where(row => row.Group[0].Length > 0).Select(row =>
        {
            var values = sums.GetValueOrDefault(row.Group[0], [0, 0, null, null, 0, 0]);
            return new GroupRow(row.Group[0], DateTimeOffset.FromUnixTimeMilliseconds((long)(row.Values[0] ?? 0)), values[0] ?? 0, values[1] ?? 0, values[2], values[3], values[4] ?? 0, values[5] ?? 0);
        })];
    }

    /// <summary>When a group's first step was, as far as a year back; null when there is none. Narrowed by the day and the minute, so that nothing long is listed.</summary>
    public async Task<DateTimeOffset?> FirstSeenAsync(ProjectId project, string field, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var window = new TimeRange(now.AddDays(-366), now.AddDays(1));
        foreach (var step in (TimeSpan[])[TimeSpan.FromDays(1), TimeSpan.FromMinutes(1)])
        {
            var buckets = await reader.QueryAsync(new(project, window, [Measure.Count]) { Where = [Filter.Eq(field, name), s_any], Step = step }, cancellationToken);
            if (buckets.Rows.Where(row => row.Values[0] > 0).Min(row => row.Bucket) is not { } first) { return null; }
            window = new(first, first + step);
        }
        var page = await reader.ReadPageAsync(new(project, window, 1_000) { Where = [Filter.Eq(field, name)] }, cancellationToken);
        return page.Items.Length > 0 ? page.Items[^1].StartTime : window.From;
    }
}
