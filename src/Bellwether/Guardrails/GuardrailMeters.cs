using System.Diagnostics.Metrics;
using Bellwether.Detection;
using Bellwether.Telemetry;

namespace Bellwether.Guardrails;

/// <summary>What detectors said, at <c>/metrics</c>.</summary>
internal sealed class GuardrailMeters(IMeterFactory meters)
{
    private readonly Counter<long> _checks = meters.Create(MeterReadings.MeterName)
        .CreateCounter<long>("guardrails.checks", description: "Texts that a detector checked, by verdict; unknown means that it failed");

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
