using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Pricing;

/// <summary>Takes usage and model out of any answer of a provider, by the extractors of the price table.</summary>
internal static class UsageReader
{
    // Providers that the table has no extractor for answer in one of these shapes.
    private static readonly string[] CommonShapes = ["openai", "anthropic", "google", "aws"];

    /// <summary>False when no extractor fits. An empty flavor tries each of the provider's in turn.</summary>
    public static bool TryRead(PriceTable table, PriceProvider? provider, string flavor, JsonElement response, out Usage usage, out string? model)
    {
        usage = Usage.None;
        model = null;
        if (response.ValueKind != JsonValueKind.Object)
        {
            return false;
        }
        foreach (var extractor in Candidates(table, provider))
        {
            if ((flavor.Length == 0 || extractor.Flavor == flavor) && extractor.TryExtract(response, out usage, out model))
            {
                return true;
            }
        }
        return false;
    }

    private static IEnumerable<UsageExtractor> Candidates(PriceTable table, PriceProvider? provider) =>
        provider is { Extractors.Count: > 0 }
            ? provider.Extractors
            : CommonShapes.SelectMany(id => table.Provider(id)?.Extractors ?? []);
}
