namespace Bellwether.Detection;

/// <summary>What the readings of a text found, before it is weighed.</summary>
internal struct InjectionSignals
{
    private const int Fixed = 11;
    private const int Meanings = 28;

    private const ulong InDocuments = (ulong)(Concept.Ignore | Concept.Prompt | Concept.Secret | Concept.Pretend | Concept.Machine | Concept.Unchained | Concept.Encode | Concept.Send | Concept.Address
            | Concept.Only | Concept.Rot13 | Concept.Markup | Concept.Authority | Concept.Query | Concept.Reply | Concept.Verb | Concept.Imperative)
        | (ulong)(HarmConcept.Grave | HarmConcept.Crime | HarmConcept.Hack | HarmConcept.Deceive | HarmConcept.Evade | HarmConcept.Spy | HarmConcept.Bias);

    /// <summary>Concepts of which it is weighed how thick they stand.</summary>
    public const int ConceptCount = Meanings + HarmConcepts.Count;

    /// <summary>Numbers that are weighed: margins, shape of the text, concepts, and one for each rule.</summary>
    public static readonly int Count = Fixed + ConceptCount + InjectionRules.All.Count;

    public float Worst, Whole, Rest, First, Last, DisguisedWorst, TailContrast;
    public ConceptDensities Densities;
    /// <summary>The first or the last sentence is an order, or a question.</summary>
    public bool Orders, Asks;
    public TextSpan WorstSpan;
    public ScanSigns Signs;
    /// <summary>Tokens of all readings, for tests of the bound on work.</summary>
    public int TokensRead;
    public uint Rules;
    public RuleSpans RuleSpans;
    /// <summary>A reading that undid a disguise found more than the text as it stands.</summary>
    public bool Disguised;
    /// <summary>The reading was stopped; nothing else here counts.</summary>
    public bool OutOfTime;

    /// <summary>The bit of a concept in the table.</summary>
    public static int BitOf(int concept) => concept < Meanings ? concept : HarmConcepts.First + concept - Meanings;

    // Length, capitals and the like tell sources apart and not attacks: with them documents fell from 0.90 to 0.54 AUROC on dev.
    public static bool WeighedInPrompts(int index) => index is not (2 or 7 or 8 or 9 or 10);

    /// <summary>In a document the contrast to the rest counts, and not what the whole of it is like or what it is about.</summary>
    public static bool WeighedInDocuments(int index) => index is < Fixed or >= Fixed + ConceptCount ? index != 1 : (InDocuments >> BitOf(index - Fixed) & 1) != 0;

    /// <param name="document">In a prompt a word counts less the longer the prompt is; in a document what is planted stays what it is.</param>
    public readonly void Write(Span<float> values, bool document)
    {
        var worst = Math.Clamp(Math.Max(Worst, DisguisedWorst), -8, 8);
        values[0] = worst;
        values[1] = Math.Clamp(Whole, -8, 8);
        values[2] = Math.Clamp(worst - Rest, 0, 8);
        values[3] = Math.Max(0, TailContrast);
        values[4] = Math.Clamp(DisguisedWorst - Worst, 0, 4);
        values[5] = Signs.Tags > 3 ? 1 : 0;
        values[6] = Math.Min(1, (Signs.MixedScriptWords / 4f) + (Signs.Invisible > 1 + (Signs.Letters / 20) ? 0.5f : 0));
        values[7] = Math.Clamp(First - Rest, 0, 8);
        values[8] = Math.Clamp(Last - Rest, 0, 8);
        values[9] = Orders ? 1 : 0;
        values[10] = Asks ? 1 : 0;
        var share = document ? 1 : 1 / MathF.Sqrt(Math.Max(1, Signs.Tokens / 25f));
        for (var concept = 0; concept < ConceptCount; concept++)
        {
            values[Fixed + concept] = Densities[concept] * share;
        }
        for (var index = 0; index < InjectionRules.All.Count; index++)
        {
            values[Fixed + ConceptCount + index] = Rules >> index & 1;
        }
    }
}

/// <summary>How thick each concept stands.</summary>
[System.Runtime.CompilerServices.InlineArray(InjectionSignals.ConceptCount)]
internal struct ConceptDensities
{
    private float _first;
}
