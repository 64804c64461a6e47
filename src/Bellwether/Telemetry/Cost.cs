namespace Bellwether.Telemetry;

/// <summary>What a call cost, in USD, with the version of the price row that gave it (<c>genai-prices@2026-08-21/openai/gpt-4o#0</c>).</summary>
public sealed record Cost(decimal InputUsd, decimal OutputUsd, string PriceVersion)
{
    /// <summary>
    /// What more is kept as, of input and output each: a single call cannot cost a million dollars, and one of which a stranger says
    /// so must not overflow the sums that it is a part of.
    /// </summary>
    public static readonly decimal MostUsd = 499_999;

    public decimal TotalUsd => Bounded(InputUsd) + Bounded(OutputUsd);

    public static decimal Bounded(decimal usd) => Math.Clamp(usd, -MostUsd, MostUsd);
}
