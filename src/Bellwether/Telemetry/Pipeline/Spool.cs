using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Bellwether.Telemetry;

/// <summary>
/// Journal and queue as one: what is appended goes to the journal and, while there is room, to the queue in memory. When
/// the queue is full the reader goes on in the journal instead, until it has caught up.
/// </summary>
internal sealed class Spool : IDisposable
{
    private readonly Journal _journal;
    private readonly RecordQueue _queue;
    private readonly TelemetryOptions _options;
    private readonly ILogger _logger;
    private readonly JournalReader _reader;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _order = new();
    private readonly ConcurrentDictionary<Guid, Pending> _pending = new();
    private long _read;
    private long _committed;
    private long _retainedBytes;
    private volatile bool _spilling;
    private volatile bool _diskFull;
    private volatile IntakeState _state = IntakeState.Starting;

    public Spool(Journal journal, TelemetryOptions options, ILogger logger, Action<JournalDamage> onDamage)
    {
        _journal = journal;
        _options = options;
        _logger = logger;
        _queue = new RecordQueue(options.QueueRecords, options.QueueBytes);
        _reader = new JournalReader(journal, onDamage);
    }

    private enum IntakeState { Starting, Open, Closed }

    private sealed class Pending(long sequence, TelemetryRecord record)
    {
        public long Sequence => sequence;
        public TelemetryRecord Record => record;
    }

    public Journal Journal => _journal;

    public RecordQueue Queue => _queue;

    public bool IsSpilling => _spilling;

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
    public bool IsDrained => Interlocked.Read(ref _read) >= _journal.LastSequence;

    /// <summary>From now on records are taken; those behind <paramref name="stored"/> are read from the journal first.</summary>
    public void Open(long stored)
    {
        lock (_order)
        {
            _journal.StartAfter(stored);
            _read = stored;
            _committed = stored;
            _journal.Release(stored);
            _retainedBytes = _journal.RetainedBytes;
            _spilling = _journal.LastSequence > stored;
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
            if (_journal.Append(frames.Written, records.Length, out lastSequence) is { } fault)
            {
                return Refused(fault);
            }
            Interlocked.Add(ref _retainedBytes, frames.Length);
            Enqueue(records, frames.Written, lastSequence - records.Length);
            return null;
        }
    }

    public TelemetryRecord? FindPending(Guid id) => _pending.TryGetValue(id, out var queued) ? queued.Record : null;

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
    public bool TryRead(out QueuedRecord record, out byte[]? undecodable)
    {
        undecodable = null;
        if (_spilling)
        {
            if (TryReadJournal(out record, out undecodable))
            {
                return true;
            }
            lock (_order)
            {
                if (!TryReadJournal(out record, out undecodable))
                {
                    // Caught up. The rest of the journal, if any, was damaged: there is nothing more to read in it.
                    _spilling = false;
                    _read = _journal.LastSequence;
                    return false;
                }
            }
            return true;
        }
        if (_queue.TryDequeue(out record))
        {
            Interlocked.Exchange(ref _read, record.Sequence);
            return true;
        }
        return false;
    }

    /// <summary>Everything up to here is stored or set aside: the journal may forget it.</summary>
    public void Committed(long sequence, ImmutableArray<SequencedRecord> records)
    {
        foreach (var (_, record) in records)
        {
            if (record.Observation is { } observation && _pending.TryGetValue(observation.Id, out var pending) && pending.Sequence <= sequence)
            {
                _pending.TryRemove(new KeyValuePair<Guid, Pending>(observation.Id, pending));
            }
        }
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
        var first = _journal.LastSequence;
        lastSequence = first + records.Length;
        var bytes = frames.Length / records.Length;
        for (var i = 0; i < records.Length; i++)
        {
            Track(new QueuedRecord(_journal.Skip(), records[i], 0), bytes);
        }
        return null;
    }

    private void Track(in QueuedRecord record, int bytes)
    {
        if (record.Record.Observation is { } observation)
        {
            _pending[observation.Id] = new Pending(record.Sequence, record.Record);
        }
        // Over the limit in bytes only by this one call, which was let in when there was room.
        if (!_queue.TryEnqueue(record with { Bytes = bytes }))
        {
            _queue.TryEnqueue(record);
        }
        Wake();
    }

    private void Enqueue(ReadOnlySpan<TelemetryRecord> records, Span<byte> frames, long before)
    {
        for (var i = 0; i < records.Length; i++)
        {
            var length = JournalFormat.FrameLength(frames);
            frames = frames[length..];
            if (_spilling)
            {
                continue;
            }
            var queued = new QueuedRecord(before + 1 + i, records[i], length);
            var pending = new Pending(queued.Sequence, records[i]);
            if (records[i].Observation is { } observation)
            {
                // Before the reader can see it: otherwise a quick commit would leave it here for ever.
                _pending[observation.Id] = pending;
            }
            if (!_queue.TryEnqueue(queued))
            {
                // The queue keeps what it has; the reader empties it and then goes on in the journal.
                _spilling = true;
                Log.Spilling(_logger);
                if (records[i].Observation is { } spilled)
                {
                    _pending.TryRemove(new KeyValuePair<Guid, Pending>(spilled.Id, pending));
                }
            }
        }
        Wake();
    }

    private bool TryReadJournal(out QueuedRecord record, out byte[]? undecodable)
    {
        undecodable = null;
        // What the queue held before it was full comes first.
        if (_queue.TryDequeue(out record))
        {
            Interlocked.Exchange(ref _read, record.Sequence);
            return true;
        }
        if (!_reader.TryRead(_read, out var sequence, out var payload))
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
            undecodable = payload;
            record = new QueuedRecord(sequence, null!, payload.Length);
        }
        return true;
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
