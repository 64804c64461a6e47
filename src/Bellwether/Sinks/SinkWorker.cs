using System.Collections.Immutable;
using Bellwether.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bellwether.Sinks;

/// <summary>Delivers one outbox to one receiver, batch by batch and in order, with growing pauses while the receiver does not take them.</summary>
internal sealed class SinkWorker(string name, SinkOptions options, Outbox outbox, ISink sink, TimeProvider clock, ILogger logger)
{
    private const string Unmarked = "is delivered, but the disk does not take how far; after a restart some is sent again";
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    private long _delivered;
    private long _rejected;
    private long _erased;
    private long _failingSince;
    private volatile string _lastProblem = "";
    private volatile bool _gone;

    public SinkStatus Status => new(
        name, options.Kind!.Value.ToString().ToLowerInvariant(), outbox.Waiting, Interlocked.Read(ref _delivered), Interlocked.Read(ref _rejected), outbox.Refused, outbox.Damaged, Interlocked.Read(ref _erased),
        _gone ? "stopped" : Interlocked.Read(ref _failingSince) > 0 ? "retrying" : "ok",
        Interlocked.Read(ref _failingSince) is > 0 and var since ? clock.GetElapsedTime(since).TotalSeconds : null, _lastProblem);

    /// <summary>Takes what concerns this sink. On the pipeline's thread.</summary>
    public void Take(ImmutableArray<SequencedRecord> batch)
    {
        if (_gone)
        {
            return;
        }
        var mine = new List<TelemetryRecord>(batch.Length);
        foreach (var (_, record) in batch)
        {
            if (record.Observation is { State: not ObservationState.Running } observation && (options.Project.Length == 0 || options.Project == observation.Project.Value))
            {
                mine.Add(options.IncludeTexts ? record : record.With(observation, ObservationPayload.Empty));
            }
        }
        if (mine.Count > 0)
        {
            outbox.Add(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(mine));
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pause = s_firstPause;
        while (!_gone)
        {
            switch (await outbox.InTurnAsync(() => DeliverAsync(cancellationToken), cancellationToken))
            {
                case null:
                    await outbox.WaitAsync(cancellationToken);
                    break;
                case { Outcome: DeliveryOutcome.RetryLater, RetryAfter: var after }:
                    await Task.Delay(after ?? pause, clock, cancellationToken);
                    pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
                    break;
                default:
                    pause = s_firstPause;
                    break;
            }
        }
    }

    /// <summary>Takes out of the outbox what was erased; what is being sent goes first.</summary>
    public async Task<long> EraseAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var erased = await outbox.InTurnAsync(
            () => outbox.RewriteAsync(erasure.SettleAsync, (some, token) => erasure.GoneAsync([.. some.Where(erasure.Concerns)], token), cancellationToken), cancellationToken);
        Interlocked.Add(ref _erased, erased);
        return erased;
    }

    // Null when nothing waits.
    private async Task<Delivery?> DeliverAsync(CancellationToken cancellationToken)
    {
        var batch = outbox.Read(outbox.DeliveredUpTo, options.BatchRecords);
        if (batch.IsEmpty)
        {
            return null;
        }
        var delivery = await sink.SendAsync(batch[0].Sequence, [.. batch.Select(entry => entry.Record)], cancellationToken);
        switch (delivery.Outcome)
        {
            case DeliveryOutcome.Delivered:
                Interlocked.Add(ref _delivered, batch.Length);
                Recovered();
                Mark(batch[^1].Sequence);
                break;
            case DeliveryOutcome.Rejected:
                Interlocked.Add(ref _rejected, batch.Length);
                _lastProblem = delivery.Detail;
                Log.Rejected(logger, name, batch.Length, delivery.Detail);
                Mark(batch[^1].Sequence);
                break;
            case DeliveryOutcome.Gone:
                _lastProblem = delivery.Detail;
                _gone = true;
                Log.Gone(logger, name);
                break;
            case DeliveryOutcome.RetryLater:
                _lastProblem = delivery.Detail;
                Failing(delivery.Detail);
                break;
        }
        return delivery;
    }

    private void Mark(long sequence)
    {
        if (!outbox.Delivered(sequence))
        {
            _lastProblem = Unmarked;
        }
        else if (_lastProblem == Unmarked)
        {
            _lastProblem = "";
        }
    }

    private void Failing(string detail)
    {
        if (Interlocked.CompareExchange(ref _failingSince, clock.GetTimestamp(), 0) == 0)
        {
            Log.Failing(logger, name, detail);
        }
    }

    private void Recovered()
    {
        if (Interlocked.Exchange(ref _failingSince, 0) > 0)
        {
            _lastProblem = "";
            Log.Recovered(logger, name);
        }
    }
}

/// <summary>How a sink does.</summary>
/// <param name="Waiting">Records in the outbox.</param>
/// <param name="Rejected">Records that the receiver would not take.</param>
/// <param name="Refused">Records that were not kept, because the outbox was full or its disk failed.</param>
/// <param name="Damaged">Places of the outbox that could not be read back.</param>
/// <param name="Erased">Records that an erasure took out before they were sent.</param>
/// <param name="State"><c>ok</c>, <c>retrying</c> or <c>stopped</c>.</param>
/// <param name="FailingSeconds">How long the receiver has failed; null while it works.</param>
internal sealed record SinkStatus(
    string Name, string Kind, long Waiting, long Delivered, long Rejected, long Refused, long Damaged, long Erased, string State, double? FailingSeconds, string LastProblem);
