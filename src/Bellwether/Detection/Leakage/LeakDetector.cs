namespace Bellwether.Detection;

/// <summary>
/// Compares an answer with the system prompt of its call: verbatim, in part, in the first person, and through encodings, escapes,
/// rot13, reversal, leetspeak, disguised and spaced letters (<see cref="LeakReading"/>). A prompt that is told in other words is not found.
/// </summary>
public sealed class LeakDetector : ITextDetector
{
    /// <summary>Score from which an answer is flagged.</summary>
    public const double FlagAt = 0.5;

    /// <summary>Score from which blocking is advised: most of a short prompt, a few sentences of a long one, or a canary.</summary>
    public const double BlockAt = 0.9;

    // Of an answer that is longer, the first part is judged.
    private const int MostChars = 4 * 1024 * 1024;

    [ThreadStatic]
    private static LeakReading? s_reading;
    private readonly PromptIndexCache _indexes = new();

    public string Name => "leak";

    /// <summary>Nothing is found without <see cref="DetectorInput.System"/>, nor in any channel but the answer.</summary>
    public DetectorReport Check(in DetectorInput input)
    {
        if (input.Channel != TextChannel.Answer || input.Text.IsEmpty) { return DetectorReport.Clean; }
        var text = input.Text[..Math.Min(input.Text.Length, MostChars)];
        var phrase = LeakPhrases.Find(text);
        var index = string.IsNullOrEmpty(input.System) ? null : _indexes.For(input.System);
        if (index is null || index.TellsNothing)
        {
            return phrase < 0 ? DetectorReport.Clean : new LeakFindings { PromptLength = 0, Longest = 0, Covered = 0, Canary = false, Announced = true }.ToReport(LeakView.Plain, null, []);
        }
        var reading = s_reading ??= new LeakReading();
        reading.Read(text, index, input.Deadline);
        if (reading.IsLate) { return DetectorReport.TooSlow; }
        var findings = new LeakFindings { PromptLength = index.Length, Longest = reading.Longest, Covered = reading.Covered, Canary = reading.Canary, Announced = phrase >= 0 };
        return findings.ToReport(reading.LongestView, reading.LongestForm, [.. reading.Spans]);
    }

    /// <summary>Begins to compare an answer that comes in pieces. For one answer and one thread at a time.</summary>
    /// <param name="system">The system prompt of the call.</param>
    /// <param name="leakAt">Score from which it is a leak. A canary always is.</param>
    public LeakStream Stream(string system, double leakAt = FlagAt) => new(_indexes.For(system), leakAt);

    internal static bool HasCanary(ReadOnlySpan<char> compact, PromptIndex index)
    {
        foreach (var canary in index.Canaries)
        {
            if (compact.IndexOf(canary) >= 0) { return true; }
        }
        return false;
    }
}
