using System.Collections.Immutable;

namespace Bellwether.Detection;

/// <summary>Finds prompt injection, jailbreaks and attempts to get the system prompt out.</summary>
internal sealed class InjectionDetector(InjectionModel model) : ITextDetector
{
    private const int MostReasons = 4;
    private const float SuspiciousMargin = 0;
    private const float OddTail = 1.2f;

    public string Name => InjectionModel.Name;

    public DetectorReport Check(in DetectorInput input)
    {
        var signals = InjectionReader.Read(model, input.Text, input.Channel, input.Deadline);
        if (signals.OutOfTime)
        {
            return DetectorReport.TooSlow;
        }
        if (signals.Signs.Tokens == 0)
        {
            return DetectorReport.Clean;
        }
        var score = Score(signals, input.Channel);
        var verdict = model.ThresholdsOf(input.Channel).Judge(score);
        return verdict == DetectorVerdict.Pass
            ? new DetectorReport(score, verdict)
            : new DetectorReport(score, verdict) { Reasons = Reasons(signals), Spans = Spans(signals, input.Text.Length) };
    }

    private double Score(in InjectionSignals signals, TextChannel channel)
    {
        Span<float> values = stackalloc float[InjectionSignals.Count];
        signals.Write(values, InjectionModel.IsDocument(channel));
        return (InjectionModel.IsDocument(channel) ? model.DocumentScore : model.PromptScore).Score(values);
    }

    private static ImmutableArray<string> Reasons(in InjectionSignals signals)
    {
        var reasons = ImmutableArray.CreateBuilder<string>(MostReasons);
        for (var index = 0; index < InjectionRules.All.Count && reasons.Count < MostReasons - 1; index++)
        {
            if ((signals.Rules >> index & 1) != 0)
            {
                reasons.Add(InjectionRules.All[index].Reason);
            }
        }
        if (signals.Signs.Tags > 0)
        {
            reasons.Add("It hides text in characters that show nothing.");
        }
        else if (signals.Disguised)
        {
            reasons.Add("The finding is disguised: encoded, spaced out or written with other signs.");
        }
        if (signals.TailContrast > OddTail && reasons.Count < MostReasons)
        {
            reasons.Add("It ends in gibberish, as suffixes that a program searched for do.");
        }
        if (reasons.Count == 0 || (signals.Worst > SuspiciousMargin && reasons.Count < MostReasons))
        {
            reasons.Add("Its wording is like that of known attacks.");
        }
        return reasons.DrainToImmutable();
    }

    private static ImmutableArray<TextSpan> Spans(in InjectionSignals signals, int length)
    {
        Span<TextSpan> found = stackalloc TextSpan[InjectionRules.All.Count + 2];
        var count = 0;
        if (signals.WorstSpan.End > 0)
        {
            found[count++] = signals.WorstSpan;
        }
        for (var index = 0; index < InjectionRules.All.Count; index++)
        {
            if ((signals.Rules >> index & 1) != 0)
            {
                found[count++] = signals.RuleSpans[index];
            }
        }
        if (signals.TailContrast > OddTail)
        {
            found[count++] = new TextSpan(Math.Max(0, length - SurpriseScan.Window), length);
        }
        return TextSpans.Merge(found[..count]);
    }
}
