using Bellwether.Telemetry;

namespace Bellwether.Pricing;

/// <summary>What a call costs by one row. All in USD, exact.</summary>
/// <param name="RequestUsd">The fee per call, where a provider takes one.</param>
public readonly record struct PriceQuote(decimal InputUsd, decimal OutputUsd, decimal RequestUsd)
{
    public decimal TotalUsd => InputUsd + OutputUsd + RequestUsd;
}

/// <summary>Applies a price row to token counts.</summary>
internal static class PriceCalculator
{
    /// <summary>
    /// Null when the row has no price for tokens that the call has: a model that is priced per image, say, has "no price"
    /// for text rather than a price of 0.
    /// </summary>
    public static PriceQuote? Calculate(PriceRow row, Usage usage)
    {
        var input = usage.InputTokens ?? 0;
        var output = usage.OutputTokens ?? 0;
        if ((input > 0 && row.Input is null) || (output > 0 && row.Output is null && row.OutputAudio is null))
        {
            return null;
        }

        // Parts are subsets of the inclusive totals; a provider's inconsistent parts never make the rest negative.
        var cacheAudioRead = Math.Min(usage.CacheAudioReadTokens, usage.CacheReadTokens);
        var cacheRead = usage.CacheReadTokens - cacheAudioRead;
        var cacheWrite1h = Math.Min(usage.CacheWrite1hTokens, usage.CacheWriteTokens);
        var cacheWrite = usage.CacheWriteTokens - cacheWrite1h;
        var audioIn = Math.Max(0, usage.InputAudioTokens - cacheAudioRead);
        var plainIn = Math.Max(0, input - cacheRead - cacheAudioRead - usage.CacheWriteTokens - audioIn);
        var audioOut = Math.Min(usage.OutputAudioTokens, output);
        var imageOut = Math.Min(usage.OutputImageTokens, output - audioOut);

        var inputUsd =
            Price(row.Input, plainIn, input)
            + Price(row.CacheRead ?? row.Input, cacheRead, input)
            + Price(row.CacheAudioRead ?? row.CacheRead ?? row.InputAudio ?? row.Input, cacheAudioRead, input)
            + Price(row.CacheWrite ?? row.Input, cacheWrite, input)
            + Price(row.CacheWrite1h ?? row.CacheWrite ?? row.Input, cacheWrite1h, input)
            + Price(row.InputAudio ?? row.Input, audioIn, input);
        var outputUsd =
            Price(row.Output, output - audioOut - imageOut, input)
            + Price(row.OutputImage ?? row.Output, imageOut, input)
            + Price(row.OutputAudio ?? row.Output, audioOut, input);
        return new PriceQuote(inputUsd, outputUsd, (row.PerThousandRequests ?? 0) / 1000m);
    }

    private static decimal Price(TokenPrice? price, long tokens, long inputTokens) =>
        price is null || tokens == 0 ? 0 : price.For(inputTokens) * tokens / 1_000_000m;
}
