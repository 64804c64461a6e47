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
    /// <summary>What is wrong with it, by field; empty when nothing is. As for every change of settings, a problem reads on from the name of its field.</summary>
    public Dictionary<string, string[]> Problems(PriceTable table)
    {
        var problems = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(Model) || Model.Length > 200)
        {
            problems["model"] = ["must be a model, or a prefix with a * at its end, of at most 200 characters"];
        }
        else if (Model.IndexOf('*', StringComparison.Ordinal) is var star and >= 0 && star < Model.Length - 1)
        {
            problems["model"] = ["may have a * at its end only"];
        }
        if (!string.IsNullOrEmpty(Provider) && table.Provider(Provider) is null)
        {
            problems["provider"] = ["is not in the price table; leave it empty for every provider"];
        }
        if (Input is null && Output is null)
        {
            problems["input"] = ["is needed, unless the output price is set"];
        }
        foreach (var (name, amount) in new[] { ("input", Input), ("output", Output), ("cacheRead", CacheRead), ("cacheWrite", CacheWrite), ("cacheWrite1h", CacheWrite1h) })
        {
            if (amount is < 0 or > 1_000_000)
            {
                problems[name] = ["must be between 0 and 1,000,000 USD per million tokens"];
            }
        }
        return problems;
    }
}
