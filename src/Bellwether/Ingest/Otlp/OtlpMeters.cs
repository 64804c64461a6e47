using System.Diagnostics.Metrics;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What OpenTelemetry senders sent, at <c>/metrics</c>. Reasons and signals are fixed words, never the sender's.</summary>
internal sealed class OtlpMeters
{
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _corrected;

    public OtlpMeters(IMeterFactory meters)
    {
        var meter = meters.Create(MeterReadings.MeterName);
        _accepted = meter.CreateCounter<long>("otlp.items", description: "Spans, log records and metrics that were acknowledged");
        _rejected = meter.CreateCounter<long>("otlp.rejected", description: "Spans and log records that were rejected one by one, by reason");
        _corrected = meter.CreateCounter<long>("otlp.clock.corrected", description: "Spans whose start was not believed, stored under the time of their arrival");
        _refused = meter.CreateCounter<long>("otlp.refused.requests", description: "Whole requests that were refused, by reason");
    }

    public void Accepted(OtlpSignal signal, string outcome, long count)
    {
        if (count > 0)
        {
            _accepted.Add(count, new("signal", Name(signal)), new("outcome", outcome));
        }
    }

    public void Rejected(OtlpSignal signal, string reason) => _rejected.Add(1, new("signal", Name(signal)), new("reason", reason));

    public void ClockCorrected() => _corrected.Add(1);

    public void Refused(OtlpSignal signal, string reason) => _refused.Add(1, new("signal", Name(signal)), new("reason", reason));

    /// <summary>A gRPC method that is none of ours.</summary>
    public void Unimplemented() => _refused.Add(1, new("signal", "other"), new("reason", "unknown_method"));

    private static string Name(OtlpSignal signal) => signal switch { OtlpSignal.Traces => "traces", OtlpSignal.Logs => "logs", _ => "metrics" };
}

internal enum OtlpSignal { Traces, Logs, Metrics }
