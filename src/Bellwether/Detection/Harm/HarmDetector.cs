using System.Collections.Immutable;

namespace Bellwether.Detection;

/// <summary>Finds abusive language, requests for harmful things, and answers that give them.</summary>
internal sealed class HarmDetector(HarmModel model) : ITextDetector
{
    private static readonly string[] s_names = ["abuse", "harmful_request", "harmful_response"];
    private static readonly string[] s_reasons =
    [
        "It insults, threatens or degrades.",
        "It asks for help with something harmful.",
        "It gives help with something harmful.",
    ];

    public string Name => HarmModel.Name;

    public DetectorReport Check(in DetectorInput input)
    {
        var report = Judge(input);
        if (report.Verdict is DetectorVerdict.Pass or DetectorVerdict.Unknown || input.Channel != TextChannel.User) { return report; }
        Span<char> rest = stackalloc char[HarmlessSenses.LongestText];
        if (!HarmlessSenses.TryTakeOut(input.Text, rest, out var length)) { return report; }
        var without = Judge(new DetectorInput(rest[..length], input.Channel) { Deadline = input.Deadline });
        return without.Verdict == DetectorVerdict.Pass ? without : report;
    }

    private DetectorReport Judge(in DetectorInput input)
    {
        var signals = HarmReader.Read(model, input.Text, HeadsOf(input.Channel), input.Deadline);
        if (signals.OutOfTime)
        {
            return DetectorReport.TooSlow;
        }
        // Without a letter it says nothing.
        if (signals.Letters == 0)
        {
            return DetectorReport.Clean;
        }
        Span<float> values = stackalloc float[HarmSignals.Count];
        Span<double> scores = stackalloc double[HarmModel.Heads];
        var (best, count, verdict) = (0.0, 0, DetectorVerdict.Pass);
        for (var head = 0; head < HarmModel.Heads; head++)
        {
            if (HarmModel.Counts((HarmHead)head, input.Channel))
            {
                signals.Write((HarmHead)head, values);
                scores[head] = model.Judges[head].Score.Score(values);
                best = Math.Max(best, scores[head]);
                var judged = model.Judges[head].Thresholds.Judge(scores[head]);
                verdict = judged > verdict ? judged : verdict;
                count++;
            }
        }
        var report = new DetectorReport(best, verdict) { Parts = Parts(scores, input.Channel, count) };
        return verdict == DetectorVerdict.Pass ? report : Explain(report, scores, signals.Spans, input.Channel);
    }

    private static uint HeadsOf(TextChannel channel)
    {
        var heads = 0u;
        for (var head = 0; head < HarmModel.Heads; head++)
        {
            heads |= HarmModel.Counts((HarmHead)head, channel) ? 1u << head : 0;
        }
        return heads;
    }

    private static ImmutableArray<ScorePart> Parts(ReadOnlySpan<double> scores, TextChannel channel, int count)
    {
        var parts = new ScorePart[count];
        var at = 0;
        for (var head = 0; head < HarmModel.Heads; head++)
        {
            if (HarmModel.Counts((HarmHead)head, channel))
            {
                parts[at++] = new ScorePart(s_names[head], scores[head]);
            }
        }
        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(parts);
    }

    private DetectorReport Explain(DetectorReport report, ReadOnlySpan<double> scores, ReadOnlySpan<TextSpan> spans, TextChannel channel)
    {
        var reasons = ImmutableArray.CreateBuilder<string>(HarmModel.Heads);
        Span<TextSpan> found = stackalloc TextSpan[HarmModel.Heads];
        var count = 0;
        for (var head = 0; head < HarmModel.Heads; head++)
        {
            if (HarmModel.Counts((HarmHead)head, channel) && model.Judges[head].Thresholds.Judge(scores[head]) != DetectorVerdict.Pass)
            {
                reasons.Add(s_reasons[head]);
                found[count++] = spans[head];
            }
        }
        return report with { Reasons = reasons.DrainToImmutable(), Spans = TextSpans.Merge(found[..count]) };
    }
}
