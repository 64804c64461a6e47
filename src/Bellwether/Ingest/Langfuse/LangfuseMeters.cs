using System.Diagnostics.Metrics;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What Langfuse's clients sent to its batch route, at <c>/metrics</c>. Reasons are fixed words, never the sender's.</summary>
internal sealed class LangfuseMeters
{
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _corrected;

    public LangfuseMeters(IMeterFactory meters)
    {
        var meter = meters.Create(MeterReadings.MeterName);
        _accepted = meter.CreateCounter<long>("langfuse.events", description: "Events that were acknowledged");
        _rejected = meter.CreateCounter<long>("langfuse.rejected", description: "Events that were rejected one by one");
        _refused = meter.CreateCounter<long>("langfuse.refused.requests", description: "Whole requests that were refused, by reason");
        _corrected = meter.CreateCounter<long>("langfuse.clock.corrected", description: "Versions of traces and steps whose start was not believed");
    }

    public void Events(long accepted, long rejected, long corrected)
    {
        _accepted.Add(accepted);
        if (rejected > 0)
        {
            _rejected.Add(rejected);
        }
        if (corrected > 0)
        {
            _corrected.Add(corrected);
        }
    }

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
