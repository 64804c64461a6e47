using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bellwether.References;

/// <summary>Runs the sets that are due, one after the other.</summary>
internal sealed class ProbeService(ReferenceStore store, Probe probe, Bellwether.Telemetry.Readiness readiness, TimeProvider clock, ILogger<ProbeService> logger) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // The tables are made and the gateway answers only when the server has started.
                if (readiness.HasStarted)
                {
                    foreach (var set in await store.TakeDueAsync(stoppingToken))
                    {
                        await probe.RunAsync(set, stoppingToken);
                    }
                    await store.ForgetOldAsync(stoppingToken);
                }
            }
            catch (Exception error) when (error is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                Log.ProbesFailed(logger, error);
            }
            await WaitAsync(stoppingToken);
        }
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var look = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using var timer = clock.CreateTimer(_ => look.Cancel(), null, readiness.HasStarted ? s_look : TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        await store.Wake.WaitAsync(look.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
