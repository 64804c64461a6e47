using System.Diagnostics.Metrics;
using Bellwether.Exchange;
using Bellwether.Telemetry;

namespace Bellwether.Guardrails;

/// <summary>What guards saw and did on calls, at <c>/metrics</c>.</summary>
internal sealed class PromptMeters
{
    private readonly Counter<long> _findings;
    private readonly Counter<long> _unchecked;
    private readonly Counter<long> _masked;
    private long _known;
    private long _judged;
    private long _judgedBytes;

    public PromptMeters(IMeterFactory meters)
    {
        var meter = meters.Create(MeterReadings.MeterName);
        _findings = meter.CreateCounter<long>("guardrails.findings", description: "Calls in which a guard found something, by guard and by what was done.");
        _unchecked = meter.CreateCounter<long>("guardrails.unchecked", description: "Calls of which a part was not checked, by reason.");
        _masked = meter.CreateCounter<long>("guardrails.tokens_refused", description: "Values that were masked because no token could be given for them.");
        meter.CreateObservableCounter("guardrails.texts_known", () => Interlocked.Read(ref _known), description: "Texts of prompts whose verdict was remembered.");
        meter.CreateObservableCounter("guardrails.texts_judged", () => Interlocked.Read(ref _judged), description: "Texts of prompts that detectors looked at.");
        meter.CreateObservableCounter("guardrails.bytes_judged", () => Interlocked.Read(ref _judgedBytes), description: "Bytes of these texts.");
    }

    public void Known() => Interlocked.Increment(ref _known);

    public void Judged(int bytes)
    {
        Interlocked.Increment(ref _judged);
        Interlocked.Add(ref _judgedBytes, bytes);
    }

    public void Found(CallFinding finding) => _findings.Add(1, new("guard", finding.Guard), new("action", finding.Action));

    public void Unchecked(string reason) => _unchecked.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void TokenRefused() => _masked.Add(1);
}
