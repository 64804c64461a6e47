using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Lets a client find what it has just sent: lists know only what is stored, which is some tenths of a second behind the journal.</summary>
internal sealed class StoredBefore(TelemetryPipeline pipeline)
{
    // On a machine that is busy with something else batches take seconds; clients give up after a minute at the earliest.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);

    /// <summary>Waits until what was journalled before this call is stored; behind a backlog not for ever.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await pipeline.WhenStoredAsync(cancellationToken).WaitAsync(s_longest, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The list is then as of some seconds ago, which is what it is for other clients too.
        }
    }
}
