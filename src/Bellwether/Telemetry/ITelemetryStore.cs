using System.Collections.Immutable;
using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>A record with its journal position: the sequence number, counted from 1 over the life of a data folder.</summary>
public readonly record struct SequencedRecord(long Sequence, TelemetryRecord Record);

/// <summary>
/// Where telemetry is kept: DuckDB today, ClickHouse as the second engine. Queries are values, so the seam is small.
/// Thread-safe: one writer at a time, any number of readers beside it.
/// </summary>
public interface ITelemetryStore : IAsyncDisposable
{
    /// <summary>Opens or creates the store. Returns the highest sequence up to which everything is stored, 0 for an empty store: the journal is replayed from there.</summary>
    ValueTask<long> OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores a batch, ordered by sequence: rows, rollups and the journal position in one transaction (per file, where the
    /// engine keeps several). A record whose sequence is already in is skipped, so that a replay is a no-op.
    /// Of an observation (its project and id) the version with the highest sequence is kept, wherever its start time is now,
    /// except that one that is still running never replaces one that is finished. The bytes of the payloads are good until the task ends.
    /// </summary>
    ValueTask AppendAsync(ImmutableArray<SequencedRecord> batch, CancellationToken cancellationToken);

    /// <summary>Runs a query. Throws <see cref="TelemetryQueryException"/> when it cannot be run as asked, naming the field.</summary>
    ValueTask<QueryResult> QueryAsync(TelemetryQuery query, CancellationToken cancellationToken);

    /// <summary>A page of observations, newest first, without payloads.</summary>
    ValueTask<ObservationPage> ReadPageAsync(ObservationPageRequest request, CancellationToken cancellationToken);

    /// <summary>One observation with payload and annotations, or null.</summary>
    ValueTask<ObservationDetail?> ReadAsync(ProjectId project, Guid id, CancellationToken cancellationToken);

    /// <summary>The same observation alone, without payload and annotations.</summary>
    ValueTask<Observation?> FindAsync(ProjectId project, Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// The payloads of observations that a list gave, in their order, read together; empty where there is none. All of them are in
    /// memory at once: ask for some dozens.
    /// </summary>
    ValueTask<ImmutableArray<ObservationPayload>> ReadPayloadsAsync(ProjectId project, ImmutableArray<Observation> observations, CancellationToken cancellationToken);

    /// <summary>
    /// The observations of one trace by start time and id, of every kind and without payloads; the oldest ones when there are
    /// more than the limit.
    /// </summary>
    ValueTask<TraceSteps> ReadTraceAsync(TraceRequest request, CancellationToken cancellationToken);

    /// <summary>A page of annotations, newest first.</summary>
    ValueTask<AnnotationPage> ReadAnnotationsAsync(AnnotationPageRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Counts of annotations by name, source and category, per bucket when there is a step (at least a second, aligned to the
    /// Unix epoch); ordered by bucket, name, source and category.
    /// </summary>
    ValueTask<ImmutableArray<AnnotationCount>> CountAnnotationsAsync(AnnotationQuery query, TimeSpan? step, CancellationToken cancellationToken);

    /// <summary>Erases what the filters match, payloads and annotations included, and takes it out of the rollups. Returns how many observations went.</summary>
    ValueTask<long> EraseAsync(EraseRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Prices stored calls again, in steps that each leave rows and rollups in agreement: what a kill, a failure or a
    /// cancellation leaves undone is done by asking again. The function gets the call with its present cost and returns the
    /// cost that it should have; it is called on the store's threads.
    /// </summary>
    ValueTask<RepriceResult> RepriceAsync(RepriceRequest request, Func<PricedCall, Cost?> price, CancellationToken cancellationToken);

    /// <summary>Retention: drops payloads and metrics older than the given instants, by whole days.</summary>
    ValueTask DropBeforeAsync(DateTimeOffset metricsBefore, DateTimeOffset payloadsBefore, CancellationToken cancellationToken);
}

/// <summary>Newest first. <see cref="Cursor"/> is opaque and comes from <see cref="ObservationPage.Next"/>.</summary>
public sealed record ObservationPageRequest(ProjectId Project, TimeRange Window, int Limit)
{
    public ImmutableArray<Filter> Where { get; init; } = [];
    /// <summary>Free text to find in prompts and answers, case-insensitive; null for none.</summary>
    public string? Text { get; init; }
    public string? Cursor { get; init; }
}

public sealed record ObservationPage(ImmutableArray<Observation> Items, string? Next);

public sealed record ObservationDetail(Observation Observation, ObservationPayload Payload, ImmutableArray<Annotation> Annotations);

/// <summary>What to erase. An empty <see cref="Where"/> is refused: it would erase a whole project.</summary>
public sealed record EraseRequest(ProjectId Project, TimeRange Window, ImmutableArray<Filter> Where);
