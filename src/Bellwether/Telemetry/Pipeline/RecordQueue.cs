using System.Threading.Channels;

namespace Bellwether.Telemetry;

/// <summary>A record on its way to the store.</summary>
/// <param name="Bytes">Its size in the journal.</param>
internal readonly record struct QueuedRecord(long Sequence, TelemetryRecord Record, int Bytes);

/// <summary>What takes the journal's place at <see cref="Durability.Memory"/>, bounded by number and by bytes. One reader.</summary>
internal sealed class RecordQueue(int mostRecords, long mostBytes)
{
    private readonly Channel<QueuedRecord> _channel = Channel.CreateBounded<QueuedRecord>(new BoundedChannelOptions(mostRecords) { SingleReader = true });
    private long _bytes;

    public int Count => _channel.Reader.Count;

    public long Bytes => Interlocked.Read(ref _bytes);

    public int Capacity => mostRecords;

    /// <summary>False when it is full: the caller then refuses. A single record larger than the limit fits an empty queue.</summary>
    public bool TryEnqueue(in QueuedRecord record)
    {
        var bytes = Interlocked.Add(ref _bytes, record.Bytes);
        if ((bytes > mostBytes && bytes > record.Bytes) || !_channel.Writer.TryWrite(record))
        {
            Interlocked.Add(ref _bytes, -record.Bytes);
            return false;
        }
        return true;
    }

    public bool TryDequeue(out QueuedRecord record)
    {
        if (_channel.Reader.TryRead(out record))
        {
            Interlocked.Add(ref _bytes, -record.Bytes);
            return true;
        }
        return false;
    }
}
