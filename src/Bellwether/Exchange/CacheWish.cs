using System.Collections.Immutable;

namespace Bellwether.Exchange;

/// <summary>What the caller wants of a cache for its call.</summary>
public sealed record CacheWish
{
    public static readonly TimeSpan DefaultMaxAge = TimeSpan.FromDays(7);
    public static readonly TimeSpan LongestMaxAge = TimeSpan.FromDays(365);
    public static readonly int MostAnswers = 20;

    /// <summary>An answer of the cache will do.</summary>
    public bool Read { get; init; }
    /// <summary>The answer may be kept.</summary>
    public bool Save { get; init; }
    public TimeSpan MaxAge { get; init; } = DefaultMaxAge;
    /// <summary>How many answers are kept for one question, 1 to 20.</summary>
    public int BucketSize { get; init; } = 1;
    /// <summary>Keeps equal questions of different seeds apart.</summary>
    public string Seed { get; init; } = "";
    /// <summary>Top-level keys of the body that do not make a question another one.</summary>
    public ImmutableArray<string> IgnoreKeys { get; init; } = [];
}
