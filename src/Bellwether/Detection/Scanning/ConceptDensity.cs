using System.Numerics;

namespace Bellwether.Detection;

/// <summary>How thick each concept stands at its thickest place: one word in a long text is no more than one word.</summary>
/// <param name="scratch">Scratch memory of <see cref="ScratchLength"/>.</param>
internal ref struct ConceptDensity(Span<float> scratch)
{
    private const int Concepts = 64, Memory = 64;
    public const int ScratchLength = 3 * Concepts;

    // A word counts half after 17 tokens.
    private static readonly float[] s_fading = [.. Enumerable.Range(0, Memory).Select(tokens => MathF.Pow(0.96f, tokens))];

    private readonly Span<float> _now = Clear(scratch[..Concepts]), _most = Clear(scratch.Slice(Concepts, Concepts)), _last = Clear(scratch.Slice(2 * Concepts, Concepts));

    private static Span<float> Clear(Span<float> values)
    {
        values.Clear();
        return values;
    }

    /// <param name="found">The concepts of a token; of one that means nothing nothing need be said.</param>
    /// <param name="token">Its number in the text, from 1 on.</param>
    public void Add(ulong found, int token)
    {
        for (; found != 0; found &= found - 1)
        {
            var concept = BitOperations.TrailingZeroCount(found);
            var since = token - (int)_last[concept];
            _now[concept] = (since < Memory ? _now[concept] * s_fading[since] : 0) + 1;
            _most[concept] = Math.Max(_most[concept], _now[concept]);
            _last[concept] = token;
        }
    }

    /// <param name="concept">The number of its bit.</param>
    /// <returns>0 for none, 1 for one word, 1.6 for two beside each other, at most 2.6.</returns>
    public readonly float Of(int concept) => MathF.Log2(1 + Math.Min(5, _most[concept]));
}
