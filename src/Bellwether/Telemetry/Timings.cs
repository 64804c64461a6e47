namespace Bellwether.Telemetry;

/// <summary>
/// Requirement M1, all in milliseconds of a monotonic clock. Total = queue + upstream + post.
/// </summary>
public readonly record struct Timings
{
    /// <summary>From the accepted request to the last byte handed to the caller's connection.</summary>
    public double TotalMs { get; init; }
    /// <summary>Preprocessing: from the accepted request until the call to the provider began.</summary>
    public double QueueMs { get; init; }
    /// <summary>From the start of the provider call to its last byte.</summary>
    public double UpstreamMs { get; init; }
    /// <summary>From the provider's last byte to the end.</summary>
    public double PostMs { get; init; }
    /// <summary>From the accepted request to the first content, tool-call or reasoning delta; null when nothing was streamed.</summary>
    public double? TtftMs { get; init; }
    /// <summary>Median and 95th percentile of the gaps between content deltas; null with fewer than two.</summary>
    public double? GapP50Ms { get; init; }
    public double? GapP95Ms { get; init; }
    /// <summary>Output tokens per second of generation: (tokens − 1) / (last − first delta) for streams, tokens / upstream time otherwise; null when unknown.</summary>
    public double? TokensPerSecond { get; init; }
}
