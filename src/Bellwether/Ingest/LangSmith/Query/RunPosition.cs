using System.Buffers.Binary;
using System.Buffers.Text;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>A place in the order of start time and id. As text it is the cursor of LangSmith's lists.</summary>
internal readonly record struct RunPosition(long Ticks, Guid Id) : IComparable<RunPosition>
{
    private const byte Version = 1;
    private const int Size = 1 + sizeof(long) + 16;

    public DateTimeOffset Time => new(Ticks, TimeSpan.Zero);

    public static RunPosition Of(Observation run) => new(run.StartTime.UtcTicks, run.Id);

    public int CompareTo(RunPosition other) => Ticks != other.Ticks ? Ticks.CompareTo(other.Ticks) : Id.CompareTo(other.Id);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], Ticks);
        Id.TryWriteBytes(bytes[9..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <returns>Null for a text that is no cursor of ours.</returns>
    public static RunPosition? Parse(string text)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (text.Length != Base64Url.GetEncodedLength(Size) || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != Size || bytes[0] != Version)
        {
            return null;
        }
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
        return ticks >= DateTimeOffset.UnixEpoch.Ticks && ticks < AnnotationQuery.AllTime.To.Ticks ? new RunPosition(ticks, new Guid(bytes[9..], bigEndian: true)) : null;
    }
}
