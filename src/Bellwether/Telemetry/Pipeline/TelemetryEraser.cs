using System.Collections.Immutable;

namespace Bellwether.Telemetry;

/// <summary>Erases from the store what is in it and what is on its way there, lets go of the journal files that held it, and of copies elsewhere.</summary>
internal sealed class TelemetryEraser(ITelemetryStore store, TelemetryPipeline pipeline, TelemetryIntake intake, CaptureFilters filters, IEnumerable<ITelemetryCopies> copies)
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);

    /// <summary>Throws <see cref="IOException"/> when copies are left: asking again is then safe and needed.</summary>
    public async Task<ErasureResult> EraseAsync(EraseRequest request, CancellationToken cancellationToken)
    {
        request = request with { Where = filters.Translate(request.Where) };
        // What was acknowledged before the question must not appear after the answer.
        await WhenStoredAsync(cancellationToken);
        var erased = await store.EraseAsync(request, cancellationToken);
        intake.Spool.Journal.EndSegment();
        intake.Spool.Journal.Release(intake.Spool.CommittedSequence);
        var erasure = new Erasure(request, store, WhenStoredAsync);
        var counts = ImmutableArray.CreateBuilder<(string, long)>();
        foreach (var kept in copies)
        {
            counts.Add((kept.Name, await kept.EraseAsync(erasure, cancellationToken)));
        }
        return new ErasureResult(erased, counts.ToImmutable());
    }

    private Task WhenStoredAsync(CancellationToken cancellationToken) => pipeline.WhenStoredAsync(cancellationToken).WaitAsync(s_longestWait, cancellationToken);
}
