namespace Bellwether.Pricing;

/// <summary>What a caller sends to add an override; amounts in USD per million tokens.</summary>
public sealed record PriceOverrideDraft(
    string? Provider,
    string Model,
    DateOnly? ValidFrom,
    decimal? Input,
    decimal? Output,
    decimal? CacheRead,
    decimal? CacheWrite,
    decimal? CacheWrite1h)
{
    /// <summary>What is wrong with it, by field; empty when nothing is.</summary>
    public Dictionary<string, string[]> Problems(PriceTable table)
    {
        var problems = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(Model) || Model.Length > 200)
        {
            problems["model"] = ["Name a model, or a prefix with a trailing *; at most 200 characters."];
        }
        if (!string.IsNullOrEmpty(Provider) && table.Provider(Provider) is null)
        {
            problems["provider"] = [$"'{Provider}' is not in the price table. Leave it empty for every provider."];
        }
        if (Input is null && Output is null)
        {
            problems["input"] = ["Set the input price, the output price, or both."];
        }
        foreach (var (name, amount) in new[] { ("input", Input), ("output", Output), ("cacheRead", CacheRead), ("cacheWrite", CacheWrite), ("cacheWrite1h", CacheWrite1h) })
        {
            if (amount is < 0 or > 1_000_000)
            {
                problems[name] = ["Between 0 and 1,000,000 USD per million tokens."];
            }
        }
        return problems;
    }
}
