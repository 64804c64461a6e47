using System.Diagnostics.Metrics;
using Bellwether.Telemetry;

namespace Bellwether.Gateway;

/// <summary>What the gateway counts of itself, shown at <c>/metrics</c> as <c>bellwether_gateway_…</c>.</summary>
internal sealed class GatewayMeters
{
    private readonly Counter<long> _calls;
    private readonly Counter<long> _unrecorded;
    private readonly Counter<long> _refusalsNotStored;
    private readonly Counter<long> _unreadAnswers;
    private readonly Counter<long> _quotasNotKept;

    public GatewayMeters(IMeterFactory factory, CallRegistry registry)
    {
        var meter = factory.Create(MeterReadings.MeterName);
        _calls = meter.CreateCounter<long>("gateway.calls", description: "Calls by how they ended.");
        _unrecorded = meter.CreateCounter<long>("gateway.unrecorded", description: "Calls whose record could not be kept.");
        _refusalsNotStored = meter.CreateCounter<long>("gateway.refusals_not_stored", description: "Refusals that were counted but not stored, because there were too many.");
        _unreadAnswers = meter.CreateCounter<long>("gateway.unread_answers", description: "Answers whose encoding or size kept us from reading usage.");
        _quotasNotKept = meter.CreateCounter<long>("gateway.quotas_not_kept", description: "Calls whose own rate limit policy was not applied, because there were too many of them.");
        meter.CreateObservableGauge("gateway.in_flight", () => registry.Count, description: "Calls in flight.");
        meter.CreateObservableGauge("gateway.streams", () => registry.Streams, description: "Streams and tunnels open.");
    }

    public void Ended(ObservationState state) => _calls.Add(1, new KeyValuePair<string, object?>("state", ObservationStates.Name(state)));

    public void Unrecorded() => _unrecorded.Add(1);

    public void RefusalNotStored() => _refusalsNotStored.Add(1);

    public void QuotaNotKept() => _quotasNotKept.Add(1);

    public void UnreadAnswer() => _unreadAnswers.Add(1);
}
