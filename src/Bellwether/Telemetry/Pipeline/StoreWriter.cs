using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Bellwether.Telemetry;

/// <summary>
/// Puts batches into the store and tells a store that is down from a record that it will never take. A batch that fails is
/// tried again with growing pauses; after a few failures it is halved, and what fails alone while its neighbours go through
/// becomes a dead letter.
/// </summary>
internal sealed class StoreWriter(ITelemetryStore store, DeadLetters deadLetters, TimeProvider clock, ILogger<StoreWriter> logger)
{
    private const string Rejected = "store_rejected";
    private const int FailuresBeforeHalving = 3;
    private const int MostSuspects = 8;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private long? _failingSince;

    /// <summary>How long the store has failed; null when its last batch went well.</summary>
    public TimeSpan? FailingFor => _failingSince is { } since ? clock.GetElapsedTime(since) : null;

    /// <summary>Returns when every record is stored or set aside; cancelled only when the process gives up.</summary>
    public async Task WriteAsync(ImmutableArray<SequencedRecord> batch, CancellationToken cancellationToken)
    {
        var pause = s_firstPause;
        for (var failures = 1; ; failures++)
        {
            var error = await TryAppendAsync(batch, cancellationToken);
            if (error is null)
            {
                Works();
                return;
            }
            _failingSince ??= clock.GetTimestamp();
            if (error is TelemetryRejectedException || failures >= FailuresBeforeHalving)
            {
                batch = await HalveAsync(batch, error, cancellationToken);
                if (batch.IsEmpty)
                {
                    Works();
                    return;
                }
            }
            Log.BatchFailed(logger, error, batch.Length, pause);
            await Task.Delay(pause, clock, cancellationToken);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    // In order, since the store's position must not pass a record that is neither stored nor set aside. Returns what is left
    // when the store seems to be down.
    private async Task<ImmutableArray<SequencedRecord>> HalveAsync(ImmutableArray<SequencedRecord> batch, Exception error, CancellationToken cancellationToken)
    {
        var works = false;
        var size = Math.Max(1, batch.Length / 2);
        while (!batch.IsEmpty)
        {
            if (await TryAppendAsync(batch[..size], cancellationToken) is not { } failure)
            {
                works = true;
                batch = batch[size..];
                size = batch.Length;
                continue;
            }
            error = failure;
            if (size > 1)
            {
                size /= 2;
                continue;
            }
            var aside = await SetAsideAsync(batch, works, error, cancellationToken);
            if (aside == 0)
            {
                return batch;
            }
            batch = batch[aside..];
            size = batch.Length;
        }
        return [];
    }

    // The first record fails alone. It is at fault when a later one goes through, or when an earlier one just did and there is
    // no later one. Letters are written first, because storing a later record moves the store's position past them.
    private async Task<int> SetAsideAsync(ImmutableArray<SequencedRecord> batch, bool works, Exception error, CancellationToken cancellationToken)
    {
        var aside = 0;
        while (aside < Math.Min(batch.Length, MostSuspects) && deadLetters.AddSuspect(Queued(batch[aside]), Rejected, error))
        {
            aside++;
            if (aside == 1 && await TryAppendAsync(batch[..1], cancellationToken) is null)
            {
                // The store came back in this moment: the record was never at fault.
                deadLetters.Withdraw(batch[0].Sequence, Rejected);
                return aside;
            }
            var atFault = error is TelemetryRejectedException
                || (aside == batch.Length ? works : await TryAppendAsync(batch[aside..(aside + 1)], cancellationToken) is null);
            if (atFault)
            {
                for (var i = 0; i < aside; i++)
                {
                    deadLetters.Confirm(batch[i].Sequence, Rejected);
                }
                return aside;
            }
        }
        for (var i = 0; i < aside; i++)
        {
            deadLetters.Withdraw(batch[i].Sequence, Rejected);
        }
        return 0;
    }

    private async Task<Exception?> TryAppendAsync(ImmutableArray<SequencedRecord> batch, CancellationToken cancellationToken)
    {
        try
        {
            await store.AppendAsync(batch, cancellationToken);
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            // A driver's exceptions are its own; whatever it is, the batch is not stored.
            return e;
        }
    }

    private void Works()
    {
        if (_failingSince is { } since)
        {
            var duration = clock.GetElapsedTime(since);
            Log.StoreRecovered(logger, duration);
            _failingSince = null;
        }
    }

    private static QueuedRecord Queued(in SequencedRecord record) => new(record.Sequence, record.Record, 0);
}
