using System.Collections.Immutable;
using System.Runtime.CompilerServices;

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

    [SkipLocalsInit]
    public DetectorReport Check(in DetectorInput input)
    {
        Span<float> values = stackalloc float[HarmModel.Heads * HarmModel.Signals];
        Span<TextSpan> spans = stackalloc TextSpan[HarmModel.Heads];
        if (Read(model, input.Text, values, spans) == 0)
        {
            return DetectorReport.Clean;
        }
        Span<double> scores = stackalloc double[HarmModel.Heads];
        var (best, count, verdict) = (0.0, 0, DetectorVerdict.Pass);
        for (var head = 0; head < HarmModel.Heads; head++)
        {
            scores[head] = model.Judges[head].Score.Score(values.Slice(head * HarmModel.Signals, HarmModel.Signals));
            if (HarmModel.Counts((HarmHead)head, input.Channel))
            {
                best = Math.Max(best, scores[head]);
                var judged = model.Judges[head].Thresholds.Judge(scores[head]);
                verdict = judged > verdict ? judged : verdict;
                count++;
            }
        }
        var report = new DetectorReport(best, verdict) { Parts = Parts(scores, input.Channel, count) };
        return verdict == DetectorVerdict.Pass ? report : Explain(report, scores, spans, input.Channel);
    }

    /// <summary>The numbers that each head weighs, and its worst window. Returns how many tokens the text has.</summary>
    [SkipLocalsInit]
    public static int Read(HarmModel model, ReadOnlySpan<char> text, Span<float> values, Span<TextSpan> spans)
    {
        var scanner = new TokenScanner(text, stackalloc char[TokenScanner.MaxWord]);
        var abuse = new MarginScan(model.Judges[0].Model, stackalloc int[MarginScan.RingLength]);
        var request = new MarginScan(model.Judges[1].Model, stackalloc int[MarginScan.RingLength]);
        var response = new MarginScan(model.Judges[2].Model, stackalloc int[MarginScan.RingLength]);
        var features = new HashedFeatures();
        Span<int> slots = stackalloc int[HashedFeatures.MaxPerToken];
        while (scanner.Next())
        {
            var found = slots[..features.Read(scanner.Folded, slots)];
            abuse.Add(found, scanner.Start, scanner.End, scanner.StartsSentence);
            request.Add(found, scanner.Start, scanner.End, scanner.StartsSentence);
            response.Add(found, scanner.Start, scanner.End, scanner.StartsSentence);
        }
        Write(ref abuse, values, 0, spans);
        Write(ref request, values, 1, spans);
        Write(ref response, values, 2, spans);
        return scanner.Signs.Tokens;
    }

    private static void Write(ref MarginScan scan, Span<float> values, int head, Span<TextSpan> spans)
    {
        scan.Finish();
        values = values.Slice(head * HarmModel.Signals, HarmModel.Signals);
        values[0] = Math.Clamp(scan.Worst, -8, 8);
        values[1] = Math.Clamp(scan.Whole, -8, 8);
        spans[head] = scan.WorstSpan;
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
