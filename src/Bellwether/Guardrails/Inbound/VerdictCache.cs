using System.IO.Hashing;
using System.Numerics;
using Microsoft.Extensions.Options;

namespace Bellwether.Guardrails;

/// <summary>
/// Verdicts of texts that were seen before: a conversation sends its system prompt and all its former turns with every call. Keyed by
/// 128 bits of a hash whose seed nobody knows, so that no text can be made to pass for another. Bounded; what is asked for again
/// stays, so that a flood of new texts does not wash the system prompts out. Without locks: a place is one reference.
/// </summary>
internal sealed class VerdictCache
{
    private const int Ways = 4;

    private readonly TextVerdict?[] _places;
    private readonly long _seed = Random.Shared.NextInt64();
    private readonly UInt128 _factor = new(((ulong)Random.Shared.NextInt64() << 1) | 1, ((ulong)Random.Shared.NextInt64() << 1) | 1);

    public VerdictCache(IOptions<PromptOptions> options) =>
        _places = new TextVerdict?[(int)BitOperations.RoundUpToPowerOf2((uint)options.Value.RememberedTexts)];

    /// <summary>Of the parts' bytes as they were sent and of who says them.</summary>
    public UInt128 KeyOf(ReadOnlySpan<byte> body, ReadOnlySpan<PromptPart> parts, PromptOrigin origin)
    {
        var key = (UInt128)(byte)origin + 1;
        foreach (ref readonly var part in parts)
        {
            key = ((key + (UInt128)(byte)part.Kind) * _factor) ^ XxHash128.HashToUInt128(body[part.Start..part.End], _seed);
        }
        return key;
    }

    public TextVerdict? Find(UInt128 key)
    {
        foreach (var verdict in SetOf(key))
        {
            if (verdict is not null && verdict.Key == key)
            {
                verdict.Wanted = true;
                return verdict;
            }
        }
        return null;
    }

    public void Keep(TextVerdict verdict)
    {
        var set = SetOf(verdict.Key);
        for (var i = 0; i < set.Length; i++)
        {
            if (set[i] is not { } other || other.Key == verdict.Key)
            {
                set[i] = verdict;
                return;
            }
        }
        // All were wanted: the next round begins, and each must be asked for again to stay.
        var first = (int)(uint)(verdict.Key >> 64) & (Ways - 1);
        for (var i = 0; i < Ways; i++)
        {
            ref var place = ref set[(first + i) & (Ways - 1)];
            if (place is not { Wanted: true } old)
            {
                place = verdict;
                return;
            }
            old.Wanted = false;
        }
        set[first] = verdict;
    }

    private Span<TextVerdict?> SetOf(UInt128 key) => _places.AsSpan((int)((uint)key & (uint)(_places.Length - 1)) & ~(Ways - 1), Ways);
}
