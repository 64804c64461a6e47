using Bellwether.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Gateway;

/// <summary>
/// The end of the process in order, before the listener closes: readiness says no, load balancers notice, running calls end by
/// themselves within the grace time, the rest are ended and recorded as aborted.
/// </summary>
internal sealed class GatewayDrain(
    CallRegistry registry, Readiness readiness, IOptions<GatewayOptions> options, TimeProvider time, ILogger<GatewayDrain> logger) : IHostedLifecycleService
{
    // What a call needs to write its last event and its record once it was told to stop.
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(5);

    private static readonly string s_condition = "gateway";

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        readiness.Set(s_condition, true);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        readiness.Set(s_condition, false);
        await Task.Delay(options.Value.ReadinessDelay, time, cancellationToken);
        var empty = registry.DrainAsync();
        if (empty.IsCompleted)
        {
            return;
        }
        Log.Draining(logger, registry.Count, options.Value.DrainGrace);
        if (await EndsWithinAsync(empty, options.Value.DrainGrace, cancellationToken))
        {
            return;
        }
        Log.DrainTimedOut(logger, registry.Count);
        registry.StopAll(StopReason.Shutdown);
        await EndsWithinAsync(empty, s_lastWords, cancellationToken);
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan limit, CancellationToken cancellationToken) =>
        await Task.WhenAny(task, Task.Delay(limit, time, cancellationToken)) == task;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
