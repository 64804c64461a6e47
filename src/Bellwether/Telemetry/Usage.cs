namespace Bellwether.Telemetry;

/// <summary>
/// Token counts made one across providers, in OpenAI's inclusive way: cached, cache-write and audio counts are parts of
/// <see cref="InputTokens"/>, reasoning and audio are parts of <see cref="OutputTokens"/>. Anthropic's exclusive counts
/// are added up at the edge. Null means "the provider did not say", which is not 0.
/// </summary>
public sealed record Usage
{
    /// <summary>
    /// What a larger count is kept as. No call has a trillion tokens; one that says so is nonsense of a stranger, which must not
    /// overflow the sums that it is a part of.
    /// </summary>
    public static readonly long MostTokens = 1_000_000_000_000;

    public static readonly Usage None = new();

    public long? InputTokens { get; init => field = value is { } count ? Bounded(count) : null; }
    public long? OutputTokens { get; init => field = value is { } count ? Bounded(count) : null; }
    /// <summary>Part of the input that was read from the provider's cache.</summary>
    public long CacheReadTokens { get; init => field = Bounded(value); }
    /// <summary>Part of the input that was written to the provider's cache (5-minute and 1-hour together).</summary>
    public long CacheWriteTokens { get; init => field = Bounded(value); }
    /// <summary>Part of <see cref="CacheWriteTokens"/> kept for an hour, which some providers price apart.</summary>
    public long CacheWrite1hTokens { get; init => field = Bounded(value); }
    public long ReasoningTokens { get; init => field = Bounded(value); }
    public long InputAudioTokens { get; init => field = Bounded(value); }
    public long OutputAudioTokens { get; init => field = Bounded(value); }
    /// <summary>Part of <see cref="CacheReadTokens"/> that is audio.</summary>
    public long CacheAudioReadTokens { get; init => field = Bounded(value); }
    public long InputImageTokens { get; init => field = Bounded(value); }
    public long OutputImageTokens { get; init => field = Bounded(value); }
    /// <summary>Provider-side tool calls that are billed per call (web search and such).</summary>
    public long ToolRequests { get; init => field = Bounded(value); }
    /// <summary>True when the counts come from our tokenizer because the provider sent none.</summary>
    public bool Estimated { get; init; }

    public bool IsKnown => InputTokens is not null || OutputTokens is not null;
    public long TotalTokens => (InputTokens ?? 0) + (OutputTokens ?? 0);

    private static long Bounded(long count) => Math.Clamp(count, 0, MostTokens);
}
