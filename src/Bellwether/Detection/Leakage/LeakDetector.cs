using System.Collections.Immutable;

namespace Bellwether.Detection;

/// <summary>
/// Compares an answer with the system prompt of its call: verbatim, in part, in the first person, and through base64, hex,
/// percent-encoding, rot13, reversal and spaced letters. A prompt that is told in other words is not found.
/// </summary>
public sealed class LeakDetector : ITextDetector
{
    /// <summary>Score from which an answer is flagged.</summary>
    public const double FlagAt = 0.5;

    /// <summary>Score from which blocking is advised: most of a short prompt, a few sentences of a long one, or a canary.</summary>
    public const double BlockAt = 0.9;

    // Of an answer that is longer, the first part is judged.
    private const int MostChars = 4 * 1024 * 1024;
    // Units after which the clock is asked again.
    private const int Piece = 64 * 1024;

    [ThreadStatic]
    private static (LeakScan Plain, LeakScan Decoded)? s_scratch;
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
        return Compare(text, index, phrase >= 0, input.Deadline);
    }

    /// <summary>Begins to compare an answer that comes in pieces. For one answer and one thread at a time.</summary>
    /// <param name="system">The system prompt of the call.</param>
    /// <param name="leakAt">Score from which it is a leak. A canary always is.</param>
    public LeakStream Stream(string system, double leakAt = FlagAt) => new(_indexes.For(system), leakAt);

    private static DetectorReport Compare(ReadOnlySpan<char> text, PromptIndex index, bool announced, Deadline deadline)
    {
        var (plain, decoded) = s_scratch ??= (new LeakScan(), new LeakScan());
        plain.Begin(index);
        for (var at = 0; at < text.Length; at += Piece)
        {
            if (at > 0 && deadline.HasPassed) { return DetectorReport.TooSlow; }
            plain.Append(text[at..Math.Min(text.Length, at + Piece)], at);
        }
        plain.Finish();
        var canary = HasCanary(plain.Text.Chars, index);
        var (longest, covered, view) = (plain.Longest, plain.Covered, plain.LongestView);
        Encoded? form = null;
        var late = false;
        ImmutableArray<TextSpan> spans = [.. plain.Spans];
        EncodedRuns.Decode(text, (span, encoded, said) =>
        {
            if (deadline.HasPassed) { late = true; return; }
            decoded.Begin(index);
            decoded.Append(said, 0);
            decoded.Finish();
            var planted = HasCanary(decoded.Text.Chars, index);
            if (decoded.Longest == 0 && !planted) { return; }
            canary |= planted;
            covered = Math.Max(covered, decoded.Covered);
            spans = spans.Add(span);
            if (decoded.Longest > longest) { (longest, view, form) = (decoded.Longest, decoded.LongestView, encoded); }
        });
        if (late) { return DetectorReport.TooSlow; }
        var findings = new LeakFindings { PromptLength = index.Length, Longest = longest, Covered = covered, Canary = canary, Announced = announced };
        return findings.ToReport(view, form, [.. spans.OrderBy(span => span.Start)]);
    }

    internal static bool HasCanary(ReadOnlySpan<char> compact, PromptIndex index)
    {
        foreach (var canary in index.Canaries)
        {
            if (compact.IndexOf(canary) >= 0) { return true; }
        }
        return false;
    }
}
