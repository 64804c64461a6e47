namespace Bellwether.Telemetry;

/// <summary>
/// Many records of one request on their way into the journal. What is added may be with the operating system before the end, so a
/// request that is refused half-way leaves its first records; sent again, they replace themselves. Used by one thread at a time.
/// </summary>
public interface ITelemetryAppend : IDisposable
{
    /// <summary>Adds a record, which is not kept. False when the whole is refused already and <see cref="FinishAsync"/> will say so.</summary>
    bool TryAdd(TelemetryRecord record);

    /// <summary>Returns when everything that was added is as durable as configured.</summary>
    ValueTask<AppendResult> FinishAsync(CancellationToken cancellationToken);
}

/// <summary>Keeps the records until the end.</summary>
internal sealed class CollectedAppend(ITelemetryIntake intake) : ITelemetryAppend
{
    private readonly List<TelemetryRecord> _records = [];

    public bool TryAdd(TelemetryRecord record)
    {
        _records.Add(record);
        return true;
    }

    public ValueTask<AppendResult> FinishAsync(CancellationToken cancellationToken) => intake.AppendAsync(_records.ToArray(), cancellationToken);

    public void Dispose() => _records.Clear();
}

/// <summary>
/// Filters and encodes each record as it comes and writes a chunk as soon as there is one. A request's records alive all at once were
/// most of what the collector had to copy, and a chunk is still in the processor's cache when it is written.
/// </summary>
internal sealed class JournalAppend(TelemetryIntake intake) : ITelemetryAppend
{
    private const int ChunkBytes = 192 * 1024;

    private readonly RecordBuffer _frames = new(ChunkBytes + (64 * 1024));
    private readonly List<Guid> _ids = [];
    // Of each chunk its last. All are waited for: a flush may fail and a later one go well.
    private readonly List<long> _written = [];
    private IntakeRefusal? _refusal;
    private int _records;

    public bool TryAdd(TelemetryRecord record)
    {
        _records++;
        if (_refusal is not null)
        {
            return false;
        }
        if (!intake.TryEncode(record, _frames))
        {
            _refusal = TelemetryIntake.TooLarge;
            return false;
        }
        _ids.Add(record.Observation?.Id ?? default);
        return _frames.Length < ChunkBytes || TryWrite();
    }

    public async ValueTask<AppendResult> FinishAsync(CancellationToken cancellationToken)
    {
        if (_refusal is not null || !TryWrite())
        {
            intake.Count(_refusal, _records);
            return new AppendResult(false, _refusal.GetValueOrDefault());
        }
        intake.Count(null, _records);
        foreach (var sequence in _written)
        {
            if (!await intake.WhenDurableAsync(sequence, cancellationToken))
            {
                return new AppendResult(false, TelemetryIntake.JournalFailed);
            }
        }
        return new AppendResult(true, default);
    }

    public void Dispose() => _frames.Release();

    private bool TryWrite()
    {
        if (_ids.Count == 0)
        {
            return true;
        }
        _refusal = intake.Spool.Append(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_ids), _frames, out var last);
        _ids.Clear();
        _frames.Clear();
        _written.Add(last);
        return _refusal is null;
    }
}
