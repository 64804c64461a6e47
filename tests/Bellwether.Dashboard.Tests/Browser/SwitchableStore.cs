using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard.Tests;

/// <summary>A real store whose queries can be made to fail or to hang, so that a page can be seen in each of its states.</summary>
public sealed class SwitchableStore(ITelemetryStore store) : ITelemetryStore
{
    private TaskCompletionSource? _hanging;
    private int _disposed;

    public bool Fails { get; set; }

    public void Hang() => _hanging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume()
    {
        _hanging?.TrySetResult();
        _hanging = null;
    }

    public ValueTask<long> OpenAsync(CancellationToken cancellationToken) => store.OpenAsync(cancellationToken);

    public ValueTask AppendAsync(ImmutableArray<SequencedRecord> batch, CancellationToken cancellationToken) => store.AppendAsync(batch, cancellationToken);

    public async ValueTask<QueryResult> QueryAsync(TelemetryQuery query, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return await store.QueryAsync(query, cancellationToken);
    }

    public async ValueTask<ObservationPage> ReadPageAsync(ObservationPageRequest request, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return await store.ReadPageAsync(request, cancellationToken);
    }

    public async ValueTask<Observation?> FindAsync(ProjectId project, Guid id, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return await store.FindAsync(project, id, cancellationToken);
    }

    public async ValueTask<ObservationDetail?> ReadAsync(ProjectId project, Guid id, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return await store.ReadAsync(project, id, cancellationToken);
    }

    public async ValueTask<ImmutableArray<ObservationPayload>> ReadPayloadsAsync(ProjectId project, ImmutableArray<Observation> observations, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return await store.ReadPayloadsAsync(project, observations, cancellationToken);
    }

    public async ValueTask<TraceSteps> ReadTraceAsync(TraceRequest request, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return await store.ReadTraceAsync(request, cancellationToken);
    }

    public async ValueTask<AnnotationPage> ReadAnnotationsAsync(AnnotationPageRequest request, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return await store.ReadAnnotationsAsync(request, cancellationToken);
    }

    public async ValueTask<ImmutableArray<AnnotationCount>> CountAnnotationsAsync(AnnotationQuery query, TimeSpan? step, CancellationToken cancellationToken)
    {
        await PassAsync(cancellationToken);
        return await store.CountAnnotationsAsync(query, step, cancellationToken);
    }

    public ValueTask<long> EraseAsync(EraseRequest request, CancellationToken cancellationToken) => store.EraseAsync(request, cancellationToken);

    public ValueTask<RepriceResult> RepriceAsync(RepriceRequest request, Func<PricedCall, Cost?> price, CancellationToken cancellationToken) =>
        store.RepriceAsync(request, price, cancellationToken);

    public ValueTask DropBeforeAsync(DateTimeOffset metricsBefore, DateTimeOffset payloadsBefore, CancellationToken cancellationToken) =>
        store.DropBeforeAsync(metricsBefore, payloadsBefore, cancellationToken);

    // Registered under two types, so the container disposes it twice.
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _disposed, 1) == 0 ? store.DisposeAsync() : ValueTask.CompletedTask;

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        if (_hanging is { } hanging) { await hanging.Task.WaitAsync(cancellationToken); }
        if (Fails) { throw new InvalidOperationException("The test made the store fail."); }
    }
}
