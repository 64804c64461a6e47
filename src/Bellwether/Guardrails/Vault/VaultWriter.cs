using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Guardrails;

/// <summary>Writes the vault behind the calls, takes away what expired, and at a stop writes what is left.</summary>
internal sealed class VaultWriter(VaultQueue queue, VaultStore store, AnswerMeters meters, IOptions<VaultOptions> options, TimeProvider clock, ILogger<VaultWriter> logger) : BackgroundService
{
    private const int MostAtOnce = 500;
    private const int Attempts = 6;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_sweepEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_lastWrite = TimeSpan.FromSeconds(5);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_lastWrite);
        while (Next() is { Count: > 0 } entries)
        {
            await WriteAsync(entries, attempts: 1, limit.Token);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sweep = SweepAsync(stoppingToken);
        try
        {
            while (await queue.Reader.WaitToReadAsync(stoppingToken))
            {
                await WriteAsync(Next(), Attempts, stoppingToken);
            }
        }
        finally
        {
            await sweep.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private List<VaultEntry> Next()
    {
        var entries = new List<VaultEntry>();
        while (entries.Count < MostAtOnce && queue.Reader.TryRead(out var entry)) { entries.Add(entry); }
        return entries;
    }

    private async Task WriteAsync(List<VaultEntry> entries, int attempts, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // A batch that has begun is finished: a stop waits for it.
                await store.WriteAsync(entries, options.Value.KeepFor, CancellationToken.None);
                meters.Kept(entries.Count);
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // The type alone: a driver's message may hold a parameter.
                Log.VaultNotWritten(logger, error.GetType().Name, entries.Count);
            }
            if (attempt == attempts || cancellationToken.IsCancellationRequested)
            {
                meters.NotKept(entries.Count);
                queue.Forget(entries);
                return;
            }
            await Task.Delay(s_pause * attempt, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        // After a start with a new master key, or a rotation cut short.
        await TryAsync(store.RewrapAsync);
        while (!cancellationToken.IsCancellationRequested)
        {
            await TryAsync(store.RemoveExpiredAsync);
            await Task.Delay(s_sweepEvery, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task TryAsync<T>(Func<CancellationToken, Task<T>> work)
        {
            try
            {
                await work(cancellationToken);
            }
            catch (Exception error) when (error is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
            {
                Log.VaultNotSwept(logger, error.GetType().Name);
            }
        }
    }
}
