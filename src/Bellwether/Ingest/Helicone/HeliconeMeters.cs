using System.Diagnostics.Metrics;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What came to Helicone's API, at <c>/metrics</c>. Words are fixed, never the sender's.</summary>
internal sealed class HeliconeMeters
{
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _corrected;

    public HeliconeMeters(IMeterFactory meters)
    {
        var meter = meters.Create(MeterReadings.MeterName);
        _accepted = meter.CreateCounter<long>("helicone.requests", description: "Logs, words of feedback, scores and properties that were acknowledged, by kind");
        _refused = meter.CreateCounter<long>("helicone.refused.requests", description: "Requests of Helicone's API that were refused, by reason");
        _corrected = meter.CreateCounter<long>("helicone.clock.corrected", description: "Logs whose start was not believed");
    }

    public void Accepted(string kind) => _accepted.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void ClockCorrected() => _corrected.Add(1);
}
