using System.Collections.Immutable;

namespace Bellwether.Detection;

/// <summary>What was found of a system prompt in an answer, over all its views, and the score that follows.</summary>
internal readonly record struct LeakFindings
{
    /// <summary>Compact characters of the prompt.</summary>
    public required int PromptLength { get; init; }
    /// <summary>Compact characters of the longest chain of equal runs.</summary>
    public required int Longest { get; init; }
    /// <summary>Compact characters of the prompt that occur in the answer.</summary>
    public required int Covered { get; init; }
    public required bool Canary { get; init; }
    public required bool Announced { get; init; }

    public double Coverage => PromptLength == 0 ? 0 : (double)Covered / PromptLength;

    // Set on leak/dev: ordinary answers share short set phrases with a prompt ("step by step"), and below these figures they are alone.
    private const int Telling = 48;
    private const int Plain = 160;

    /// <summary>Where the score passes the threshold of <see cref="DetectorVerdict.Flag"/> a person sees a sentence of the prompt.</summary>
    public double Score
    {
        get
        {
            if (Canary) { return 1; }
            if (Longest == 0) { return Announced ? 0.1 : 0; }
            var length = Announced ? Longest * 1.5 : Longest;
            // A short prompt is given away by a short run, if that is most of it.
            var share = Math.Min(1, Coverage / 0.6) * Math.Min(1, Longest / 24.0);
            var run = length < Telling ? 0.5 * length / Telling : 0.5 + (0.5 * Math.Min(1, (length - Telling) / (Plain - Telling)));
            return Math.Clamp(Math.Max(run, share > 0.99 ? 0.9 : 0.5 * share), 0, 0.99);
        }
    }

    public DetectorVerdict Verdict => Score switch { >= LeakDetector.BlockAt => DetectorVerdict.Block, >= LeakDetector.FlagAt => DetectorVerdict.Flag, _ => DetectorVerdict.Pass };

    public DetectorReport ToReport(LeakView view, Encoded? encoded, ImmutableArray<TextSpan> spans)
    {
        if (Longest == 0 && !Canary && !Announced) { return DetectorReport.Clean; }
        var reasons = ImmutableArray.CreateBuilder<string>();
        if (Canary) { reasons.Add("The answer contains a canary token of the system prompt."); }
        if (Longest > 0)
        {
            var form = Name(encoded) + view switch
            {
                LeakView.Reversed => ", backwards",
                LeakView.Rot13 => ", in rot13",
                LeakView.WordsReversed => ", each word backwards",
                LeakView.WordOrder => ", the words from last to first",
                _ => "",
            };
            reasons.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"{Longest} characters in a row are the system prompt's{form}; {Math.Round(Coverage * 100)} % of it occur in the answer."));
        }
        if (Announced) { reasons.Add("The answer announces its instructions."); }
        return new(Score, Verdict) { Reasons = reasons.DrainToImmutable(), Spans = spans };
    }

    private static string Name(Encoded? encoded) => encoded switch
    {
        Encoded.Base64 => ", in base64",
        Encoded.Base32 => ", in base32",
        Encoded.Hex => ", in hex",
        Encoded.Binary => ", in binary digits",
        Encoded.Numbers => ", in numbers of characters",
        Encoded.Escapes => ", behind escapes",
        _ => "",
    };
}
