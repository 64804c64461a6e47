using System.Collections.Immutable;
using System.Diagnostics;
using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>How pages, the API and jobs read telemetry; nothing above it sees the store. Users and sessions are asked for as their senders named them, or as they are stored.</summary>
public sealed class TelemetryReader(ITelemetryStore store, ITelemetryIntake intake, CaptureFilters filters, IEnumerable<IObservationEnricher> enrichers)
{
    private readonly IObservationEnricher[] _enrichers = [.. enrichers.Where(enricher => enricher.RunsForReaders).OrderBy(enricher => enricher.Order)];

    private static readonly ImmutableArray<Measure> s_count = [Measure.Count];
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(2);

    /// <summary>Runs a query. Throws <see cref="TelemetryQueryException"/> when it cannot be run as asked.</summary>
    public ValueTask<QueryResult> QueryAsync(TelemetryQuery query, CancellationToken cancellationToken) =>
        store.QueryAsync(query with { Where = filters.Translate(query.Where) }, cancellationToken);

    /// <summary>A page of observations, newest first, without payloads.</summary>
    public ValueTask<ObservationPage> ReadPageAsync(ObservationPageRequest request, CancellationToken cancellationToken) =>
        store.ReadPageAsync(request with { Where = filters.Translate(request.Where) }, cancellationToken);

    /// <summary>
    /// One observation with payload and annotations, or null. One that is journalled and not yet stored is found too, and so is
    /// a later version of one that is stored, with estimated usage and price, and without what else the pipeline adds to them.
    /// </summary>
    public async ValueTask<ObservationDetail?> ReadAsync(ProjectId project, Guid id, CancellationToken cancellationToken)
    {
        await WhileBeingStoredAsync(id, cancellationToken);
        // Asked before the store: a record that is committed between the two look-ups is then found by the second.
        var pending = intake.FindPending(id) is { Observation: { } observation } found && observation.Project == project ? found : null;
        var stored = await store.ReadAsync(project, id, cancellationToken);
        if (pending is null || (stored is not null && !Overtakes(pending, stored.Observation)))
        {
            return stored;
        }
        pending = _enrichers.Aggregate(pending, (record, enricher) => enricher.Enrich(record));
        return new ObservationDetail(pending.Observation!, pending.Payload, stored?.Annotations ?? []);
    }

    /// <summary>
    /// One observation as its sender told it, without payload and annotations, or null: what it is named by and belongs to. Its price
    /// and judgements may be missing, as of one that is journalled and not yet stored.
    /// </summary>
    public async ValueTask<Observation?> FindAsync(ProjectId project, Guid id, CancellationToken cancellationToken) =>
        intake.FindPending(id)?.Observation is { } pending && pending.Project == project ? pending : await store.FindAsync(project, id, cancellationToken);

    /// <summary>The payloads of observations that a list gave, in their order; empty where there is none. All of them are in memory at once: ask for some dozens.</summary>
    public ValueTask<ImmutableArray<ObservationPayload>> ReadPayloadsAsync(ProjectId project, ImmutableArray<Observation> observations, CancellationToken cancellationToken) =>
        store.ReadPayloadsAsync(project, observations, cancellationToken);

    // What a list has shown with its price and its judgements must not be read without them, as it is in the journal. A store that
    // takes nothing is not waited for.
    private async ValueTask WhileBeingStoredAsync(Guid id, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (intake.IsBeingStored(id) && Stopwatch.GetElapsedTime(start) < s_longestWait)
        {
            await Task.Delay(s_poll, cancellationToken);
        }
    }

    // As the store will decide it.
    private static bool Overtakes(TelemetryRecord pending, Observation stored) =>
        pending.MayReplace && (pending.Observation!.State != ObservationState.Running || stored.State == ObservationState.Running);

    /// <summary>The steps of one trace in the order in which they started, without payloads.</summary>
    public ValueTask<TraceSteps> ReadTraceAsync(TraceRequest request, CancellationToken cancellationToken) => store.ReadTraceAsync(request, cancellationToken);

    /// <summary>A page of annotations, newest first.</summary>
    public ValueTask<AnnotationPage> ReadAnnotationsAsync(AnnotationPageRequest request, CancellationToken cancellationToken) =>
        store.ReadAnnotationsAsync(request with { Query = filters.Translate(request.Query) }, cancellationToken);

    /// <summary>How many annotations there are by name, source and category, and how they judge.</summary>
    public ValueTask<ImmutableArray<AnnotationCount>> CountAnnotationsAsync(AnnotationQuery query, TimeSpan? step, CancellationToken cancellationToken) =>
        store.CountAnnotationsAsync(filters.Translate(query), step, cancellationToken);

    /// <summary>What is said of each of some observations (at most 1,000 annotations in all), by observation id; also what was said of its request before it was stored.</summary>
    public async ValueTask<ILookup<Guid, Annotation>> ReadAnnotationsAsync(ProjectId project, IEnumerable<Observation> observations, CancellationToken cancellationToken)
    {
        var owners = new Dictionary<Guid, Guid>();
        foreach (var observation in observations)
        {
            foreach (var target in ObservationIds.Targets(observation))
            {
                owners.TryAdd(target, observation.Id);
            }
        }
        if (owners.Count == 0)
        {
            return Enumerable.Empty<Annotation>().ToLookup(_ => Guid.Empty);
        }
        var query = new AnnotationQuery(project, AnnotationQuery.AllTime) { Observations = [.. owners.Keys] };
        var page = await store.ReadAnnotationsAsync(new AnnotationPageRequest(query, 1_000), cancellationToken);
        return page.Items.ToLookup(annotation => owners[annotation.ObservationId]);
    }

    /// <summary>How many observations match, of those that are committed; steps of every kind.</summary>
    public async ValueTask<long> CountAsync(ProjectId project, TimeRange window, FilterExpression filter, CancellationToken cancellationToken)
    {
        var result = await QueryAsync(new TelemetryQuery(project, window, s_count) { Where = filter.Where, Text = filter.Text, EveryKind = true }, cancellationToken);
        return result.Rows is [{ Values: [{ } count] }, ..] ? (long)count : 0;
    }
}
