using System.Diagnostics.Metrics;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What PostHog's and Mixpanel's clients sent, at <c>/metrics</c>. Words are fixed, never the sender's.</summary>
internal sealed class AnalyticsMeters(IMeterFactory meters)
{
    public AnalyticsCounters PostHog { get; } = new(meters.Create(MeterReadings.MeterName), "posthog");

    public AnalyticsCounters Mixpanel { get; } = new(meters.Create(MeterReadings.MeterName), "mixpanel");
}

/// <summary>The counters of one of the two.</summary>
internal sealed class AnalyticsCounters(Meter meter, string source)
{
    private readonly Counter<long> _accepted = meter.CreateCounter<long>(source + ".events", description: "Events that were acknowledged: stored as step or annotation, or other ones, which are not stored");
    private readonly Counter<long> _rejected = meter.CreateCounter<long>(source + ".rejected", description: "Events that were rejected one by one, by reason");
    private readonly Counter<long> _refused = meter.CreateCounter<long>(source + ".refused.requests", description: "Whole requests that were refused, by reason");
    private readonly Counter<long> _corrected = meter.CreateCounter<long>(source + ".clock.corrected", description: "Events whose time was not believed, stored under the time of their arrival");

    /// <summary>The surface of the observations, and the first word of the counters' names.</summary>
    public string Source => source;

    public void Accepted(string kind, long count)
    {
        if (count > 0)
        {
            _accepted.Add(count, new KeyValuePair<string, object?>("kind", kind));
        }
    }

    public void Rejected(string reason, long count) => _rejected.Add(count, new KeyValuePair<string, object?>("reason", reason));

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void ClockCorrected(long count)
    {
        if (count > 0)
        {
            _corrected.Add(count);
        }
    }
}
