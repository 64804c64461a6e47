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

    private readonly Journal _journal;
    private readonly JournalReader _reader;
    private readonly string _mark;
    private readonly long _limit;
    private readonly SemaphoreSlim _added = new(0, 1);
    private long _delivered;
    private long _refused;
    private long _damaged;

    public Outbox(string folder, long limit, IJournalFiles files, TimeProvider clock, ILogger logger)
    {
        _limit = limit;
        _journal = Journal.Open(new JournalSettings(folder, SegmentBytes, FsyncAcks: false, TimeSpan.Zero), files, clock, logger);
        _reader = new JournalReader(_journal, _ => Interlocked.Increment(ref _damaged));
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
        var buffer = RecordBuffer.Rent();
        try
        {
            if (_journal.RetainedBytes >= _limit || !TelemetryIntake.Encode(records, buffer) || Append(buffer.Written, records.Length) is not null)
            {
                Interlocked.Add(ref _refused, records.Length);
                return;
            }
        }
        finally
        {
            buffer.Return();
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

    /// <summary>The next records after what was delivered; empty when nothing waits. Reading again without <see cref="Delivered"/> gives the following ones.</summary>
    public ImmutableArray<SequencedRecord> Read(long after, int most)
    {
        var records = ImmutableArray.CreateBuilder<SequencedRecord>();
        while (records.Count < most && _reader.TryRead(after, out var sequence, out var payload))
        {
            after = sequence;
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

    public void Delivered(long sequence)
    {
        Interlocked.Exchange(ref _delivered, sequence);
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, sequence);
        // Renamed into place, so that a kill leaves the old mark or the new one.
        File.WriteAllBytes(_mark + ".new", bytes);
        File.Move(_mark + ".new", _mark, overwrite: true);
        _journal.Release(sequence);
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _added.WaitAsync(cancellationToken);

    public void Dispose()
    {
        _reader.Dispose();
        _journal.Dispose();
        _added.Dispose();
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
