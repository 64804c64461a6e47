namespace Bellwether.Detection;

/// <summary>What the reading of a text found, before each head weighs it.</summary>
internal struct HarmSignals
{
    private const int Margins = 2;

    /// <summary>Numbers that a head weighs: its margins, how thick each concept stands, and one for each rule.</summary>
    public static readonly int Count = Margins + HarmConcepts.Count + HarmRules.All.Count;

    private const ulong AbuseConcepts = (ulong)(HarmConcept.Slur | HarmConcept.Insult | HarmConcept.Mild | HarmConcept.Profanity | HarmConcept.Degrade | HarmConcept.Hate | HarmConcept.Masked | HarmConcept.Hurt | HarmConcept.Sexual);
    private const ulong RequestConcepts = (ulong)(HarmConcept.Hurt | HarmConcept.Sexual | HarmConcept.Grave | HarmConcept.Crime | HarmConcept.Hack | HarmConcept.Weapon | HarmConcept.Drug | HarmConcept.Deceive | HarmConcept.Evade | HarmConcept.Spy | HarmConcept.Bias);

    public int Letters;
    public PerHead Worst, Whole;
    public HeadSpans Spans;
    public Densities Densities;
    public uint Rules;
    /// <summary>The reading was stopped; nothing else here counts.</summary>
    public bool OutOfTime;

    /// <summary>Whether a head weighs a number. What an answer gives is told by its margins alone: it speaks of harm also where it refuses.</summary>
    public static bool IsWeighed(HarmHead head, int index) => index < Margins || head switch
    {
        HarmHead.Abuse => index < Margins + HarmConcepts.Count ? (AbuseConcepts >> (HarmConcepts.First + index - Margins) & 1) != 0 : index < Margins + HarmConcepts.Count + HarmRules.OfAbuse,
        HarmHead.Request => index < Margins + HarmConcepts.Count ? (RequestConcepts >> (HarmConcepts.First + index - Margins) & 1) != 0 : index >= Margins + HarmConcepts.Count + HarmRules.OfAbuse,
        HarmHead.Response => false,
        _ => throw new ArgumentOutOfRangeException(nameof(head)),
    };

    public readonly void Write(HarmHead head, Span<float> values)
    {
        values[0] = Math.Clamp(Worst[(int)head], -8, 8);
        values[1] = Math.Clamp(Whole[(int)head], -8, 8);
        ((ReadOnlySpan<float>)Densities).CopyTo(values[Margins..]);
        for (var index = 0; index < HarmRules.All.Count; index++)
        {
            values[Margins + HarmConcepts.Count + index] = Rules >> index & 1;
        }
    }
}

/// <summary>A number for each <see cref="HarmHead"/>.</summary>
[System.Runtime.CompilerServices.InlineArray(HarmModel.Heads)]
internal struct PerHead
{
    private float _first;
}

/// <summary>The worst window of each <see cref="HarmHead"/>.</summary>
[System.Runtime.CompilerServices.InlineArray(HarmModel.Heads)]
internal struct HeadSpans
{
    private TextSpan _first;
}

/// <summary>How thick each <see cref="HarmConcept"/> stands.</summary>
[System.Runtime.CompilerServices.InlineArray(HarmConcepts.Count)]
internal struct Densities
{
    private float _first;
}
