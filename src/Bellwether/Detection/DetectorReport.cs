using System.Collections.Immutable;

namespace Bellwether.Detection;

/// <summary>What a detector found.</summary>
/// <param name="Score">0 to 1, calibrated on development data: about the share of texts with this score that are what the detector looks for.</param>
/// <param name="Verdict">The score against the detector's default thresholds of the channel.</param>
public sealed record DetectorReport(double Score, DetectorVerdict Verdict)
{
    /// <summary>Nothing found.</summary>
    public static DetectorReport Clean { get; } = new(0, DetectorVerdict.Pass);

    /// <summary>The detector's time was over before the text was.</summary>
    public static DetectorReport TooSlow { get; } = new(0, DetectorVerdict.Unknown) { Reasons = ["It took longer than a detector may; this was counted."] };

    /// <summary>Short sentences for a person, the weightiest first. They never quote the text: it may be a secret.</summary>
    public ImmutableArray<string> Reasons { get; init; } = [];

    /// <summary>Where in the text, in the order of their start.</summary>
    public ImmutableArray<TextSpan> Spans { get; init; } = [];

    /// <summary>The scores of the parts of a detector that looks for several things; <see cref="Score"/> is the highest of them.</summary>
    public ImmutableArray<ScorePart> Parts { get; init; } = [];
}

/// <param name="Name">As the API names it, such as <c>harmful_request</c>.</param>
/// <param name="Score">0 to 1, calibrated like that of the whole.</param>
public readonly record struct ScorePart(string Name, double Score);

/// <summary>A stretch of a text in UTF-16 units; <paramref name="End"/> is exclusive.</summary>
public readonly record struct TextSpan(int Start, int End);

/// <summary>What a detector advises. <see cref="Unknown"/>: it failed or took too long, and policy decides.</summary>
public enum DetectorVerdict { Pass, Flag, Block, Unknown }
