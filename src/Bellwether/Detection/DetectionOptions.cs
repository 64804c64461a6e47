using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Bellwether.Detection;

/// <summary>Section <c>Bellwether:Detection</c>: the models of the detectors, and how long one may look at a text.</summary>
public sealed class DetectionOptions
{
    /// <summary>A folder with models of one's own, as <c>bellwether detectors train</c> writes them: <c>injection.model</c>, <c>harm.model</c>. What it does not hold is the build's own; empty: all are.</summary>
    public string ModelDirectory { get; set; } = "";

    /// <summary>What happens when a model cannot be used. Running without is loud: the detector's verdict is <c>unknown</c> for every text, which policies let pass or block.</summary>
    public BrokenModelAction OnBrokenModel { get; set; } = BrokenModelAction.Stop;

    /// <summary>Time that one detector may take for one text; then its verdict is <c>unknown</c>. A megabyte takes up to 0.05 s on an idle core.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan DetectorTime { get; set; } = TimeSpan.FromSeconds(5);
}

public enum BrokenModelAction
{
    /// <summary>The server does not start and says why.</summary>
    Stop,
    /// <summary>It runs without the detector and says so.</summary>
    RunWithout,
}

/// <summary>Loads the models, so that a broken one stops the start as a wrong setting does.</summary>
internal sealed class DetectionOptionsValidator : IValidateOptions<DetectionOptions>
{
    public ValidateOptionsResult Validate(string? name, DetectionOptions options)
    {
        if (options.ModelDirectory.Length > 0 && !Directory.Exists(options.ModelDirectory))
        {
            return ValidateOptionsResult.Fail("Bellwether:Detection:ModelDirectory is no folder that can be read");
        }
        if (options.OnBrokenModel == BrokenModelAction.RunWithout)
        {
            return ValidateOptionsResult.Success;
        }
        var failures = new DetectorModels(options).Broken.Select(static broken => $"{broken.Reason.TrimEnd('.')}. Set Bellwether:Detection:OnBrokenModel to RunWithout to start without this detector.").ToList();
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
