using System.Diagnostics.Metrics;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What LangSmith's clients sent, at <c>/metrics</c>. Reasons are fixed words, never the sender's.</summary>
internal sealed class LangSmithMeters
{
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _corrected;
    private readonly Counter<long> _attachments;

    public LangSmithMeters(IMeterFactory meters)
    {
        var meter = meters.Create(MeterReadings.MeterName);
        _accepted = meter.CreateCounter<long>("langsmith.items", description: "Versions of runs and words of feedback that were acknowledged");
        _rejected = meter.CreateCounter<long>("langsmith.rejected", description: "Runs, parts and words of feedback that were rejected one by one, by reason");
        _refused = meter.CreateCounter<long>("langsmith.refused.requests", description: "Whole requests that were refused, by reason");
        _corrected = meter.CreateCounter<long>("langsmith.clock.corrected", description: "Versions of runs whose start was not believed");
        _attachments = meter.CreateCounter<long>("langsmith.attachments.dropped", description: "Attachments of runs of which only type and size were kept");
    }

    public void Accepted(string kind, long count)
    {
        if (count > 0)
        {
            _accepted.Add(count, new KeyValuePair<string, object?>("kind", kind));
        }
    }

    public void Rejected(string reason, long count) => _rejected.Add(count, new KeyValuePair<string, object?>("reason", reason));

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void ClockCorrected() => _corrected.Add(1);

    public void AttachmentsDropped(long count)
    {
        if (count > 0)
        {
            _attachments.Add(count);
        }
    }
}
