using Bellwether.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bellwether.Ingest;

/// <summary>Lays events over what is known of their traces and steps, and hands the result to the journal.</summary>
internal sealed class LangfuseReceiver(ITelemetryIntake intake, TelemetryReader reader, LangfuseMeters meters, ILogger<LangfuseReceiver> logger) : IDisposable
{
    // Reading the prior version and handing over the next are one step, or two bodies of one trace would forget each other.
    private readonly SemaphoreSlim _step = new(1, 1);
    private readonly RecentTraces _recent = new();

    /// <summary>Keeps what can be kept; what cannot is a problem of its event. After a refusal the whole may be sent again.</summary>
    public async Task<AppendResult> ReceiveAsync(LangfuseBatch batch, OtlpSender sender, CancellationToken cancellationToken)
    {
        if (!intake.CanAccept(out var refusal))
        {
            return new AppendResult(false, refusal);
        }
        var pass = new LangfusePass(intake, reader, _recent, batch, sender, logger);
        await _step.WaitAsync(cancellationToken);
        try
        {
            await pass.RunAsync(cancellationToken);
        }
        finally
        {
            _step.Release();
        }
        foreach (var result in await Task.WhenAll(pass.Acknowledgements))
        {
            if (!result.Accepted)
            {
                return result;
            }
        }
        meters.Events(batch.Events.Count - batch.Rejected, batch.Rejected, pass.Corrected);
        return new AppendResult(true, default);
    }

    public void Dispose() => _step.Dispose();
}
