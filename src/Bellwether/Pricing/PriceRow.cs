namespace Bellwether.Pricing;

/// <summary>A price per million tokens that may depend on how many input tokens the call has.</summary>
/// <param name="Base">USD per million tokens.</param>
/// <param name="Tiers">Ascending by start. Above a tier's start the tier's price holds for all tokens of the call, as providers bill long contexts.</param>
public sealed record TokenPrice(decimal Base, IReadOnlyList<PriceTier> Tiers)
{
    public static TokenPrice Flat(decimal usdPerMillion) => new(usdPerMillion, []);

    public decimal For(long inputTokens)
    {
        var price = Base;
        foreach (var tier in Tiers)
        {
            if (inputTokens > tier.Start)
            {
                price = tier.Price;
            }
        }
        return price;
    }
}

/// <param name="Start">Input tokens above which the price holds.</param>
/// <param name="Price">USD per million tokens.</param>
public sealed record PriceTier(long Start, decimal Price);

/// <summary>
/// The prices of a model in some span of time, in USD per million tokens. A kind of token without a price of its own is
/// billed as the plain input or output that it is a part of.
/// </summary>
public sealed record PriceRow
{
    /// <summary>First day on which the row holds; null: since ever.</summary>
    public DateOnly? From { get; init; }
    /// <summary>Daily window in UTC in which the row holds (night rates); null: all day. May wrap around midnight.</summary>
    public TimeOnly? DailyFrom { get; init; }
    public TimeOnly? DailyTo { get; init; }

    public TokenPrice? Input { get; init; }
    public TokenPrice? Output { get; init; }
    public TokenPrice? CacheRead { get; init; }
    public TokenPrice? CacheWrite { get; init; }
    /// <summary>Cache writes kept for an hour; null: as <see cref="CacheWrite"/>.</summary>
    public TokenPrice? CacheWrite1h { get; init; }
    public TokenPrice? InputAudio { get; init; }
    public TokenPrice? OutputAudio { get; init; }
    public TokenPrice? OutputImage { get; init; }
    public TokenPrice? CacheAudioRead { get; init; }
    /// <summary>USD per 1,000 calls, on top of the tokens.</summary>
    public decimal? PerThousandRequests { get; init; }

    /// <summary>True when the row holds at the given instant.</summary>
    public bool HoldsAt(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        if (From is { } from && DateOnly.FromDateTime(utc) < from)
        {
            return false;
        }
        return DailyFrom is not { } start || DailyTo is not { } end || TimeOnly.FromDateTime(utc).IsBetween(start, end);
    }
}
