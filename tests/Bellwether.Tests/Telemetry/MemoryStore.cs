using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Telemetry;

/// <summary>A store in memory that keeps the contract of <see cref="ITelemetryStore"/>'s writing half and can be stopped or made to choke.</summary>
internal sealed class MemoryStore : ITelemetryStore
{
    private readonly Lock _lock = new();
    private readonly List<SequencedRecord> _records = [];

    /// <summary>While set, every append fails.</summary>
    public volatile bool Down;

    /// <summary>Records that make their batch fail.</summary>
    public Predicate<TelemetryRecord> Chokes { get; set; } = _ => false;

    public bool SaysWhy { get; set; }

    /// <summary>What an append waits for between having written and saying so.</summary>
    public Task Written { get; set; } = Task.CompletedTask;

    public bool Disposed { get; private set; }

    public int Batches { get; private set; }

    public long Position { get; set; }

    public int[] Numbers
    {
        get
        {
            lock (_lock)
            {
                return [.. _records.Select(entry => Records.Number(entry.Record))];
            }
        }
    }

    public TelemetryRecord[] All
    {
        get
        {
            lock (_lock)
            {
                return [.. _records.Select(entry => entry.Record)];
            }
        }
    }

    public ValueTask<long> OpenAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Position);

    public ValueTask AppendAsync(ImmutableArray<SequencedRecord> batch, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Down)
            {
                throw new InvalidOperationException("The store is down.");
            }
            if (batch.Any(entry => entry.Sequence > Position && Chokes(entry.Record)))
            {
                throw SaysWhy ? new TelemetryRejectedException("No.") : new InvalidOperationException("Something.");
            }
            foreach (var entry in batch.Where(entry => entry.Sequence > Position))
            {
                // The batch's bytes are used again.
                _records.Add(entry.Record.Observation is { } observation ? entry with { Record = entry.Record.With(observation, entry.Record.Payload.Detached()) } : entry);
                Position = entry.Sequence;
            }
            Batches++;
            return new ValueTask(Written);
        }
    }

    public ValueTask<QueryResult> QueryAsync(TelemetryQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<ObservationPage> ReadPageAsync(ObservationPageRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>How often an observation was read with its texts.</summary>
    public int DetailsRead { get; private set; }

    public ValueTask<Observation?> FindAsync(ProjectId project, Guid id, CancellationToken cancellationToken) =>
        ValueTask.FromResult(All.FirstOrDefault(record => record.Observation?.Id == id && record.Observation.Project == project)?.Observation);

    public ValueTask<ObservationDetail?> ReadAsync(ProjectId project, Guid id, CancellationToken cancellationToken)
    {
        DetailsRead++;
        var found = All.FirstOrDefault(record => record.Observation?.Id == id && record.Observation.Project == project);
        return ValueTask.FromResult(found is null ? null : new ObservationDetail(found.Observation!, found.Payload, []));
    }

    public ValueTask<ImmutableArray<ObservationPayload>> ReadPayloadsAsync(ProjectId project, ImmutableArray<Observation> observations, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<TraceSteps> ReadTraceAsync(TraceRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(new TraceSteps(
        [.. All.Select(record => record.Observation).OfType<Observation>().Where(step => step.Project == request.Project && step.TraceId == request.TraceId).Take(request.Limit)], IsCut: false));

    public ValueTask<AnnotationPage> ReadAnnotationsAsync(AnnotationPageRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<ImmutableArray<AnnotationCount>> CountAnnotationsAsync(AnnotationQuery query, TimeSpan? step, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> EraseAsync(EraseRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<RepriceResult> RepriceAsync(RepriceRequest request, Func<PricedCall, Cost?> price, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>What retention asked for; nothing is dropped.</summary>
    public List<(DateTimeOffset Metrics, DateTimeOffset Texts)> Dropped { get; } = [];

    public ValueTask DropBeforeAsync(DateTimeOffset metricsBefore, DateTimeOffset payloadsBefore, CancellationToken cancellationToken)
    {
        Dropped.Add((metricsBefore, payloadsBefore));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
