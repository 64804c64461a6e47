namespace Bellwether.Quality;

/// <summary>A share with what is known of it: so many of so many, and where the true share lies with 95 % confidence (Wilson's score interval).</summary>
/// <param name="Hits">0 to <paramref name="Of"/>.</param>
public readonly record struct Proportion(long Hits, long Of)
{
    /// <summary>Samples below this are shown with a warning: the interval is then more than about ±18 points wide at worst.</summary>
    public static readonly long SmallSample = 30;

    // The 97.5 % quantile of the normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>0 to 1; null without a sample: no data is not zero.</summary>
    public double? Value => Of > 0 ? (double)Hits / Of : null;

    /// <summary>Lower end of the interval; null without a sample.</summary>
    public double? Low => Of > 0 ? Math.Max(0, Centre - Half) : null;

    /// <summary>Upper end of the interval; null without a sample.</summary>
    public double? High => Of > 0 ? Math.Min(1, Centre + Half) : null;

    /// <summary>Whether there is a sample, and too few of it to lean on.</summary>
    public bool IsSmall => Of > 0 && Of < SmallSample;

    // Wilson (1927), without continuity correction: never outside 0 to 1, and not of no width at 0 or 1 as the usual p ± z·√(pq/n) is.
    private double Centre => (Hits + (Z * Z / 2)) / (Of + (Z * Z));

    private double Half => Z * Math.Sqrt(((double)Hits * (Of - Hits) / Of) + (Z * Z / 4)) / (Of + (Z * Z));
}
