using Bellwether.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bellwether.Tests.Telemetry;

/// <summary>A real journal in a folder of its own.</summary>
internal sealed class JournalHarness(string folder, long segmentBytes = 64 * 1024, IJournalFiles? files = null) : IDisposable
{
    public Journal Journal { get; } = Journal.Open(
        new JournalSettings(folder, segmentBytes, FsyncAcks: true, TimeSpan.FromMilliseconds(1)), files ?? new JournalFiles(), TimeProvider.System, NullLogger.Instance);

    public JournalFault? Append(params TelemetryRecord[] records)
    {
        var buffer = RecordBuffer.Rent();
        foreach (var record in records)
        {
            var start = buffer.Length;
            buffer.Reserve(JournalFormat.FrameHeader);
            RecordCodec.Write(record, buffer);
            JournalFormat.BeginFrame(buffer.Written[start..]);
        }
        var fault = Journal.Append(buffer.Written, records.Length, out _, out _);
        buffer.Return();
        return fault;
    }

    public void Append(int count, int payloadBytes = 100)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Null(Append(Records.Observation((int)Journal.LastSequence + 1, payloadBytes)));
        }
    }

    /// <summary>The numbers of all records that can be read, and the damage met on the way.</summary>
    public (List<int> Numbers, List<JournalDamage> Damage) ReadAll(long after = 0)
    {
        var damage = new List<JournalDamage>(Journal.Damage);
        var numbers = new List<int>();
        using var reader = new JournalReader(Journal, damage.Add);
        while (reader.TryRead(after, out var sequence, out var payload))
        {
            var number = Records.Number(RecordCodec.Read(payload));
            Assert.Equal(sequence, number);
            numbers.Add(number);
            after = sequence;
        }
        return (numbers, damage);
    }

    public void Dispose() => Journal.Dispose();
}
