using System.Buffers;
using System.Text;

namespace Bellwether.Exchange;

/// <summary>An event that waits for its texts.</summary>
/// <param name="Bytes">As it came.</param>
/// <param name="DataStart">Where its data begins.</param>
/// <param name="Joined">Its data, where that came in more than one line; else null.</param>
internal sealed record HeldEvent(byte[] Bytes, int DataStart, byte[]? Joined, FieldWriter.Placed[] Fields)
{
    public bool MayGo
    {
        get
        {
            foreach (var placed in Fields)
            {
                if (placed.Lane is { } lane && lane.Released < placed.End) { return false; }
            }
            return true;
        }
    }

    public void Write(IBufferWriter<byte> into)
    {
        if (!FieldWriter.Changes(Fields))
        {
            into.Write(Bytes);
        }
        else if (Joined is null)
        {
            FieldWriter.Write(Bytes, DataStart, Fields, into);
        }
        else
        {
            WriteJoined(into);
        }
    }

    // Its lines would have to be cut anew; JSON may as well stand in one.
    private void WriteJoined(IBufferWriter<byte> into)
    {
        var text = Encoding.UTF8.GetString(Bytes);
        foreach (var line in text.Split('\r', '\n'))
        {
            if (line.Length > 0 && line != "data" && !line.StartsWith("data:", StringComparison.Ordinal)) { Encoding.UTF8.GetBytes(line + "\n", into); }
        }
        into.Write("data: "u8);
        var data = new ArrayBufferWriter<byte>();
        FieldWriter.Write(Joined, 0, Fields, data);
        foreach (var value in data.WrittenSpan) { into.Write(value == '\n' ? " "u8 : [value]); }
        into.Write("\n\n"u8);
    }
}
