namespace Bellwether.Telemetry;

/// <summary>
/// Which observations wait to be stored, and where. Plain values in one table: an object for each of half a million that may wait
/// would be work for the collector with every collection.
/// </summary>
internal sealed class PendingRecords
{
    // So that a caller never waits for a whole batch to be taken out.
    private const int RemovedAtOnce = 64;
    // What a backlog made of the table is given back once it is gone.
    private const int KeptCapacity = 64 * 1024;

    private readonly Lock _lock = new();
    private Dictionary<Guid, PendingRecord> _records = [];

    public void Set(Guid id, in PendingRecord record)
    {
        lock (_lock)
        {
            _records[id] = record;
        }
    }

    public PendingRecord? Find(Guid id)
    {
        lock (_lock)
        {
            return _records.TryGetValue(id, out var found) ? found : null;
        }
    }

    /// <summary>Forgets an observation unless a later version of it waits.</summary>
    public void Remove(Guid id, long upTo)
    {
        lock (_lock)
        {
            RemoveLocked(id, upTo);
        }
    }

    /// <summary>Forgets the observations of a batch, of which no version above <paramref name="upTo"/> is stored.</summary>
    public void Remove(ReadOnlySpan<SequencedRecord> records, long upTo)
    {
        while (!records.IsEmpty)
        {
            var some = records[..Math.Min(RemovedAtOnce, records.Length)];
            lock (_lock)
            {
                foreach (ref readonly var entry in some)
                {
                    if (entry.Record.Observation is { } observation)
                    {
                        RemoveLocked(observation.Id, upTo);
                    }
                }
                if (_records.Count == 0 && _records.Capacity > KeptCapacity)
                {
                    _records = [];
                }
            }
            records = records[some.Length..];
        }
    }

    private void RemoveLocked(Guid id, long upTo)
    {
        if (_records.TryGetValue(id, out var pending) && pending.Sequence <= upTo)
        {
            _records.Remove(id);
        }
    }
}

/// <summary>A record that waits: where it is, or at <see cref="Durability.Memory"/> itself.</summary>
internal readonly record struct PendingRecord(long Sequence, JournalPlace Place, TelemetryRecord? Record);
