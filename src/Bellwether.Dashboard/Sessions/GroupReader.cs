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

    /// <param name="field"><c>session</c> or <c>user</c>.</param>
    public async Task<ImmutableArray<GroupRow>> ReadAsync(ProjectId project, TimeRange window, FilterExpression filter, string field, CancellationToken cancellationToken)
    {
        var has = new Filter(field, FilterOp.Exists, []);
        var seen = await reader.QueryAsync(
            new(project, window, [Measure.LastSeen]) { Where = [.. filter.Where, has], Text = filter.Text, By = [new(field)], Limit = Most, EveryKind = true }, cancellationToken);
        var names = seen.Rows.Select(row => row.Group[0]).Where(name => name.Length > 0).ToImmutableArray();
        if (names.IsEmpty) { return []; }
        var calls = await reader.QueryAsync(
            new(project, window, [Measure.Count, Measure.Errors, Measure.TotalTokens, Measure.CostUsd, Measure.Unpriced, field == "user" ? Measure.Sessions : Measure.Users])
            { Where = [.. filter.Where.Where(one => one.Field != "kind"), new(field, FilterOp.In, names)], Text = filter.Text, By = [new(field)] },
            cancellationToken);
        var sums = calls.Rows.ToDictionary(row => row.Group[0], row => row.Values, StringComparer.Ordinal);
        return [.. seen.Rows.Where(row => row.Group[0].Length > 0).Select(row =>
        {
            var values = sums.GetValueOrDefault(row.Group[0], [0, 0, null, null, 0, 0]);
            return new GroupRow(row.Group[0], DateTimeOffset.FromUnixTimeMilliseconds((long)(row.Values[0] ?? 0)), values[0] ?? 0, values[1] ?? 0, values[2], values[3], values[4] ?? 0, values[5] ?? 0);
        })];
    }

    /// <summary>When a group's first step was, as far as a year back; null when there is none.</summary>
    public async Task<DateTimeOffset?> FirstSeenAsync(ProjectId project, string field, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var result = await reader.QueryAsync(
            new(project, new(now.AddDays(-366), now.AddDays(1)), [Measure.FirstSeen]) { Where = [Filter.Eq(field, name)], EveryKind = true }, cancellationToken);
        return result.Rows is [{ Values: [{ } first] }, ..] ? DateTimeOffset.FromUnixTimeMilliseconds((long)first) : null;
    }
}
