using System.Collections.Immutable;
using Bellwether.Exchange;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Guardrails;

/// <summary>Which security events; an empty list is no condition.</summary>
public sealed record SecurityEventQuery(ProjectId Project, TimeRange Window)
{
    /// <summary>Guards: <c>injection</c>, <c>harm</c>, <c>leak</c>, <c>pii</c>, <c>pattern</c>, <c>unknown</c>.</summary>
    public ImmutableArray<string> Kinds { get; init; } = [];
    /// <summary>Of <see cref="GuardActions"/>.</summary>
    public ImmutableArray<string> Actions { get; init; } = [];
    public ImmutableArray<string> Users { get; init; } = [];
    /// <summary>As the calls have them. Calls that are not stored any more have none.</summary>
    public ImmutableArray<string> Endpoints { get; init; } = [];
}

/// <summary>What a guard found in one call, and what was done.</summary>
/// <param name="Score">0 to 1; null where there is none.</param>
/// <param name="Place">Path in the request, with UTF-16 offsets where one stretch of it counts.</param>
/// <param name="Evidence">Why, without a quotation: the kinds and numbers of personal data, the reasons of a detector, the names of patterns.</param>
/// <param name="Policy">Id of the policy that decided.</param>
/// <param name="Session">Empty, like key, endpoint and model, when the call itself is not stored any more.</param>
public sealed record SecurityEvent(
    Guid Id, DateTimeOffset Time, string Kind, string Action, string Verdict, double? Score, string Channel, string Place, string Evidence, string Policy,
    Guid ObservationId, string User, string Session, string Key, string Endpoint, string Model);

/// <summary>Newest first.</summary>
public sealed record SecurityEventPage(ImmutableArray<SecurityEvent> Items, string? Next);

/// <param name="Bucket">Start of the bucket; null without a step.</param>
public sealed record SecurityEventCount(DateTimeOffset? Bucket, string Kind, string Action, long Count);

/// <summary>Calls of one user, or of one endpoint.</summary>
/// <param name="Found">Calls in which a guard found something.</param>
/// <param name="Acted">Of them those that were more than observed.</param>
public sealed record SecurityGroup(string Value, long Found, long Acted);

/// <summary>Security events are the guards' annotations, joined with the calls that they are of.</summary>
public sealed class SecurityEvents(TelemetryReader reader)
{
    /// <summary>Every kind of event: the guards by name, and <c>unknown</c> for what could not be checked.</summary>
    public static readonly ImmutableArray<string> Kinds = ["injection", "harm", "leak", "pii", "pattern", "unknown"];

    private const int MostGroups = 200;
    // An endpoint is known by the call only. Where few events are of it, a page is what this many looks find, with the way to go on.
    private const int MostLooks = 20;

    /// <summary>With an endpoint among the conditions a page may be short, or empty, and have a next one all the same.</summary>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cursor">From <see cref="SecurityEventPage.Next"/>; null for the newest.</param>
    public async Task<SecurityEventPage> ReadAsync(SecurityEventQuery query, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var page = await ReadOneAsync(query, limit, cursor, cancellationToken);
        if (query.Endpoints.IsEmpty)
        {
            return page;
        }
        var found = new List<SecurityEvent>();
        for (var look = 1; ; look++)
        {
            found.AddRange(page.Items.Where(item => query.Endpoints.Contains(item.Endpoint)));
            if (page.Next is null || look == MostLooks || found.Count >= (limit + 1) / 2)
            {
                return new SecurityEventPage([.. found], page.Next);
            }
            page = await ReadOneAsync(query, limit - found.Count, page.Next, cancellationToken);
        }
    }

    private async Task<SecurityEventPage> ReadOneAsync(SecurityEventQuery query, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var page = await reader.ReadAnnotationsAsync(new AnnotationPageRequest(Annotations(query), limit) { Cursor = cursor }, cancellationToken);
        var calls = await CallsAsync(query.Project, page.Items, cancellationToken);
        return new SecurityEventPage([.. page.Items.Select(annotation => Event(annotation, calls.GetValueOrDefault(annotation.ObservationId)))], page.Next);
    }

    /// <summary>How many by guard and by what was done, in buckets when there is a step. With an endpoint among the conditions calls are counted, each once for a guard.</summary>
    public async Task<ImmutableArray<SecurityEventCount>> CountAsync(SecurityEventQuery query, TimeSpan? step, CancellationToken cancellationToken)
    {
        if (query.Endpoints.IsEmpty)
        {
            var counts = await reader.CountAnnotationsAsync(Annotations(query), step, cancellationToken);
            return [.. counts.Select(count => new SecurityEventCount(count.Bucket, count.Name, count.Category, count.Total))];
        }
        var found = new List<SecurityEventCount>();
        foreach (var kind in query.Kinds.IsEmpty ? Kinds : query.Kinds)
        {
            var result = await reader.QueryAsync(Calls(query, kind, []) with { Step = step }, cancellationToken);
            found.AddRange(result.Rows.Select(row => new SecurityEventCount(row.Bucket, kind, row.Group[0], (long)(row.Values[0] ?? 0))));
        }
        return [.. found.OrderBy(count => count.Bucket).ThenBy(count => count.Kind, StringComparer.Ordinal).ThenByDescending(count => count.Count)];
    }

    /// <summary>The calls with findings by a field of the call, most first; a call counts once for each guard that found something in it.</summary>
    /// <param name="field">Such as <c>user</c> or <c>endpoint</c>; calls without one are left out.</param>
    /// <param name="kinds">Guards that may have found something: each costs a query.</param>
    public async Task<ImmutableArray<SecurityGroup>> TopAsync(SecurityEventQuery query, string field, IEnumerable<string> kinds, int limit, CancellationToken cancellationToken)
    {
        var groups = new Dictionary<string, SecurityGroup>(StringComparer.Ordinal);
        foreach (var kind in kinds.Intersect(Kinds))
        {
            var asked = Calls(query, kind, [new Filter(field, FilterOp.Exists, [])]);
            var result = await reader.QueryAsync(asked with { By = [new Dimension(field), .. asked.By], Limit = MostGroups }, cancellationToken);
            foreach (var row in result.Rows)
            {
                var count = (long)(row.Values[0] ?? 0);
                var group = groups.GetValueOrDefault(row.Group[0]) ?? new SecurityGroup(row.Group[0], 0, 0);
                groups[row.Group[0]] = group with { Found = group.Found + count, Acted = group.Acted + (row.Group[1] == GuardActions.Observe ? 0 : count) };
            }
        }
        return [.. groups.Values.OrderByDescending(group => group.Found).ThenBy(group => group.Value, StringComparer.Ordinal).Take(limit)];
    }

    private static TelemetryQuery Calls(SecurityEventQuery query, string kind, ImmutableArray<Filter> also)
    {
        var property = "property." + SecurityFindings.PropertyPrefix + kind;
        return new TelemetryQuery(query.Project, query.Window, [Measure.Count])
        {
            By = [new Dimension(property)],
            Where =
            [
                query.Actions.IsEmpty ? new Filter(property, FilterOp.Exists, []) : new Filter(property, FilterOp.In, query.Actions),
                .. also,
                .. query.Endpoints.IsEmpty ? (ImmutableArray<Filter>)[] : [new Filter("endpoint", FilterOp.In, query.Endpoints)],
                .. query.Users.IsEmpty ? (ImmutableArray<Filter>)[] : [new Filter("user", FilterOp.In, query.Users)],
            ],
        };
    }

    private static AnnotationQuery Annotations(SecurityEventQuery query) => new(query.Project, query.Window)
    {
        Sources = [Annotation.Guard], Names = query.Kinds, Categories = query.Actions, Authors = query.Users,
    };

    private async Task<Dictionary<Guid, Observation>> CallsAsync(ProjectId project, ImmutableArray<Annotation> annotations, CancellationToken cancellationToken)
    {
        ImmutableArray<string> ids = [.. annotations.Select(annotation => annotation.ObservationId).Distinct().Select(id => id.ToString())];
        if (ids.IsEmpty)
        {
            return [];
        }
        // An event has the time of its call.
        var window = new TimeRange(annotations.Min(annotation => annotation.Time).AddMilliseconds(-1), annotations.Max(annotation => annotation.Time).AddMilliseconds(1));
        var page = await reader.ReadPageAsync(new ObservationPageRequest(project, window, ids.Length) { Where = [new Filter("id", FilterOp.In, ids)] }, cancellationToken);
        return page.Items.ToDictionary(call => call.Id);
    }

    private static SecurityEvent Event(Annotation annotation, Observation? call)
    {
        var finding = SecurityFindings.Read(annotation);
        return new SecurityEvent(
            annotation.Id, annotation.Time, finding.Guard, finding.Action, finding.Verdict, finding.Score, finding.Channel, finding.Place, finding.Reason, finding.Policy,
            annotation.ObservationId, annotation.Author, call?.Session ?? "", call?.KeyId ?? "", call?.Endpoint ?? "", call?.RequestModel ?? "");
    }
}
