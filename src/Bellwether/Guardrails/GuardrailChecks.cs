using Bellwether.Detection;
using Microsoft.Extensions.Logging;

namespace Bellwether.Guardrails;

/// <summary>Runs every detector over a text. One that throws has the verdict <see cref="DetectorVerdict.Unknown"/> and is counted; the others are not held up by it.</summary>
public sealed class GuardrailChecks
{
    private readonly ITextDetector[] _detectors;
    private readonly GuardrailMeters _meters;
    private readonly ILogger<GuardrailChecks> _logger;

    internal GuardrailChecks(IEnumerable<ITextDetector> detectors, GuardrailMeters meters, ILogger<GuardrailChecks> logger)
    {
        _detectors = [.. detectors];
        _meters = meters;
        _logger = logger;
    }

    /// <summary>The report of each detector by its name, in the order of registration.</summary>
    public IReadOnlyList<(string Detector, DetectorReport Report)> Check(in DetectorInput input)
    {
        var reports = new (string, DetectorReport)[_detectors.Length];
        for (var index = 0; index < reports.Length; index++)
        {
            reports[index] = (_detectors[index].Name, CheckOne(_detectors[index], input));
        }
        return reports;
    }

    /// <summary>The report of one detector; clean when it is not in this build.</summary>
    /// <param name="detector">Its name.</param>
    internal DetectorReport CheckWith(string detector, in DetectorInput input)
    {
        foreach (var candidate in _detectors)
        {
            if (candidate.Name == detector)
            {
                return CheckOne(candidate, input);
            }
        }
        return DetectorReport.Clean;
    }

    private DetectorReport CheckOne(ITextDetector detector, in DetectorInput input)
    {
        DetectorReport report;
        try
        {
            report = detector.Check(input);
        }
        // A detector must not throw; when it does all the same, the caller's policy decides what "unknown" means.
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The type alone: a message may quote the text.
            Log.DetectorFailed(_logger, detector.Name, error.GetType().Name);
            report = new DetectorReport(0, DetectorVerdict.Unknown) { Reasons = ["The detector failed; this was counted."] };
        }
        _meters.Checked(detector.Name, report.Verdict);
        return report;
    }
}
