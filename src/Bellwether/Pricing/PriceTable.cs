using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bellwether.Pricing;

/// <summary>A model of a provider with its dated rows; of the rows that hold at an instant, the last wins.</summary>
public sealed record PriceModel(string Id, string Name, long? ContextWindow, IReadOnlyList<PriceRow> Rows)
{
    internal PriceMatch Match { get; init; } = PriceMatch.Nothing;

    /// <summary>Index of the row in force, or -1.</summary>
    public int RowAt(DateTimeOffset at)
    {
        for (var i = Rows.Count - 1; i >= 0; i--)
        {
            if (Rows[i].HoldsAt(at))
            {
                return i;
            }
        }
        return -1;
    }
}

/// <summary>A provider of the price table.</summary>
public sealed record PriceProvider(string Id, string Name, IReadOnlyList<PriceModel> Models)
{
    internal Regex? ApiPattern { get; init; }
    internal PriceMatch? ModelMatch { get; init; }
    /// <summary>Providers whose models it resells under the same names (Azure: OpenAI and Anthropic).</summary>
    internal IReadOnlyList<string> Fallbacks { get; init; } = [];
    internal IReadOnlyList<UsageExtractor> Extractors { get; init; } = [];
}

/// <summary>
/// The shipped prices: facts taken from the genai-prices data (MIT) on the date that <see cref="Version"/> names, built by
/// <c>eng/import-prices.cs</c>.
/// </summary>
public sealed class PriceTable
{
    private readonly Dictionary<string, PriceProvider> _byId;

    private PriceTable(string source, string date, IReadOnlyList<PriceProvider> providers)
    {
        Source = source;
        Date = date;
        Providers = providers;
        _byId = providers.ToDictionary(provider => provider.Id, StringComparer.OrdinalIgnoreCase);
        // As our own settings call it.
        if (_byId.TryGetValue("google", out var google))
        {
            _byId.TryAdd("gemini", google);
        }
    }

    public string Source { get; }

    /// <summary>Day of the source data, <c>yyyy-MM-dd</c>.</summary>
    public string Date { get; }

    public IReadOnlyList<PriceProvider> Providers { get; }

    /// <summary>The table that this build carries.</summary>
    public static PriceTable Shipped { get; } = ReadShipped();

    /// <summary>The provider with the given id in the table, in any case, or null.</summary>
    public PriceProvider? Provider(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The provider whose API has the given base URL, or null.</summary>
    public PriceProvider? ProviderOf(Uri baseUrl) =>
        Providers.FirstOrDefault(provider => provider.ApiPattern?.IsMatch(baseUrl.AbsoluteUri) == true);

    /// <summary>
    /// Finds a model. With an empty provider id the provider is the one whose naming rule fits the model
    /// (<c>gpt-…</c> is OpenAI's), else OpenAI where it has the very name. Null: not in the table.
    /// </summary>
    public (PriceProvider Provider, PriceModel Model)? Find(string providerId, string model)
    {
        var name = model.Trim().ToLowerInvariant();
        var provider = providerId.Length == 0 ? OwnerOf(name) : Provider(providerId);
        if (provider is null)
        {
            return null;
        }
        if (Find(provider, name) is { } own)
        {
            return (provider, own);
        }
        foreach (var fallback in provider.Fallbacks)
        {
            if (Provider(fallback) is { } lender && Find(lender, name) is { } lent)
            {
                return (lender, lent);
            }
        }
        return null;
    }

    // OpenAI's rule knows "gpt-…" and "o3"; text-embedding-3-small, ft:gpt-4o-… and their like it has by their names alone.
    private PriceProvider? OwnerOf(string name) =>
        Providers.FirstOrDefault(candidate => candidate.ModelMatch?.Matches(name) == true)
        ?? (Provider("openai") is { } openAi && Find(openAi, name) is not null ? openAi : null);

    private static PriceModel? Find(PriceProvider provider, string name) =>
        provider.Models.FirstOrDefault(model => model.Match.Matches(name));

    private static PriceTable ReadShipped()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Pricing/prices.json")
            ?? throw new InvalidOperationException("The price table is missing from the build.");
        using var document = JsonDocument.Parse(stream);
        var root = document.RootElement;
        return new PriceTable(
            root.GetProperty("source").GetString()!,
            root.GetProperty("date").GetString()!,
            [.. root.GetProperty("providers").EnumerateArray().Select(PriceTableReader.Provider)]);
    }
}
