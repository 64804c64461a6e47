using System.Diagnostics.Metrics;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What Phoenix's clients sent to its own routes, at <c>/metrics</c>. Reasons and kinds are fixed words, never the sender's.</summary>
internal sealed class PhoenixMeters
{
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _refused;

    public PhoenixMeters(IMeterFactory meters)
    {
        var meter = meters.Create(MeterReadings.MeterName);
        _accepted = meter.CreateCounter<long>("phoenix.items", description: "Spans, annotations, runs and evaluations that were acknowledged, by kind");
        _rejected = meter.CreateCounter<long>("phoenix.rejected", description: "Spans that were rejected one by one");
        _refused = meter.CreateCounter<long>("phoenix.refused.requests", description: "Whole requests that were refused, by reason");
    }

    public void Accepted(string kind, long count)
    {
        if (count > 0)
        {
            _accepted.Add(count, new KeyValuePair<string, object?>("kind", kind));
        }
    }

    public void Rejected(long count)
    {
        if (count > 0)
        {
            _rejected.Add(count);
        }
    }

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
