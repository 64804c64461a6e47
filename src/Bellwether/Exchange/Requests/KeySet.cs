using System.IO.Hashing;

namespace Bellwether.Exchange;

/// <summary>The keys of one object, to notice a second one. Linear for the usual handful, a hash set for a hostile million.</summary>
internal ref struct KeySet(Span<ulong> inline)
{
    public const int Inline = 48;

    private static readonly long Seed = Random.Shared.NextInt64();

    private readonly Span<ulong> _inline = inline;
    private int _count;
    private HashSet<ulong>? _more;

    /// <summary>False when the key was there. Keys are compared by a seeded 64-bit hash: a chance hit turns down a request once in 10^16.</summary>
    public bool Add(scoped ReadOnlySpan<byte> key)
    {
        var hash = XxHash3.HashToUInt64(key, Seed);
        if (_inline[.._count].Contains(hash))
        {
            return false;
        }
        if (_count < _inline.Length)
        {
            _inline[_count++] = hash;
            return true;
        }
        return (_more ??= []).Add(hash);
    }
}
