using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Bellwether.Telemetry;

/// <summary>Observations as lines of JSON. Bodies stand in them as they came, perhaps over many lines: within a text JSON has no line end, elsewhere it is a blank.</summary>
internal static class ObservationLines
{
    /// <param name="lines">What <paramref name="json"/> writes to.</param>
    /// <param name="json">A writer that is reset before each line.</param>
    /// <param name="observation">Without texts.</param>
    /// <param name="detail">With them; null to leave them out.</param>
    public static void Write(ArrayBufferWriter<byte> lines, Utf8JsonWriter json, Observation observation, ObservationDetail? detail)
    {
        var start = lines.WrittenCount;
        json.Reset();
        if (detail is null)
        {
            ObservationJson.Write(json, observation);
        }
        else
        {
            ObservationJson.Write(json, detail);
        }
        json.Flush();
        var line = MemoryMarshal.AsMemory(lines.WrittenMemory)[start..].Span;
        line.Replace((byte)'\n', (byte)' ');
        line.Replace((byte)'\r', (byte)' ');
        lines.Write("\n"u8);
    }
}
