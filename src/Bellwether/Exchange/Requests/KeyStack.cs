using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Runtime.CompilerServices;

namespace Bellwether.Exchange;

/// <summary>
/// The keys of the object that a reader stands in and of those around it, to notice one that comes again. Linear for the usual
/// handful, a hash set for a hostile million.
/// </summary>
internal struct KeyStack
{
    // Of one object: what is beyond goes into the set.
    private const int Linear = 48;
    private const int InlineKeys = 128;
    private const int MaxDepth = 64;

    private static readonly long Seed = Random.Shared.NextInt64();

    private Keys _inline;
    private Marks _marks;
    private ulong[]? _larger;
    private HashSet<(int Object, ulong Key)>? _more;
    private int _depth;
    private int _start;
    private int _count;
    private int _objects;

    /// <summary>An object begins.</summary>
    public void Enter()
    {
        _marks[_depth++] = (_start, _objects);
        _start = _count;
        // A number of its own: what is in the set of one object must not be found for another.
        _objects++;
    }

    /// <summary>The object that began last ends.</summary>
    public void Leave()
    {
        _count = _start;
        _start = _marks[--_depth].Start;
    }

    /// <summary>False when the object had the key. Keys are compared by a seeded 64-bit hash: a chance hit turns down a request once in 10^16.</summary>
    public bool Add(scoped ReadOnlySpan<byte> key)
    {
        var hash = XxHash3.HashToUInt64(key, Seed);
        var keys = Span;
        if (keys[_start.._count].Contains(hash))
        {
            return false;
        }
        if (_count - _start == Linear)
        {
            return (_more ??= []).Add((_marks[_depth - 1].Object, hash));
        }
        if (_count == keys.Length)
        {
            _larger = new ulong[MaxDepth * Linear];
            keys.CopyTo(_larger);
            keys = _larger;
        }
        keys[_count++] = hash;
        return true;
    }

    [UnscopedRef]
    private Span<ulong> Span => _larger is null ? _inline : _larger;

    [InlineArray(InlineKeys)]
    private struct Keys
    {
        private ulong _first;
    }

    [InlineArray(MaxDepth)]
    private struct Marks
    {
        private (int Start, int Object) _first;
    }
}
