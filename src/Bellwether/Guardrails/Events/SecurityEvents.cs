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

/// <summary>Security events are the guards' annotations, joined with the calls that they are of.</summary>
public sealed class SecurityEvents(TelemetryReader reader)
{
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cursor">From <see cref="SecurityEventPage.Next"/>; null for the newest.</param>
    public async Task<SecurityEventPage> ReadAsync(SecurityEventQuery query, int limit, string? cursor, CancellationToken cancellationToken)
    {
        var page = await reader.ReadAnnotationsAsync(new AnnotationPageRequest(Annotations(query), limit) { Cursor = cursor }, cancellationToken);
        var calls = await CallsAsync(query.Project, page.Items, cancellationToken);
        return new SecurityEventPage([.. page.Items.Select(annotation => Event(annotation, calls.GetValueOrDefault(annotation.ObservationId)))], page.Next);
    }

    /// <summary>How many by guard (name) and by what was done (category), in buckets when there is a step.</summary>
    public ValueTask<ImmutableArray<AnnotationCount>> CountAsync(SecurityEventQuery query, TimeSpan? step, CancellationToken cancellationToken) =>
        reader.CountAnnotationsAsync(Annotations(query), step, cancellationToken);

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
