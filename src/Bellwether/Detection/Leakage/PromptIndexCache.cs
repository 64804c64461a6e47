using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Bellwether.Detection;

/// <summary>
/// The indexes of the system prompts in use, by fingerprint. Two generations: what is asked for moves to the young one, and
/// when that is full the old one is forgotten, so that memory stays under twice the bound and what is in use stays in.
/// </summary>
internal sealed class PromptIndexCache
{
    private const int MostEntries = 512;
    private const int MostWeight = 16 * 1024 * 1024;
    private readonly Lock _lock = new();
    private Dictionary<UInt128, PromptIndex> _young = [];
    private Dictionary<UInt128, PromptIndex> _old = [];
    private int _weight;

    public int Count { get { lock (_lock) { return _young.Count + _old.Count; } } }

    public PromptIndex For(string prompt)
    {
        var key = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(prompt.AsSpan()));
        lock (_lock)
        {
            if (_young.TryGetValue(key, out var known)) { return known; }
            if (_old.Remove(key, out known))
            {
                Add(key, known);
                return known;
            }
        }
        // Outside the lock: a long prompt takes a millisecond, and two who build the same one do no harm.
        var built = PromptIndex.Build(prompt);
        lock (_lock) { Add(key, built); }
        return built;
    }

    private void Add(UInt128 key, PromptIndex index)
    {
        if (_young.Count >= MostEntries || _weight + index.Weight > MostWeight)
        {
            (_old, _young, _weight) = (_young, [], 0);
        }
        if (_young.TryAdd(key, index)) { _weight += index.Weight; }
    }
}
