using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Bellwether.Telemetry;

/// <summary>What the pipeline counts about itself since the process started; shown on <c>/metrics</c> as <c>bellwether_…</c>.</summary>
internal sealed class PipelineMeters : IDisposable
{
    private readonly Meter _meter = new(MeterReadings.MeterName);
    private readonly ConcurrentDictionary<string, long> _refused = new(StringComparer.Ordinal);
    private readonly Histogram<double> _storeDuration;
    private long _accepted;
    private long _stored;
    private long _damage;

    public PipelineMeters()
    {
        _meter.CreateObservableCounter("telemetry.accepted", () => Interlocked.Read(ref _accepted), description: "Records taken into the journal.");
        _meter.CreateObservableCounter("telemetry.stored", () => Interlocked.Read(ref _stored), description: "Records committed to the store.");
        _meter.CreateObservableCounter("telemetry.refused", () => _refused.Select(entry => new Measurement<long>(entry.Value, new KeyValuePair<string, object?>("reason", entry.Key))),
            description: "Records refused, by reason.");
        _meter.CreateObservableCounter("journal.damage", () => Interlocked.Read(ref _damage), description: "Damaged places found in the journal.");
        _storeDuration = _meter.CreateHistogram<double>("store.batch.duration", "s", "Time to commit a batch to the store, failures included.");
    }

    public long Accepted => Interlocked.Read(ref _accepted);

    public long Damage => Interlocked.Read(ref _damage);

    public ImmutableArray<NamedCount> Refused =>
        [.. _refused.Select(entry => new NamedCount(entry.Key, entry.Value)).OrderByDescending(entry => entry.Count)];

    public void Watch(Spool spool, DeadLetters deadLetters)
    {
        _meter.CreateObservableGauge("queue.records", () => spool.Waiting, description: "Accepted records that wait for a batch to the store.");
        _meter.CreateObservableGauge("journal.bytes", () => spool.Journal.RetainedBytes, "By", "Size of the journal.");
        _meter.CreateObservableGauge("journal.sequence", () => spool.Journal.LastSequence, description: "Sequence of the newest journalled record.");
        _meter.CreateObservableGauge("store.lag.records", () => Math.Max(0, spool.Journal.LastSequence - spool.CommittedSequence), description: "Journalled records that are not stored yet.");
        _meter.CreateObservableGauge("journal.commit.p99", () => spool.Journal.Commits.Percentiles()?.P99 ?? 0, "ms", "99th percentile of the latest flushes of the journal.");
        _meter.CreateObservableCounter("journal.commits", () => spool.Journal.Commits.Flushes, description: "Flushes of the journal to the disk.");
        _meter.CreateObservableGauge("dead_letters", () => deadLetters.Count, description: "Records set aside because they could not be stored.");
        _meter.CreateObservableCounter("telemetry.dropped", () => deadLetters.Lost, description: "Accepted records that could be kept nowhere.");
    }

    public void Accept(int records) => Interlocked.Add(ref _accepted, records);

    public void Refuse(string reason, int records) => _refused.AddOrUpdate(reason, records, (_, count) => count + records);

    public void FindDamage()
    {
        Interlocked.Increment(ref _damage);
    }

    public void Store(int records, TimeSpan duration)
    {
        Interlocked.Add(ref _stored, records);
        _storeDuration.Record(duration.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();
}
