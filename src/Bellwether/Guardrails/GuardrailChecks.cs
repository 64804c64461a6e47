using Bellwether.Detection;
using Microsoft.Extensions.Logging;

namespace Bellwether.Guardrails;

/// <summary>Runs every detector over a text. One that throws or takes too long has the verdict <see cref="DetectorVerdict.Unknown"/> and is counted; the others are not held up by it.</summary>
public sealed class GuardrailChecks
{
    private readonly ITextDetector[] _detectors;
    private readonly GuardrailMeters _meters;
    private readonly ILogger<GuardrailChecks> _logger;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _time;

    /// <param name="time">That one detector may take for one text.</param>
    internal GuardrailChecks(IEnumerable<ITextDetector> detectors, GuardrailMeters meters, ILogger<GuardrailChecks> logger, TimeProvider clock, TimeSpan time)
    {
        (_clock, _time) = (clock, time);
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

    /// <summary>Looks for personal data where what it is decides, and not only how much of it there is.</summary>
    /// <returns>False: it failed or took too long, was counted, and <paramref name="found"/> holds nothing that may be relied on.</returns>
    internal bool TryFind(ReadOnlySpan<char> text, FindingBuffer found)
    {
        var isWhole = false;
        try
        {
            isWhole = PersonalDataScanner.Scan(text, found, Deadline.In(_clock, _time));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Log.DetectorFailed(_logger, PersonalDataDetector.DetectorName, error.GetType().Name);
        }
        if (!isWhole)
        {
            found.Clear();
            _meters.Checked(PersonalDataDetector.DetectorName, DetectorVerdict.Unknown);
        }
        return isWhole;
    }

    private DetectorReport CheckOne(ITextDetector detector, in DetectorInput input)
    {
        DetectorReport report;
        try
        {
            report = detector.Check(input with { Deadline = Deadline.In(_clock, _time) });
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
