namespace Bellwether.Telemetry;

/// <summary>Erases from the store what is in it and what is on its way there, and lets go of the journal files that held it.</summary>
internal sealed class TelemetryEraser(ITelemetryStore store, TelemetryPipeline pipeline, TelemetryIntake intake, CaptureFilters filters)
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);

    /// <summary>Returns how many observations went. Dead letters are not looked into.</summary>
    public async Task<long> EraseAsync(EraseRequest request, CancellationToken cancellationToken)
    {
        // What was acknowledged before the question must not appear after the answer.
        await pipeline.WhenStoredAsync(cancellationToken).WaitAsync(s_longestWait, cancellationToken);
        var erased = await store.EraseAsync(request with { Where = filters.Translate(request.Where) }, cancellationToken);
        intake.Spool.Journal.EndSegment();
        intake.Spool.Journal.Release(intake.Spool.CommittedSequence);
        return erased;
    }
}
