using System.Collections.Immutable;

namespace Bellwether.Detection;

/// <summary>Finds prompt injection, jailbreaks and attempts to get the system prompt out.</summary>
internal sealed class InjectionDetector(InjectionModel model) : ITextDetector
{
    private const int MostReasons = 4;
    private const float SuspiciousMargin = 0;
    private const float OddTail = 1.2f;

    // The worst of some pieces counts from where hardly any piece of a harmless text comes to, and a little less than a text that was sent alone: block is a matter of 0.95.
    private const double LeastPiece = 0.9, PieceDiscount = 0.05;
    private const int MostPieces = 8;

    public string Name => InjectionModel.Name;

    public DetectorReport Check(in DetectorInput input)
    {
        var signals = InjectionReader.Read(model, input.Text, input.Channel, input.Deadline);
        if (signals.OutOfTime)
        {
            return DetectorReport.TooSlow;
        }
        // Emoji, lines and numbers ask for nothing, unless something is hidden or encoded in them.
        if (signals.Signs is { Letters: 0, Tags: 0 } && !signals.Disguised)
        {
            return DetectorReport.Clean;
        }
        var score = Score(signals, input.Channel);
        var piece = new TextSpan(0, input.Text.Length);
        if (input.Channel == TextChannel.User && input.Text.Length >= TextPieces.LongText && IsSuspicious(signals) && WorstPiece(signals, input, out var worst, out var place) is var told && told >= LeastPiece && told - PieceDiscount > score)
        {
            (score, signals, piece) = (told - PieceDiscount, worst, place);
        }
        var verdict = model.ThresholdsOf(input.Channel).Judge(score);
        if (verdict != DetectorVerdict.Pass && input.Channel == TextChannel.User && signals is { Disguised: false, Signs.Tags: 0 } && IsQuestionAboutWords(input, out var rest))
        {
            return new DetectorReport(rest, DetectorVerdict.Pass);
        }
        return verdict == DetectorVerdict.Pass
            ? new DetectorReport(score, verdict)
            : new DetectorReport(score, verdict) { Reasons = Reasons(signals), Spans = Spans(signals, piece) };
    }

    // Who asks what an attack means quotes it. He is judged by what he says himself.
    private bool IsQuestionAboutWords(in DetectorInput input, out double score)
    {
        Span<char> outside = stackalloc char[QuotedSpeech.LongestText];
        score = 0;
        if (!QuotedSpeech.TryTakeOut(input.Text, outside, out var length)) { return false; }
        var rest = InjectionReader.Read(model, outside[..length], input.Channel, input.Deadline);
        score = Score(rest, input.Channel);
        return !rest.OutOfTime && model.ThresholdsOf(input.Channel).Judge(score) == DetectorVerdict.Pass;
    }

    private static bool IsSuspicious(in InjectionSignals signals) => signals.Rules != 0 || Math.Max(signals.Worst, signals.DisguisedWorst) > SuspiciousMargin;

    // A page of harmless words around it makes an order to ignore all orders no less of one. The places that were most suspicious are judged once more without what stands around them.
    private double WorstPiece(in InjectionSignals whole, in DetectorInput input, out InjectionSignals worst, out TextSpan place)
    {
        Span<int> places = stackalloc int[MostPieces];
        var count = 0;
        for (var at = whole.WorstSpan.Start; at < whole.WorstSpan.End && count < MostPieces / 2; at = TextPieces.Around(input.Text, at).End)
        {
            places[count++] = at;
        }
        for (var rules = whole.Rules; rules != 0 && count < MostPieces; rules &= rules - 1)
        {
            places[count++] = whole.RuleSpans[System.Numerics.BitOperations.TrailingZeroCount(rules)].Start;
        }
        places = places[..count];
        places.Sort();
        (worst, place) = (default, default);
        var best = 0.0;
        if (whole.Disguised)
        {
            // A word of base64 in the middle of a sentence.
            Judge(whole.WorstSpan, input, ref best, ref worst, ref place);
        }
        var end = 0;
        foreach (var at in places)
        {
            if (at >= end)
            {
                var piece = TextPieces.Around(input.Text, at);
                end = piece.End;
                Judge(piece, input, ref best, ref worst, ref place);
            }
        }
        return best;
    }

    private void Judge(TextSpan piece, in DetectorInput input, ref double best, ref InjectionSignals worst, ref TextSpan place)
    {
        var end = Math.Min(piece.End, piece.Start + TextPieces.LongText);
        var signals = InjectionReader.Read(model, input.Text[piece.Start..end], input.Channel, input.Deadline);
        if (!signals.OutOfTime && Score(signals, input.Channel) is var score && score > best)
        {
            (best, worst, place) = (score, signals, new TextSpan(piece.Start, end));
        }
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

    private static ImmutableArray<TextSpan> Spans(in InjectionSignals signals, TextSpan piece)
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
            var length = piece.End - piece.Start;
            found[count++] = new TextSpan(Math.Max(0, length - SurpriseScan.Window), length);
        }
        foreach (ref var span in found[..count])
        {
            span = new TextSpan(span.Start + piece.Start, span.End + piece.Start);
        }
        return TextSpans.Merge(found[..count]);
    }
}
