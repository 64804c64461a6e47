using System.Globalization;
using System.Text.Json;

namespace Bellwether.Pricing;

/// <summary>Reads the JSON of the price table. Throws <see cref="FormatException"/> for a price kind it does not know, so that a new kind is never priced as 0.</summary>
internal static class PriceTableReader
{
    public static PriceProvider Provider(JsonElement json) => new(
        json.GetProperty("id").GetString()!,
        json.GetProperty("name").GetString()!,
        [.. json.GetProperty("models").EnumerateArray().Select(Model)])
    {
        ApiPattern = json.TryGetProperty("api_pattern", out var pattern)
            ? PricePattern.Of(pattern.GetString()!)
            : null,
        ModelMatch = json.TryGetProperty("model_match", out var match) ? PriceMatch.Read(match) : null,
        Fallbacks = json.TryGetProperty("fallback_model_providers", out var fallbacks)
            ? [.. fallbacks.EnumerateArray().Select(fallback => fallback.GetString()!)]
            : [],
        Extractors = json.TryGetProperty("extractors", out var extractors)
            ? [.. extractors.EnumerateArray().Select(UsageExtractor.Read)]
            : [],
    };

    private static PriceModel Model(JsonElement json)
    {
        var id = json.GetProperty("id").GetString()!;
        var prices = json.GetProperty("prices");
        return new PriceModel(
            id,
            json.TryGetProperty("name", out var name) ? name.GetString()! : id,
            json.TryGetProperty("context_window", out var window) ? window.GetInt64() : null,
            // One undated row comes as an object, several as [{"constraint":{"start_date":…},"prices":{…}}, …].
            prices.ValueKind == JsonValueKind.Object ? [Row(prices)] : [.. prices.EnumerateArray().Select(DatedRow)])
        {
            Match = PriceMatch.Read(json.GetProperty("match")),
        };
    }

    private static PriceRow DatedRow(JsonElement json)
    {
        var row = Row(json.GetProperty("prices"));
        if (!json.TryGetProperty("constraint", out var constraint))
        {
            return row;
        }
        foreach (var member in constraint.EnumerateObject())
        {
            row = member.Name switch
            {
                "start_date" => row with { From = DateOnly.Parse(member.Value.GetString()!, CultureInfo.InvariantCulture) },
                "start_time" => row with { DailyFrom = UtcTime(member.Value.GetString()!) },
                "end_time" => row with { DailyTo = UtcTime(member.Value.GetString()!) },
                _ => throw new FormatException($"Price table: unknown constraint '{member.Name}'."),
            };
        }
        return row;
    }

    // "00:30:00Z"
    private static TimeOnly UtcTime(string text) => TimeOnly.Parse(text.TrimEnd('Z'), CultureInfo.InvariantCulture);

    private static PriceRow Row(JsonElement json)
    {
        var row = new PriceRow();
        foreach (var member in json.EnumerateObject())
        {
            row = member.Name switch
            {
                "input_mtok" => row with { Input = Price(member.Value) },
                "output_mtok" => row with { Output = Price(member.Value) },
                "cache_read_mtok" => row with { CacheRead = Price(member.Value) },
                "cache_write_mtok" => row with { CacheWrite = Price(member.Value) },
                "input_audio_mtok" => row with { InputAudio = Price(member.Value) },
                "output_audio_mtok" => row with { OutputAudio = Price(member.Value) },
                "output_image_mtok" => row with { OutputImage = Price(member.Value) },
                "cache_audio_read_mtok" => row with { CacheAudioRead = Price(member.Value) },
                "requests_kcount" => row with { PerThousandRequests = member.Value.GetDecimal() },
                _ => throw new FormatException($"Price table: unknown price '{member.Name}'."),
            };
        }
        return row;
    }

    private static TokenPrice Price(JsonElement json) => json.ValueKind == JsonValueKind.Number
        ? TokenPrice.Flat(json.GetDecimal())
        : new TokenPrice(
            json.GetProperty("base").GetDecimal(),
            [.. json.GetProperty("tiers").EnumerateArray()
                .Select(tier => new PriceTier(tier.GetProperty("start").GetInt64(), tier.GetProperty("price").GetDecimal()))
                .OrderBy(tier => tier.Start)]);
}
