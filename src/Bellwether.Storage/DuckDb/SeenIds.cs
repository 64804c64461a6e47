using System.Runtime.InteropServices;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Ids that a day's file has, as 32-bit fingerprints in open-addressed tables: what is not in here has no former version, and the
/// file need not be asked, which would read all its ids for every batch. A false "perhaps" is one in about a billion and costs
/// one question; a false "no" cannot be. Four to eight bytes an id. Used by the writer's thread only.
/// </summary>
internal sealed class SeenIds
{
    /// <summary>More ids than that are not kept: 32 to 64 MiB.</summary>
    public static readonly int Most = 8 << 20;

    private static readonly int s_firstBits = 16;

    // Each twice as large as the one before, because a fingerprint does not tell where it would stand in a larger one.
    private readonly List<uint[]> _tables = [];
    private int _inLast;

    public int Count { get; private set; }

    public void Add(Guid id)
    {
        if (MayContain(id))
        {
            return;
        }
        if (_tables.Count == 0 || _inLast > _tables[^1].Length / 4 * 3)
        {
            _tables.Add(new uint[1 << (s_firstBits + _tables.Count)]);
            _inLast = 0;
        }
        var (place, print) = Hash(id);
        var table = _tables[^1];
        var at = place & (uint)(table.Length - 1);
        while (table[at] != 0)
        {
            at = (at + 1) & (uint)(table.Length - 1);
        }
        table[at] = print;
        _inLast++;
        Count++;
    }

    public bool MayContain(Guid id)
    {
        var (place, print) = Hash(id);
        foreach (var table in _tables)
        {
            for (var at = place & (uint)(table.Length - 1); table[at] != 0; at = (at + 1) & (uint)(table.Length - 1))
            {
                if (table[at] == print)
                {
                    return true;
                }
            }
        }
        return false;
    }

    private static (uint Place, uint Print) Hash(Guid id)
    {
        Span<ulong> halves = stackalloc ulong[2];
        MemoryMarshal.Write(MemoryMarshal.AsBytes(halves), id);
        // The finaliser of MurmurHash3: half of such an id is a clock.
        var hash = halves[0] ^ System.Numerics.BitOperations.RotateLeft(halves[1], 29);
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        hash ^= hash >> 33;
        // Zero marks an empty place.
        return ((uint)hash, (uint)(hash >> 32) | 1);
    }
}
