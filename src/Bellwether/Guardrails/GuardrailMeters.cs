using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Bellwether.Detection;
using Bellwether.Telemetry;

namespace Bellwether.Guardrails;

/// <summary>What detectors said, at <c>/metrics</c>.</summary>
internal sealed class GuardrailMeters
{
    private readonly Counter<long> _checks;
    private Measurement<int>[] _missing = [];

    public GuardrailMeters(IMeterFactory meters)
    {
        var meter = meters.Create(MeterReadings.MeterName);
        _checks = meter.CreateCounter<long>("guardrails.checks", description: "Texts that a detector checked, by verdict; unknown means that it failed or took too long.");
        meter.CreateObservableGauge("guardrails.detectors_missing", () => _missing, description: "1 for each detector that the server runs without, because its model cannot be used.");
    }

    public void RunsWithout(ImmutableArray<BrokenModel> broken) => _missing = [.. broken.Select(static model => new Measurement<int>(1, new KeyValuePair<string, object?>("detector", model.Detector)))];

    public void Checked(string detector, DetectorVerdict verdict) => _checks.Add(1, new("detector", detector), new("verdict", Name(verdict)));

    public static string Name(DetectorVerdict verdict) => verdict switch
    {
        DetectorVerdict.Pass => "pass",
        DetectorVerdict.Flag => "flag",
        DetectorVerdict.Block => "block",
        DetectorVerdict.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
    };
}
