using Bellwether.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Exports;

/// <summary>Makes one export after the other, and takes away those that are old. What a stop interrupts goes on with the next start.</summary>
internal sealed class ExportWorker(ExportStore exports, ExportRun run, IOptions<ExportsOptions> options, TimeProvider clock, ILogger<ExportWorker> logger) : BackgroundService
{
    private static readonly TimeSpan s_round = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_notOpen = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _wake = new(0);

    /// <summary>Something was asked for.</summary>
    public void Wake() => _wake.Release();

    public override void Dispose()
    {
        base.Dispose();
        _wake.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var old in exports.FinishedBefore(clock.GetUtcNow() - options.Value.KeepFor).ToList())
            {
                exports.Remove(old);
            }
            if (exports.Next() is not { } next)
            {
                await _wake.WaitAsync(s_round, stoppingToken);
                continue;
            }
            try
            {
                await run.MakeAsync(next, stoppingToken);
            }
            catch (StoreNotOpenException)
            {
                await Task.Delay(s_notOpen, clock, stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                // Not the exception itself: its message may have a piece of a prompt in it.
                Log.Failed(logger, next.Id, error.GetType().Name, error.StackTrace);
                exports.Fail(next, "The export failed; the server's log says why.", clock.GetUtcNow());
            }
        }
    }
}
