using System.Numerics;

namespace Bellwether.Exchange;

/// <summary>Gaps between deltas in buckets whose width grows with the value: 16 to a power of two, so within 3 %, in a fixed 4 KB for any number of them.</summary>
internal sealed class GapHistogram
{
    private const int SubBits = 4;
    private readonly int[] _buckets = new int[64 << SubBits];

    public long Count { get; private set; }

    public void Add(long gap)
    {
        _buckets[Index(Math.Max(gap, 0))]++;
        Count++;
    }

    /// <param name="quantile">0 to 1.</param>
    public long? Quantile(double quantile)
    {
        if (Count == 0)
        {
            return null;
        }
        var rank = Math.Max(1, (long)Math.Ceiling(quantile * Count));
        for (var i = 0; ; i++)
        {
            rank -= _buckets[i];
            if (rank <= 0)
            {
                return Middle(i);
            }
        }
    }

    public void Clear()
    {
        if (Count > 0)
        {
            Array.Clear(_buckets);
            Count = 0;
        }
    }

    // 0 to 15 have a bucket each; from there the top four bits below the leading one choose.
    private static int Index(long value)
    {
        if (value < 1 << SubBits)
        {
            return (int)value;
        }
        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return ((shift + 1) << SubBits) + (int)((value >> shift) & ((1 << SubBits) - 1));
    }

    private static long Middle(int index)
    {
        if (index < 1 << SubBits)
        {
            return index;
        }
        var shift = (index >> SubBits) - 1;
        var low = ((1L << SubBits) | (uint)(index & ((1 << SubBits) - 1))) << shift;
        return low + ((1L << shift) >> 1);
    }
}
