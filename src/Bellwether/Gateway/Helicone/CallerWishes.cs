using Bellwether.Exchange;

namespace Bellwether.Gateway;

/// <summary>How a caller wants one call handled, beyond who and what it is: made only when a Helicone or Portkey header says something.</summary>
internal sealed class CallerWishes
{
    /// <summary>True when a Helicone header was sent: errors are then readable for its clients too.</summary>
    public bool Helicone { get; set; }

    /// <summary>The first header that cannot be done as it says.</summary>
    public Refusal? Mistake { get; set; }

    public bool OmitRequest { get; set; }
    public bool OmitResponse { get; set; }
    /// <summary>The caller wants the usage chunk that it did not ask for in the body.</summary>
    public bool StreamUsage { get; set; }
    /// <summary>The model by which the call is priced and shown; empty for the one that answered.</summary>
    public string ModelOverride { get; set; } = "";
    public string SessionPath { get; set; } = "";
    /// <summary>Origin to call instead of a configured provider.</summary>
    public string TargetUrl { get; set; } = "";
    /// <summary>The header that named it.</summary>
    public string TargetHeader { get; set; } = "";
    /// <summary>Name of the provider, when one of that name is configured.</summary>
    public string Provider { get; set; } = "";

    public UpstreamRetries? Retries { get; set; }
    public IReadOnlyList<Fallback> Fallbacks { get; set; } = [];
    /// <summary>The fallback that gave the answer; null without any.</summary>
    public int? FallbackIndex { get; set; }

    public CacheHeaders Cache { get; } = new();

    public void Refuse(string header, string problem) =>
        Mistake ??= Refusals.BadRequest("invalid_header", $"{header} {problem}.", header);
}

/// <summary>Again after 429, 5xx or a connection that failed, before anything reached the caller. Waits min · factor^n, at most max.</summary>
internal sealed record UpstreamRetries
{
    public bool Enabled { get; init; }
    public int Count { get; init; } = 5;
    public double Factor { get; init; } = 2;
    public TimeSpan Shortest { get; init; } = TimeSpan.FromSeconds(1);
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(10);

    public static bool Covers(int status) => status == 429 || status >= 500;

    /// <param name="attempt">0 for the first repeat.</param>
    /// <param name="asked">The provider's own <c>Retry-After</c>; counts when it is not longer than <see cref="Longest"/>.</param>
    public TimeSpan Delay(int attempt, TimeSpan? asked)
    {
        if (asked is { } wait && wait >= TimeSpan.Zero && wait <= Longest)
        {
            return wait;
        }
        var milliseconds = Shortest.TotalMilliseconds * Math.Pow(Factor, attempt);
        return milliseconds >= Longest.TotalMilliseconds ? Longest : TimeSpan.FromMilliseconds(milliseconds);
    }
}

/// <summary>The headers about a cache, gathered until all are seen.</summary>
internal sealed class CacheHeaders
{
    public bool Enabled { get; set; }
    public bool Read { get; set; }
    public bool Save { get; set; }
    public string Control { get; set; } = "";
    public int Bucket { get; set; } = 1;
    public string Seed { get; set; } = "";
    public string IgnoreKeys { get; set; } = "";

    public bool Asked => Enabled || Read || Save;

    /// <param name="cacheControl">The plain <c>Cache-Control</c> header, which Helicone's own overrules.</param>
    public CacheWish ToWish(string cacheControl) => new()
    {
        Read = Enabled || Read,
        Save = Enabled || Save,
        MaxAge = MaxAge(Control.Length > 0 ? Control : cacheControl),
        BucketSize = Bucket,
        Seed = Seed,
        IgnoreKeys = [.. IgnoreKeys.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(64)],
    };

    // "public, s-maxage=60, max-age=3600": the one for shared caches first.
    internal static TimeSpan MaxAge(string control)
    {
        TimeSpan? age = null;
        foreach (var part in control.Split(',', StringSplitOptions.TrimEntries))
        {
            var mark = part.IndexOf('=', StringComparison.Ordinal);
            if (mark < 0 || !long.TryParse(part.AsSpan(mark + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seconds))
            {
                continue;
            }
            var name = part.AsSpan(0, mark);
            if (name.Equals("s-maxage", StringComparison.OrdinalIgnoreCase) || (age is null && name.Equals("max-age", StringComparison.OrdinalIgnoreCase)))
            {
                age = TimeSpan.FromSeconds(Math.Min(seconds, (long)CacheWish.LongestMaxAge.TotalSeconds));
            }
        }
        return age ?? CacheWish.DefaultMaxAge;
    }
}
