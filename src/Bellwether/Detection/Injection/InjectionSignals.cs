namespace Bellwether.Detection;

/// <summary>What the readings of a text found, before it is weighed.</summary>
internal struct InjectionSignals
{
    private const int Fixed = 7;

    /// <summary>Numbers that are weighed: margins, shape of the text, and one for each rule.</summary>
    public static readonly int Count = Fixed + InjectionRules.All.Length;

    public float Worst, Whole, Rest, DisguisedWorst, TailContrast;
    public TextSpan WorstSpan;
    public ScanSigns Signs;
    public uint Rules;
    public RuleSpans RuleSpans;
    /// <summary>A reading that undid a disguise found more than the text as it stands.</summary>
    public bool Disguised;

    // Length, capitals and the like tell sources apart and not attacks: with them documents fell from 0.90 to 0.54 AUROC on dev.
    public static bool WeighedInPrompts(int index) => index != 2;

    /// <summary>In a document the contrast to the rest counts, and not what the whole of it is like.</summary>
    public static bool WeighedInDocuments(int index) => index != 1;

    public readonly void Write(Span<float> values)
    {
        var worst = Math.Clamp(Math.Max(Worst, DisguisedWorst), -8, 8);
        values[0] = worst;
        values[1] = Math.Clamp(Whole, -8, 8);
        values[2] = Math.Clamp(worst - Rest, 0, 8);
        values[3] = Math.Max(0, TailContrast);
        values[4] = Math.Clamp(DisguisedWorst - Worst, 0, 4);
        values[5] = Signs.Tags > 3 ? 1 : 0;
        values[6] = Math.Min(1, (Signs.MixedScriptWords / 4f) + (Signs.Invisible > 1 + (Signs.Letters / 20) ? 0.5f : 0));
        for (var index = 0; index < InjectionRules.All.Length; index++)
        {
            values[Fixed + index] = Rules >> index & 1;
        }
    }
}
