using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Sinks;

/// <summary>A record in the public JSON of the API, with its texts when the sink gets them.</summary>
internal static class SinkJson
{
    public static void Write(Utf8JsonWriter json, TelemetryRecord record)
    {
        if (record.Payload.IsEmpty)
        {
            ObservationJson.Write(json, record.Observation!);
        }
        else
        {
            ObservationJson.Write(json, new ObservationDetail(record.Observation!, record.Payload, []));
        }
    }
}
