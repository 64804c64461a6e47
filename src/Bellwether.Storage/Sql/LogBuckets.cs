namespace Bellwether.Storage.Sql;

/// <summary>
/// Logarithmic histogram buckets (as in DDSketch): bucket i holds (γ^(i-1), γ^i], γ = 1.04, and stands for the value
/// 2γ^i/(γ+1), which is never more than 1.97 % away from what was measured. The bucket number is stored in the raw row
/// and the same numbers are counted in the rollups, so both give the same percentile, to the last bit.
/// </summary>
public static class LogBuckets
{
    /// <summary>Largest relative error of a percentile.</summary>
    public static readonly double RelativeError = (Gamma - 1) / (Gamma + 1);

    /// <summary>The bucket of everything that is zero or less, or not a number.</summary>
    public static readonly short Zero = short.MinValue;

    private const double Gamma = 1.04;
    private const int Widest = 1200;
    private static readonly double s_inverseLogGamma = 1 / Math.Log(Gamma);

    public static short Of(double value)
    {
        if (!(value > 0))
        {
            return Zero;
        }
        var bucket = Math.Ceiling(Math.Log(value) * s_inverseLogGamma);
        // γ^±1200 is 1e±20: nobody measures milliseconds or dollars out there.
        return (short)Math.Clamp(bucket, -Widest, Widest);
    }

    public static double Value(short bucket) => bucket == Zero ? 0 : 2 * Math.Pow(Gamma, bucket) / (Gamma + 1);

    /// <summary>The value at a quantile by nearest rank, or null when nothing was counted.</summary>
    public static double? Quantile(SortedDictionary<short, long> counts, double quantile)
    {
        var total = 0L;
        foreach (var count in counts.Values)
        {
            total += count;
        }
        if (total == 0)
        {
            return null;
        }
        var rank = Math.Max(1, (long)Math.Ceiling(quantile * total));
        var seen = 0L;
        foreach (var (bucket, count) in counts)
        {
            seen += count;
            if (seen >= rank)
            {
                return Value(bucket);
            }
        }
        return null;
    }
}
