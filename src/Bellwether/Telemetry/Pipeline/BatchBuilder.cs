using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Telemetry;

/// <summary>Records to be stored in one transaction.</summary>
/// <param name="UpTo">How far has been read; records up to here that are not in it were set aside or damaged.</param>
/// <param name="Arena">Where the bytes of its records are.</param>
internal readonly record struct Batch(ImmutableArray<SequencedRecord> Records, long UpTo, RecordArena Arena);

/// <summary>Waits until there are enough records or the first has waited long enough, then reads them; enriches and counts each once.</summary>
internal sealed class BatchBuilder(
    TelemetryIntake intake, IEnumerable<IObservationEnricher> enrichers, DeadLetters deadLetters, AiMetrics metrics,
    IOptions<TelemetryOptions> options, TimeProvider clock, ILogger<BatchBuilder> logger)
{
    // How soon a full batch or a shutdown is noticed.
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(50);
    private readonly IObservationEnricher[] _enrichers = [.. enrichers.OrderBy(enricher => enricher.Order)];
    private readonly TelemetryOptions _options = options.Value;
    private readonly Stack<RecordArena> _arenas = new();
    private long _countAfter;

    /// <summary>Metrics count what this process accepted: a replay of what an earlier one did would count it twice.</summary>
    public void CountAfter(long sequence) => _countAfter = sequence;

    public async Task<Batch> NextAsync(CancellationToken cancellationToken)
    {
        await FillAsync(cancellationToken);
        // Read only when the batch is due: a record that waits is a few bytes in the page cache, one that is read is work for the collector.
        var records = ImmutableArray.CreateBuilder<SequencedRecord>((int)Math.Min(intake.Spool.Waiting, _options.BatchRecords));
        var bytes = 0L;
        var arena = _arenas.TryPop(out var free) ? free : new RecordArena();
        while (records.Count < _options.BatchRecords && bytes < _options.BatchBytes && TryRead(arena, out var record, out var undecodable))
        {
            bytes += record.Bytes;
            if (Prepare(record, undecodable) is { } ready)
            {
                records.Add(new SequencedRecord(record.Sequence, ready));
            }
        }
        return new Batch(records.DrainToImmutable(), intake.Spool.ReadSequence, arena);
    }

    /// <summary>Nobody uses the batch any more. On the thread that asks for batches.</summary>
    public void Release(in Batch batch)
    {
        batch.Arena.Clear();
        _arenas.Push(batch.Arena);
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        while (intake.Spool.Waiting < _options.BatchRecords && !intake.Spool.IsClosed
            && clock.GetElapsedTime(start) < _options.BatchAge)
        {
            await Task.Delay(_options.BatchAge < s_poll ? _options.BatchAge : s_poll, clock, cancellationToken);
        }
    }

    private bool TryRead(RecordArena arena, out QueuedRecord record, out byte[]? undecodable)
    {
        try
        {
            return intake.Spool.TryRead(arena, out record, out undecodable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk fails to give back what it took. What was read so far goes on; the rest is tried again.
            Log.StepFailed(logger, e);
            record = default;
            undecodable = null;
            return false;
        }
    }

    private TelemetryRecord? Prepare(in QueuedRecord record, byte[]? undecodable)
    {
        if (deadLetters.Holds(record.Sequence))
        {
            return null;
        }
        if (undecodable is not null)
        {
            deadLetters.AddUndecodable(record.Sequence, undecodable);
            return null;
        }
        var ready = record.Record;
        try
        {
            foreach (var enricher in _enrichers)
            {
                ready = enricher.Enrich(ready);
            }
        }
        catch (Exception e)
        {
            // An enricher is deterministic, so trying again would not help; its record must not hold up the others.
            deadLetters.Add(record, "enricher_failed", e);
            intake.Spool.Forget(record);
            return null;
        }
        if (record.Sequence > _countAfter && ready.Observation is { IsCall: true, State: not ObservationState.Running } observation)
        {
            metrics.Record(observation);
        }
        return ready;
    }
}
