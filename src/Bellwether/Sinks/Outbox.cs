using System.Buffers.Binary;
using System.Collections.Immutable;
using Bellwether.Telemetry;
using Microsoft.Extensions.Logging;

namespace Bellwether.Sinks;

/// <summary>
/// What waits for one receiver: a journal of its own and how far it has been delivered. One writer, the pipeline, and one
/// reader, the sink's worker. Delivery is at least once: the mark is written after a delivery.
/// </summary>
internal sealed class Outbox : IDisposable
{
    private const long SegmentBytes = 8L << 20;
    private const string MarkName = "delivered";

    private const int RewrittenAtOnce = 500;

    private readonly Journal _journal;
    private JournalReader _reader;
    private long _readUpTo;
    private readonly string _mark;
    private readonly long _limit;
    private readonly SemaphoreSlim _added = new(0, 1);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _delivered;
    private long _refused;
    private long _damaged;

    public Outbox(string folder, long limit, IJournalFiles files, TimeProvider clock, ILogger logger)
    {
        _limit = limit;
        _journal = Journal.Open(new JournalSettings(folder, SegmentBytes, FsyncAcks: false, TimeSpan.Zero), files, clock, logger);
        _reader = NewReader();
        _mark = Path.Combine(folder, MarkName);
        _delivered = ReadMark();
        _journal.StartAfter(_delivered);
    }

    /// <summary>Records that wait.</summary>
    public long Waiting => Math.Max(0, _journal.LastSequence - Interlocked.Read(ref _delivered));

    /// <summary>Records that could not be kept because the outbox was full or its disk failed.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Places in the outbox that could not be read back.</summary>
    public long Damaged => Interlocked.Read(ref _damaged);

    public void Add(ReadOnlySpan<TelemetryRecord> records)
    {
        if (_journal.RetainedBytes >= _limit || !TryWrite(records))
        {
            Interlocked.Add(ref _refused, records.Length);
            return;
        }
        if (_added.CurrentCount == 0)
        {
            try
            {
                _added.Release();
            }
            catch (SemaphoreFullException)
            {
                // The worker has not taken the last signal yet, which covers this one.
            }
        }
    }

    /// <summary>The next records after a sequence, also ones that were read before; empty when nothing waits.</summary>
    public ImmutableArray<SequencedRecord> Read(long after, int most)
    {
        // A journal's reader only goes forward: what a receiver did not take is read by a new one.
        if (after < _readUpTo)
        {
            _reader.Dispose();
            _reader = NewReader();
        }
        _readUpTo = after;
        var records = ImmutableArray.CreateBuilder<SequencedRecord>();
        while (records.Count < most && _reader.TryRead(after, out var sequence, out var payload))
        {
            _readUpTo = after = sequence;
            try
            {
                records.Add(new SequencedRecord(sequence, RecordCodec.Read(payload)));
            }
            catch (InvalidDataException)
            {
                Interlocked.Increment(ref _damaged);
            }
        }
        return records.DrainToImmutable();
    }

    public long DeliveredUpTo => Interlocked.Read(ref _delivered);

    /// <returns>False when the disk did not take the mark: after a restart some of what is delivered is sent again.</returns>
    public bool Delivered(long sequence)
    {
        Interlocked.Exchange(ref _delivered, sequence);
        var marked = TryMark(sequence);
        _journal.Release(sequence);
        // A disk that this outbox filled has room for the mark only now.
        return marked || TryMark(sequence);
    }

    /// <summary>One at a time reads and delivers, or takes out.</summary>
    public async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Writes what waits again, without some of it, and lets go of the files that held it and what was delivered. Piece by piece, so that it
    /// needs little room and a kill in between at most delivers a piece twice. To be called in turn.
    /// </summary>
    /// <param name="settled">Asked once, when it is known what waits.</param>
    /// <param name="without">The ids of the observations that are not written again.</param>
    /// <param name="cancellationToken">Ends it between two pieces.</param>
    /// <returns>How many were left out. Throws <see cref="IOException"/> when the disk does not take the others.</returns>
    public async Task<long> RewriteAsync(Func<CancellationToken, Task> settled, Func<IReadOnlyCollection<Observation>, CancellationToken, Task<HashSet<Guid>>> without, CancellationToken cancellationToken)
    {
        var last = _journal.LastSequence;
        _journal.EndSegment();
        _journal.Release(DeliveredUpTo);
        await settled(cancellationToken);
        var left = 0L;
        while (DeliveredUpTo < last && Read(DeliveredUpTo, RewrittenAtOnce) is { IsEmpty: false } read)
        {
            var piece = read.RemoveAll(entry => entry.Sequence > last);
            if (piece.IsEmpty)
            {
                break;
            }
            var gone = await without([.. piece.Select(entry => entry.Record.Observation!)], cancellationToken);
            var kept = piece.Where(entry => !gone.Contains(entry.Record.Observation!.Id)).Select(entry => entry.Record).ToArray();
            if (kept.Length > 0 && !TryWrite(kept))
            {
                throw new IOException("The outbox could not be written again.");
            }
            left += piece.Length - kept.Length;
            if (!Delivered(piece[^1].Sequence))
            {
                // Without the mark a restart would find again what was taken out.
                throw new IOException("How far the outbox was written again could not be kept.");
            }
        }
        return left;
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _added.WaitAsync(cancellationToken);

    public void Dispose()
    {
        _reader.Dispose();
        _journal.Dispose();
        _added.Dispose();
        _turn.Dispose();
    }

    private bool TryMark(long sequence)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, sequence);
        try
        {
            // Renamed into place, so that a kill leaves the old mark or the new one.
            File.WriteAllBytes(_mark + ".new", bytes);
            File.Move(_mark + ".new", _mark, overwrite: true);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private JournalReader NewReader() => new(_journal, _ => Interlocked.Increment(ref _damaged));

    private bool TryWrite(ReadOnlySpan<TelemetryRecord> records)
    {
        var buffer = RecordBuffer.Rent();
        try
        {
            return TelemetryIntake.Encode(records, buffer) && Append(buffer.Written, records.Length) is null;
        }
        finally
        {
            buffer.Return();
        }
    }

    private JournalFault? Append(Span<byte> frames, int count)
    {
        if (_journal.Append(frames, count, out _, out _) is null)
        {
            return null;
        }
        // A disk that was full may have space again.
        _journal.TryRecover();
        return _journal.Append(frames, count, out _, out _);
    }

    private long ReadMark() =>
        File.Exists(_mark) && File.ReadAllBytes(_mark) is { Length: sizeof(long) } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;
}
