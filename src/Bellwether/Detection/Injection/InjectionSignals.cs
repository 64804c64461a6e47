namespace Bellwether.Detection;

/// <summary>What the readings of a text found, before it is weighed.</summary>
internal struct InjectionSignals
{
    private const int Fixed = 10;

    /// <summary>Numbers that are weighed: margins, shape of the text, and one for each rule.</summary>
    public static readonly int Count = Fixed + InjectionRules.All.Length;

    public float Worst, Whole, Rest, DisguisedWorst, TailContrast, TailSurprise;
    public TextSpan WorstSpan;
    public ScanSigns Signs;
    public uint Rules;
    public RuleSpans RuleSpans;
    /// <summary>A reading that undid a disguise found more than the text as it stands.</summary>
    public bool Disguised;

    public readonly void Write(Span<float> values)
    {
        var worst = Math.Clamp(Math.Max(Worst, DisguisedWorst), -8, 8);
        values[0] = worst;
        values[1] = Math.Clamp(Whole, -8, 8);
        values[2] = Math.Clamp(worst - Rest, 0, 8);
        values[3] = MathF.Log2(1 + Signs.Tokens) / 10;
        values[4] = Math.Max(0, TailContrast);
        values[5] = TailSurprise / 4;
        values[6] = Math.Clamp(DisguisedWorst - Worst, 0, 4);
        values[7] = Signs.Tags > 3 ? 1 : 0;
        values[8] = Math.Min(1, (Signs.MixedScriptWords / 4f) + (Signs.Invisible > 1 + (Signs.Letters / 20) ? 0.5f : 0));
        values[9] = Signs.Letters == 0 ? 0 : (float)Signs.Uppers / Signs.Letters;
        for (var index = 0; index < InjectionRules.All.Length; index++)
        {
            values[Fixed + index] = Rules >> index & 1;
        }
    }
}
