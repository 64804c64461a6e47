using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bellwether.Detection;

/// <summary>Concepts that must stand near each other, and what that means, as a sentence for a person.</summary>
/// <param name="Needs">Bits of the concepts that must all be there.</param>
/// <param name="Within">Tokens between the first and the last.</param>
/// <param name="OneOf">Bits of concepts of which one more must be there; zero when none.</param>
internal sealed record ConceptRule(string Reason, ulong Needs, int Within, ulong OneOf = 0);

/// <summary>The rules of a detector. They are features of a model and explanations, not verdicts: a question about an attack fulfils them too.</summary>
internal sealed class ConceptRules
{
    public const int Most = 24;

    private readonly ConceptRule[] _rules;
    // By concept: a bit for each rule in which it has a part.
    private readonly uint[] _of = new uint[64];

    public ConceptRules(params ConceptRule[] rules)
    {
        _rules = rules.Length <= Most ? rules : throw new ArgumentOutOfRangeException(nameof(rules));
        for (var index = 0; index < rules.Length; index++)
        {
            for (var rest = rules[index].Needs | rules[index].OneOf; rest != 0; rest &= rest - 1)
            {
                _of[BitOperations.TrailingZeroCount(rest)] |= 1u << index;
            }
        }
    }

    public int Count => _rules.Length;

    public ConceptRule this[int index] => _rules[index];

    /// <summary>A bit for each rule that the concept may fulfil.</summary>
    public uint Of(int concept) => _of[concept];
}

/// <summary>Applies rules along a text. Each concept remembers only its last place, so the work for each token is bounded.</summary>
/// <param name="places">Scratch memory of <see cref="ScratchLength"/>.</param>
internal ref struct RuleScan(ConceptRules rules, Span<int> places)
{
    private const int Concepts = 64;
    public const int ScratchLength = 2 * Concepts;

    private readonly Span<int> _last = Fill(places[..Concepts]), _starts = places.Slice(Concepts, Concepts);

    /// <summary>A bit for each rule that was fulfilled.</summary>
    public uint Hits { get; private set; }

    public RuleSpans Spans;

    private static Span<int> Fill(Span<int> last)
    {
        last.Fill(-1000);
        return last;
    }

    /// <param name="found">The concepts of a token; of one that means nothing nothing need be said.</param>
    /// <param name="token">Its number in the text, from 1 on.</param>
    public void Add(ulong found, int token, int start, int end)
    {
        var candidates = 0u;
        for (var rest = found; rest != 0; rest &= rest - 1)
        {
            var concept = BitOperations.TrailingZeroCount(rest);
            _last[concept] = token;
            _starts[concept] = start;
            candidates |= rules.Of(concept);
        }
        for (candidates &= ~Hits; candidates != 0; candidates &= candidates - 1)
        {
            var index = BitOperations.TrailingZeroCount(candidates);
            Try(rules[index], index, token, end);
        }
    }

    private void Try(ConceptRule rule, int index, int token, int end)
    {
        var first = int.MaxValue;
        for (var rest = rule.Needs; rest != 0; rest &= rest - 1)
        {
            var concept = BitOperations.TrailingZeroCount(rest);
            if (token - _last[concept] > rule.Within)
            {
                return;
            }
            first = Math.Min(first, _starts[concept]);
        }
        var one = rule.OneOf == 0;
        for (var rest = rule.OneOf; rest != 0; rest &= rest - 1)
        {
            var concept = BitOperations.TrailingZeroCount(rest);
            if (token - _last[concept] <= rule.Within)
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

/// <summary>Where each rule was fulfilled.</summary>
[InlineArray(ConceptRules.Most)]
internal struct RuleSpans
{
    private TextSpan _first;
}
