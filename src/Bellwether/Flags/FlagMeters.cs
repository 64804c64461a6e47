using System.Diagnostics.Metrics;
using Bellwether.Telemetry;

namespace Bellwether.Flags;

/// <summary>What is asked of flags, at <c>/metrics</c>. Neither flags nor users are labels.</summary>
public sealed class FlagMeters
{
    private readonly Counter<long> _evaluations;
    private readonly Counter<long> _refused;
    private long _streams;

    public FlagMeters(IMeterFactory meters)
    {
        var meter = meters.Create(MeterReadings.MeterName);
        _evaluations = meter.CreateCounter<long>("flags.evaluations", description: "Flags that were evaluated for somebody, by reason");
        _refused = meter.CreateCounter<long>("flags.refused.requests", description: "Requests for flags that were refused, by reason");
        meter.CreateObservableGauge("flags.streams", () => Interlocked.Read(ref _streams), description: "Clients that wait for changes of flags.");
    }

    public void Evaluated(FlagReason reason) => _evaluations.Add(1, new KeyValuePair<string, object?>("reason", OfrepWriter.NameOf(reason)));

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>False when there are as many already.</summary>
    internal bool TryOpenStream(int most)
    {
        if (Interlocked.Increment(ref _streams) <= most)
        {
            return true;
        }
        CloseStream();
        return false;
    }

    internal void CloseStream() => Interlocked.Decrement(ref _streams);
}
