using System.Numerics;

namespace Bellwether.Detection;

/// <summary>Concepts that must stand near each other, and what that means, as a sentence for a person.</summary>
internal sealed record InjectionRule(string Reason, Concept Needs, int Within, Concept OneOf = Concept.None);

/// <summary>The rules. They are features of the model and explanations, not verdicts: a question about an attack fulfils them too.</summary>
internal static class InjectionRules
{
    public static readonly InjectionRule[] All =
    [
        new("It asks to ignore earlier instructions.", Concept.Ignore | Concept.Instruction, 8),
        new("It asks to ignore what was said before.", Concept.Ignore | Concept.Previous, 6),
        new("It announces new instructions.", Concept.New | Concept.Instruction, 3),
        new("It asks for the system prompt or the instructions of the model.", Concept.Reveal, 10, Concept.Prompt),
        new("It asks to repeat what stands before the message.", Concept.Reveal | Concept.Previous, 5),
        new("It asks for a secret that the model was given.", Concept.Reveal | Concept.Secret, 8),
        new("It asks to encode secrets or instructions.", Concept.Encode, 12, Concept.Prompt | Concept.Secret),
        new("It makes the model play a role without limits.", Concept.Pretend | Concept.Without | Concept.Limit, 30),
        new("It speaks of a model without limits.", Concept.Without | Concept.Limit, 4),
        new("It forbids the model to refuse or to warn.", Concept.Never | Concept.Refuse, 6),
        new("It names a known jailbreak or an unrestricted mode.", Concept.Unchained, 1),
        new("It speaks to the model and makes it play a role.", Concept.Pretend | Concept.Machine, 12),
        new("It asks to send data to an address.", Concept.Send | Concept.Address, 14),
        new("It dictates what the model has to say.", Concept.Say | Concept.Only, 5),
        new("It contains control marks of chat formats.", Concept.Markup, 1),
    ];
}

/// <summary>Applies the rules along a text. Each concept remembers only its last place, so the work for each token is bounded.</summary>
/// <param name="places">Scratch memory of <see cref="ScratchLength"/>.</param>
internal ref struct RuleScan(Span<int> places)
{
    private const int ConceptCount = 22;
    public const int ScratchLength = 2 * ConceptCount;

    private readonly Span<int> _last = Fill(places[..ConceptCount]), _starts = places.Slice(ConceptCount, ConceptCount);
    private int _token;

    /// <summary>A bit for each rule that was fulfilled.</summary>
    public uint Hits { get; private set; }

    public RuleSpans Spans;

    private static Span<int> Fill(Span<int> last)
    {
        last.Fill(-1000);
        return last;
    }

    public void Add(Concept found, int start, int end)
    {
        _token++;
        if (found == Concept.None)
        {
            return;
        }
        for (var rest = (uint)found; rest != 0; rest &= rest - 1)
        {
            var concept = BitOperations.TrailingZeroCount(rest);
            _last[concept] = _token;
            _starts[concept] = start;
        }
        for (var index = 0; index < InjectionRules.All.Length; index++)
        {
            var rule = InjectionRules.All[index];
            if ((Hits >> index & 1) == 0 && ((rule.Needs | rule.OneOf) & found) != 0)
            {
                Try(rule, index, end);
            }
        }
    }

    private void Try(InjectionRule rule, int index, int end)
    {
        var first = int.MaxValue;
        for (var rest = (uint)rule.Needs; rest != 0; rest &= rest - 1)
        {
            var concept = BitOperations.TrailingZeroCount(rest);
            if (_token - _last[concept] > rule.Within)
            {
                return;
            }
            first = Math.Min(first, _starts[concept]);
        }
        var one = rule.OneOf == Concept.None;
        for (var rest = (uint)rule.OneOf; rest != 0; rest &= rest - 1)
        {
            var concept = BitOperations.TrailingZeroCount(rest);
            if (_token - _last[concept] <= rule.Within)
            {
                one = true;
                first = Math.Min(first, _starts[concept]);
            }
        }
        if (one)
        {
            Hits |= 1u << index;
            Spans[index] = new TextSpan(first, end);
        }
    }
}

[System.Runtime.CompilerServices.InlineArray(15)]
internal struct RuleSpans
{
    private TextSpan _first;
}
