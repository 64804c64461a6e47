using System.Collections.Immutable;
using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>A session or an end user, and what its calls came to.</summary>
/// <param name="Others">Of a session how many users, of a user how many sessions.</param>
public sealed record GroupRow(string Name, DateTimeOffset LastSeen, double Calls, double Errors, double? Tokens, double? CostUsd, double Unpriced, double Others);

/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record GroupPage(ImmutableArray<GroupRow> Rows, string? Next);

/// <summary>Reads sessions and end users: groups of a field, last seen first. Steps around the calls make a group seen, but only calls count.</summary>
public sealed class GroupReader(TelemetryReader reader)
{
    public static readonly string Session = "session";
    public static readonly string User = "user";

    /// <param name="field"><see cref="Session"/> or <see cref="User"/>.</param>
    /// <param name="cursor"><see cref="GroupPage.Next"/> of the page before; null for the first.</param>
    public async Task<GroupPage> ReadAsync(
        ProjectId project, TimeRange window, FilterExpression filter, string field, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var has = new Filter(field, FilterOp.Exists, []);
        var seen = await reader.QueryAsync(
            new(project, window, [Measure.LastSeen])
            {
                Where = [.. filter.Where, has], Text = filter.Text, By = [new(field)], Limit = limit + 1, EveryKind = true,
                After = cursor is null ? null : GroupCursor.Parse(cursor),
            },
            cancellationToken);
        if (seen.Rows.IsEmpty) { return new GroupPage([], null); }
        var shown = seen.Rows.Take(limit).ToImmutableArray();
        var calls = await reader.QueryAsync(
            new(project, window, [Measure.Count, Measure.Errors, Measure.TotalTokens, Measure.CostUsd, Measure.Unpriced, field == User ? Measure.Sessions : Measure.Users])
            { Where = [.. filter.Where.Where(one => one.Field != "kind"), new(field, FilterOp.In, [.. shown.Select(row => row.Group[0])])], Text = filter.Text, By = [new(field)] },
            cancellationToken);
        var sums = calls.Rows.ToDictionary(row => row.Group[0], row => row.Values, StringComparer.Ordinal);
        var rows = shown.Select(row =>
        {
            var values = sums.GetValueOrDefault(row.Group[0], [0, 0, null, null, 0, 0]);
            return new GroupRow(row.Group[0], DateTimeOffset.FromUnixTimeMilliseconds((long)(row.Values[0] ?? 0)), values[0] ?? 0, values[1] ?? 0, values[2], values[3], values[4] ?? 0, values[5] ?? 0);
        });
        return new GroupPage([.. rows], seen.Rows.Length > limit ? GroupCursor.Write(new(shown[^1].Values[0], shown[^1].Group)) : null);
    }

    /// <summary>When a group's first step was, as far as a year back; null when there is none.</summary>
    public async Task<DateTimeOffset?> FirstSeenAsync(ProjectId project, string field, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var result = await reader.QueryAsync(
            new(project, new(now.AddDays(-366), now.AddDays(1)), [Measure.FirstSeen]) { Where = [Filter.Eq(field, name)], EveryKind = true }, cancellationToken);
        return result.Rows is [{ Values: [{ } first] }, ..] ? DateTimeOffset.FromUnixTimeMilliseconds((long)first) : null;
    }
}
