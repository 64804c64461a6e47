using System.Collections.Immutable;

namespace Bellwether.Detection;

/// <summary><see cref="PersonalDataScanner"/> as a detector: its score is the surest finding's, and any finding is worth a flag.</summary>
public sealed class PersonalDataDetector : ITextDetector
{
    public static readonly string DetectorName = "pii";

    [ThreadStatic]
    private static FindingBuffer? s_buffer;

    public string Name => DetectorName;

    public DetectorReport Check(in DetectorInput input)
    {
        var found = s_buffer ??= new FindingBuffer();
        if (!PersonalDataScanner.Scan(input.Text, found, input.Deadline))
        {
            return DetectorReport.TooSlow;
        }
        if (found.Count == 0)
        {
            return DetectorReport.Clean;
        }
        Span<int> counts = stackalloc int[PersonalDataTypes.Count];
        counts.Clear();
        var score = 0f;
        var spans = ImmutableArray.CreateBuilder<TextSpan>(found.Count);
        foreach (var finding in found.Items)
        {
            counts[(int)finding.Type]++;
            score = Math.Max(score, finding.Confidence);
            spans.Add(new TextSpan(finding.Start, finding.End));
        }
        var reasons = ImmutableArray.CreateBuilder<string>();
        for (var type = 0; type < counts.Length; type++)
        {
            if (counts[type] > 0)
            {
                reasons.Add($"{((PersonalDataType)type).Name()}: {counts[type]}");
            }
        }
        return new DetectorReport(Math.Round(score, 3), DetectorVerdict.Flag) { Reasons = reasons.DrainToImmutable(), Spans = spans.DrainToImmutable() };
    }
}
