namespace Bellwether.Telemetry;

/// <summary>What a call cost, in USD, with the version of the price row that gave it (<c>genai-prices@2026-08-21/openai/gpt-4o#0</c>).</summary>
public sealed record Cost(decimal InputUsd, decimal OutputUsd, string PriceVersion)
{
    public decimal TotalUsd => InputUsd + OutputUsd;
}
