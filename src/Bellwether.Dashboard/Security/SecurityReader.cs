using System.Collections.Immutable;
using Bellwether.Exchange;
using Bellwether.Guardrails;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>Security events of a range, as the page draws them.</summary>
/// <param name="Total">Events that fit what is asked for.</param>
/// <param name="Unfiltered">Events of the range, whatever is asked for.</param>
/// <param name="Checked">Calls of the range that guards looked at.</param>
/// <param name="HasCalls">Whether the project has seen a call of any kind in the range.</param>
/// <param name="ByAction">Of what is asked for.</param>
internal sealed record SecurityData(
    SecurityEventPage Page, long Total, long Unfiltered, long Checked, bool HasCalls, IReadOnlyDictionary<string, long> ByAction, TimeScale Scale, IReadOnlyList<ChartSeries> Series,
    ImmutableArray<FacetItem> Kinds, ImmutableArray<FacetItem> Actions, ImmutableArray<FacetItem> Endpoints, ImmutableArray<SecurityGroup> Users);

/// <summary>Reads the security page's rows and counts.</summary>
internal sealed class SecurityReader(SecurityEvents events, TelemetryReader telemetry)
{
    private static readonly int s_pageSize = 50;
    private static readonly int s_buckets = 60;
    private static readonly int s_top = 8;

    // Where guards look: model calls on the gateway's own routes, once a key had let them in. What is only told of a call, and
    // the history that the demo begins with, has not been there.
    private static readonly ImmutableArray<Filter> s_gateway =
    [
        new("surface", FilterOp.In, ["openai", "azure", "anthropic", "gemini"]), new("kind", FilterOp.In, ["llm", "embedding", "moderation"]), new("key", FilterOp.Exists, []),
    ];

    public async Task<SecurityData> ReadAsync(ProjectId project, TimeRange range, SecurityState state, CancellationToken cancellationToken)
    {
        var scale = TimeScale.For(range, s_buckets);
        var query = state.Of(project, range);
        var page = await events.ReadAsync(query, s_pageSize, state.Cursor.Length > 0 ? state.Cursor : null, cancellationToken);
        // Counted over everything but kind and action, so that others can be chosen.
        var wide = query with { Kinds = [], Actions = [] };
        var counts = await events.CountAsync(wide, null, cancellationToken);
        bool IsKind(SecurityEventCount count) => state.Kinds.IsEmpty || state.Kinds.Contains(count.Kind);
        bool IsAction(SecurityEventCount count) => state.Actions.IsEmpty || state.Actions.Contains(count.Action);
        var asked = counts.Where(count => IsKind(count) && IsAction(count)).ToList();
        var kinds = asked.Select(count => count.Kind).Distinct(StringComparer.Ordinal).ToList();
        var all = new SecurityEventQuery(project, range);
        var unfiltered = state.Users.IsEmpty && state.Endpoints.IsEmpty ? counts : await events.CountAsync(all, null, cancellationToken);
        var series = kinds.Count == 0 ? [] : Series(await events.CountAsync(query, scale.Step, cancellationToken), kinds, scale);
        var users = await events.TopAsync(query with { Users = [] }, "user", kinds, s_top, cancellationToken);
        var endpoints = await events.TopAsync(query with { Endpoints = [] }, "endpoint", unfiltered.Select(count => count.Kind).Distinct(StringComparer.Ordinal).Where(kind => state.Kinds.IsEmpty || state.Kinds.Contains(kind)), s_top, cancellationToken);
        var calls = await CallsAsync(project, range, cancellationToken);
        return new SecurityData(
            page, asked.Sum(count => count.Count), unfiltered.Sum(count => count.Count), calls.Checked, calls.Any,
            asked.GroupBy(count => count.Action, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Sum(count => count.Count), StringComparer.Ordinal), scale, series,
            Facet(counts.Where(IsAction), count => count.Kind, state.Kinds, SecurityWords.Kind),
            Facet(counts.Where(IsKind), count => count.Action, state.Actions, SecurityWords.Action),
            [
                .. endpoints.Select(group => new FacetItem(group.Value, group.Found, state.Endpoints.Contains(group.Value), VisibleText.Flatten(group.Value, 60))),
                .. state.Endpoints.Where(chosen => endpoints.All(group => group.Value != chosen)).Select(chosen => new FacetItem(chosen, 0, true, VisibleText.Flatten(chosen, 60))),
            ],
            users);
    }

    private async Task<(long Checked, bool Any)> CallsAsync(ProjectId project, TimeRange range, CancellationToken cancellationToken)
    {
        var query = new TelemetryQuery(project, range, [Measure.Count]);
        var gateway = await telemetry.QueryAsync(query with { Where = s_gateway, By = [new Dimension("state"), new Dimension("error_type")] }, cancellationToken);
        // What was refused for another reason than a finding never came to the guards.
        var seen = gateway.Rows.Where(row => row.Group is not ["refused", var why] || why.StartsWith(ErrorTypes.BlockedPrefix, StringComparison.Ordinal)).Sum(row => (long)(row.Values[0] ?? 0));
        return (seen, seen > 0 || Count(await telemetry.QueryAsync(query, cancellationToken)) > 0);
    }

    private static long Count(QueryResult result) => result.Rows is [{ Values: [{ } count, ..] }, ..] ? (long)count : 0;

    private static List<ChartSeries> Series(ImmutableArray<SecurityEventCount> counts, List<string> kinds, TimeScale scale)
    {
        var series = new List<ChartSeries>();
        foreach (var kind in SecurityEvents.Kinds.Where(kinds.Contains))
        {
            var values = new double?[scale.Buckets.Length];
            Array.Fill(values, 0d);
            foreach (var count in counts.Where(count => count.Kind == kind))
            {
                if (count.Bucket is { } start && scale.IndexOf(start) is >= 0 and var index) { values[index] += count.Count; }
            }
            series.Add(new ChartSeries(SecurityWords.Kind(kind), SecurityWords.Tone(kind), values));
        }
        return series;
    }

    private static ImmutableArray<FacetItem> Facet(IEnumerable<SecurityEventCount> counts, Func<SecurityEventCount, string> value, ImmutableArray<string> chosen, Func<string, string> label) =>
    [
        .. counts.Select(count => (Value: value(count), count.Count)).Concat(chosen.Select(value => (Value: value, Count: 0L)))
            .GroupBy(item => item.Value, StringComparer.Ordinal).Select(group => new FacetItem(group.Key, group.Sum(item => item.Count), chosen.Contains(group.Key), label(group.Key)))
            .OrderByDescending(item => item.Count).ThenBy(item => item.Value, StringComparer.Ordinal),
    ];
}
