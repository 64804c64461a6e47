using System.Collections.Immutable;

namespace Bellwether.Telemetry;

/// <summary>
/// What is between the callers and the reader. Records are appended to the journal and read back from it, a batch at a time: from
/// the page cache, which is cheaper than to keep every record that waits alive for the garbage collector to copy. At
/// <see cref="Durability.Memory"/> a queue takes the journal's place.
/// </summary>
internal sealed class Spool : IDisposable
{
    private readonly Journal _journal;
    private readonly RecordQueue _queue;
    private readonly TelemetryOptions _options;
    private readonly JournalReader _reader;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _order = new();
    private readonly PendingRecords _pending = new();
    private long _written;
    private long _read;
    private long _committed;
    private long _storing;
    private long _retainedBytes;
    private bool _replaying;
    private volatile bool _diskFull;
    private volatile IntakeState _state = IntakeState.Starting;

    public Spool(Journal journal, TelemetryOptions options, Action<JournalDamage> onDamage)
    {
        _journal = journal;
        _options = options;
        _queue = new RecordQueue(options.QueueRecords, options.QueueBytes);
        _reader = new JournalReader(journal, onDamage);
    }

    private enum IntakeState { Starting, Open, Closed }

    public Journal Journal => _journal;

    /// <summary>Records that nobody has read yet.</summary>
    public long Waiting => Math.Max(0, Interlocked.Read(ref _written) - Interlocked.Read(ref _read));

    /// <summary>Set by the disk monitor while there is too little space.</summary>
    public bool DiskFull
    {
        get => _diskFull;
        set => _diskFull = value;
    }

    /// <summary>Of the newest record that is stored or set aside.</summary>
    public long CommittedSequence => Interlocked.Read(ref _committed);

    public long ReadSequence => Interlocked.Read(ref _read);

    public bool IsClosed => _state == IntakeState.Closed;

    /// <summary>True when everything that was appended has been read.</summary>
    public bool IsDrained => Interlocked.Read(ref _read) >= Interlocked.Read(ref _written);

    /// <summary>From now on records are taken; those behind <paramref name="stored"/> are read from the journal first.</summary>
    public void Open(long stored)
    {
        lock (_order)
        {
            _journal.StartAfter(stored);
            _written = _journal.LastSequence;
            _read = stored;
            _committed = stored;
            _replaying = _written > stored;
            _journal.Release(stored);
            _retainedBytes = _journal.RetainedBytes;
            _state = IntakeState.Open;
        }
    }

    /// <summary>No more records are taken; those that are in are still read.</summary>
    public void Close()
    {
        lock (_order)
        {
            _state = IntakeState.Closed;
        }
        Wake();
    }

    /// <summary>Why a record would be refused now; null when it would be taken.</summary>
    public IntakeRefusal? Refusal() => _state switch
    {
        IntakeState.Starting => new IntakeRefusal("starting", "The server is starting.", 1),
        IntakeState.Closed => new IntakeRefusal("shutting_down", "The server is shutting down.", 5),
        _ when DiskFull => new IntakeRefusal("disk_full", "The disk of the server is full.", 10),
        _ when _journal.Fault is { } fault => Refused(fault),
        _ when IsFull => new IntakeRefusal("queue_full", "Too much is waiting to be stored.", 5),
        _ => null,
    };

    private bool InMemory => _options.Durability == Durability.Memory;

    private bool IsFull => InMemory
        ? _queue.Count >= _queue.Capacity || _queue.Bytes >= _options.QueueBytes
        : Interlocked.Read(ref _retainedBytes) >= _options.SpoolBytes;

    /// <summary>Appends all records or none. <paramref name="frames"/> holds their frames in the same order.</summary>
    public IntakeRefusal? Append(ReadOnlySpan<TelemetryRecord> records, RecordBuffer frames, out long lastSequence)
    {
        lock (_order)
        {
            lastSequence = 0;
            if (Refusal() is { } refusal)
            {
                return refusal;
            }
            if (InMemory)
            {
                return AppendToMemory(records, frames, out lastSequence);
            }
            Span<Guid> ids = records.Length <= 64 ? stackalloc Guid[records.Length] : new Guid[records.Length];
            for (var i = 0; i < records.Length; i++)
            {
                ids[i] = records[i].Observation?.Id ?? default;
            }
            return AppendToJournal(ids, frames, out lastSequence);
        }
    }

    /// <summary>The same where records are not kept in memory, by the ids of their observations; an empty one for what is none.</summary>
    public IntakeRefusal? Append(ReadOnlySpan<Guid> ids, RecordBuffer frames, out long lastSequence)
    {
        lock (_order)
        {
            lastSequence = 0;
            return Refusal() is { } refusal ? refusal : AppendToJournal(ids, frames, out lastSequence);
        }
    }

    public TelemetryRecord? FindPending(Guid id)
    {
        if (_pending.Find(id) is not { } pending)
        {
            return null;
        }
        return pending.Record ?? (Journal.Read(pending.Place) is { } payload ? RecordCodec.Read(payload) : null);
    }

    /// <summary>The record was set aside and is no longer on its way.</summary>
    public void Forget(in QueuedRecord record)
    {
        if (record.Record.Observation is { } observation)
        {
            _pending.Remove(observation.Id, record.Sequence);
        }
    }

    /// <summary>Waits until there is something to read; false when closed and drained.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        while (IsDrained)
        {
            if (_state == IntakeState.Closed)
            {
                return false;
            }
            await _wake.WaitAsync(cancellationToken);
        }
        return true;
    }

    /// <summary>The next record in order; false when there is none now. A record that cannot be decoded comes with its bytes.</summary>
    /// <param name="arena">Where the bytes of its payload go.</param>
    public bool TryRead(RecordArena arena, out QueuedRecord record, out byte[]? undecodable)
    {
        undecodable = null;
        record = default;
        if (IsDrained)
        {
            return false;
        }
        // What an earlier process left in the journal comes first, however this one keeps its own.
        return InMemory && !_replaying ? TryDequeue(out record) : TryReadJournal(arena, out record, out undecodable) || TryReadBehindDamage(arena, out record, out undecodable);
    }

    /// <summary>From now on a reader may find what is up to here in the store, and finds it for certain after <see cref="Committed"/>.</summary>
    public void Storing(long sequence) => Interlocked.Exchange(ref _storing, sequence);

    /// <summary>True between the two, while a version of the observation is on its way into the store.</summary>
    public bool IsBeingStored(Guid id) => _pending.Find(id) is { } pending && pending.Sequence <= Interlocked.Read(ref _storing);

    /// <summary>Everything up to here is stored or set aside: the journal may forget it.</summary>
    public void Committed(long sequence, ImmutableArray<SequencedRecord> records)
    {
        _pending.Remove(records.AsSpan(), sequence);
        if (!InMemory)
        {
            _journal.Release(sequence);
            Interlocked.Exchange(ref _retainedBytes, _journal.RetainedBytes);
        }
        // Last, so that who sees it sees the rest too.
        Interlocked.Exchange(ref _committed, sequence);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _journal.Dispose();
        _wake.Dispose();
    }

    private static IntakeRefusal Refused(JournalFault fault) => new(fault.Code, fault.Message, 10);

    private IntakeRefusal? AppendToMemory(ReadOnlySpan<TelemetryRecord> records, RecordBuffer frames, out long lastSequence)
    {
        lastSequence = 0;
        // All or none: the reader only takes away, so what fits now fits in a moment.
        if (_queue.Count + records.Length > _queue.Capacity)
        {
            return new IntakeRefusal("queue_full", "Too much is waiting to be stored.", 5);
        }
        lastSequence = _journal.LastSequence + records.Length;
        var bytes = frames.Length / records.Length;
        foreach (var record in records)
        {
            var queued = new QueuedRecord(_journal.Skip(), record, bytes);
            if (record.Observation is { } observation)
            {
                _pending.Set(observation.Id, new PendingRecord(queued.Sequence, default, record));
            }
            // Over the limit in bytes only by this one call, which was let in when there was room.
            if (!_queue.TryEnqueue(queued))
            {
                _queue.TryEnqueue(queued with { Bytes = 0 });
            }
        }
        Enter(lastSequence);
        return null;
    }

    private IntakeRefusal? AppendToJournal(ReadOnlySpan<Guid> ids, RecordBuffer frames, out long lastSequence)
    {
        if (_journal.Append(frames.Written, ids.Length, out lastSequence, out var place) is { } fault)
        {
            return Refused(fault);
        }
        Interlocked.Add(ref _retainedBytes, frames.Length);
        Track(ids, frames.Written, lastSequence - ids.Length, place);
        Enter(lastSequence);
        return null;
    }

    // A long backlog is found when it is stored: the places of millions of records would take the memory that the journal saves.
    private void Track(ReadOnlySpan<Guid> ids, Span<byte> frames, long before, JournalPlace place)
    {
        if (before - Interlocked.Read(ref _committed) > _options.QueueRecords)
        {
            return;
        }
        var offset = place.Offset;
        foreach (var id in ids)
        {
            var length = JournalFormat.FrameLength(frames);
            before++;
            if (id != default)
            {
                _pending.Set(id, new PendingRecord(before, place with { Offset = offset, Length = length }, null));
            }
            frames = frames[length..];
            offset += length;
        }
    }

    // Only now may the reader take them: had it stored them before they were tracked, they would be tracked for ever.
    private void Enter(long lastSequence)
    {
        Interlocked.Exchange(ref _written, lastSequence);
        Wake();
    }

    private bool TryDequeue(out QueuedRecord record)
    {
        if (!_queue.TryDequeue(out record))
        {
            return false;
        }
        Interlocked.Exchange(ref _read, record.Sequence);
        return true;
    }

    private bool TryReadJournal(RecordArena arena, out QueuedRecord record, out byte[]? undecodable)
    {
        undecodable = null;
        record = default;
        if (!_reader.TryRead(_read, arena, out var sequence, out var payload))
        {
            return false;
        }
        Interlocked.Exchange(ref _read, sequence);
        try
        {
            record = new QueuedRecord(sequence, RecordCodec.Read(payload), payload.Length);
        }
        catch (InvalidDataException)
        {
            undecodable = payload.ToArray();
            record = new QueuedRecord(sequence, null!, payload.Length);
        }
        return true;
    }

    // The journal says that there is more and gives nothing: with no write under way, the rest of it is damaged.
    private bool TryReadBehindDamage(RecordArena arena, out QueuedRecord record, out byte[]? undecodable)
    {
        lock (_order)
        {
            if (TryReadJournal(arena, out record, out undecodable))
            {
                return true;
            }
            _read = InMemory ? _written - _queue.Count : _written;
            _replaying = false;
            return false;
        }
    }

    private void Wake()
    {
        // A full semaphore means that the reader has not yet taken the last wake-up, which then covers this one.
        if (_wake.CurrentCount == 0)
        {
            try
            {
                _wake.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another thread was first.
            }
        }
    }
}
