namespace Bellwether.Providers;

/// <summary>What is known of a provider by its name alone, so that <c>Kind=groq</c> or a provider named <c>groq</c> needs no more than a key.</summary>
public sealed record ProviderPreset(string Name, ProviderKind Kind, Uri? BaseUrl, string PriceProvider);

/// <summary>The providers that need no base URL, and the ids that the price table has for base URLs.</summary>
public static class ProviderPresets
{
    public static readonly IReadOnlyList<ProviderPreset> All =
    [
        new("openai", ProviderKind.OpenAi, new("https://api.openai.com/v1"), "openai"),
        new("anthropic", ProviderKind.Anthropic, new("https://api.anthropic.com"), "anthropic"),
        new("azure", ProviderKind.AzureOpenAi, null, "azure"),
        new("gemini", ProviderKind.Gemini, new("https://generativelanguage.googleapis.com"), "google"),
        new("ollama", ProviderKind.OpenAi, new("http://localhost:11434/v1"), ""),
        new("vllm", ProviderKind.OpenAi, new("http://localhost:8000/v1"), ""),
        new("mistral", ProviderKind.OpenAi, new("https://api.mistral.ai/v1"), "mistral"),
        new("groq", ProviderKind.OpenAi, new("https://api.groq.com/openai/v1"), "groq"),
        new("openrouter", ProviderKind.OpenAi, new("https://openrouter.ai/api/v1"), "openrouter"),
        new("deepseek", ProviderKind.OpenAi, new("https://api.deepseek.com/v1"), "deepseek"),
        new("together", ProviderKind.OpenAi, new("https://api.together.xyz/v1"), "together"),
        new("simulated", ProviderKind.Simulated, new("http://simulated.invalid"), "simulated"),
    ];

    /// <summary>The preset of a name (case-insensitive; <c>azureopenai</c> and <c>google</c> are also understood), or null.</summary>
    public static ProviderPreset? Find(string name)
    {
        var wanted = name.ToLowerInvariant() switch
        {
            "azureopenai" or "azure-openai" or "azure_openai" => "azure",
            "google" => "gemini",
            var other => other,
        };
        foreach (var preset in All)
        {
            if (preset.Name == wanted)
            {
                return preset;
            }
        }
        return null;
    }

    // Hosts whose ids differ from their second-level name, and the ones without a preset.
    private static readonly (string HostSuffix, string Id)[] s_priceProviders =
    [
        ("api.openai.com", "openai"),
        ("api.anthropic.com", "anthropic"),
        ("openai.azure.com", "azure"), ("azure-api.net", "azure"), ("cognitiveservices.azure.com", "azure"),
        ("googleapis.com", "google"),
        ("amazonaws.com", "aws"),
        ("api.mistral.ai", "mistral"), ("api.groq.com", "groq"), ("openrouter.ai", "openrouter"),
        ("api.deepseek.com", "deepseek"), ("api.together.xyz", "together"), ("api.together.ai", "together"),
        ("api.cerebras.ai", "cerebras"), ("api.cohere.com", "cohere"), ("api.cohere.ai", "cohere"),
        ("api.fireworks.ai", "fireworks"), ("api.perplexity.ai", "perplexity"), ("api.x.ai", "x-ai"),
        ("api.novita.ai", "novita"), ("api.avian.io", "avian"), ("api.voyageai.com", "voyageai"),
        ("open.bigmodel.cn", "zhipuai"), ("api.minimax.io", "minimax"), ("api.minimaxi.com", "minimax"),
        ("api.moonshot.ai", "moonshotai"), ("api.moonshot.cn", "moonshotai"), ("api.doubleword.ai", "doubleword"),
        ("oai.endpoints.kepler.ai.cloud.ovh.net", "ovhcloud"),
    ];

    /// <summary>
    /// The provider's id in the price table: as configured, else by the host of its base URL; empty when unknown, which lets
    /// the price book find the provider by model.
    /// </summary>
    public static string PriceProviderOf(ProviderEndpoint provider)
    {
        if (provider.PriceProvider is { } configured)
        {
            return configured;
        }
        if (provider.Kind == ProviderKind.Simulated)
        {
            return "simulated";
        }
        var host = provider.BaseUrl.Host;
        if (host.Equals("router.huggingface.co", StringComparison.OrdinalIgnoreCase))
        {
            // https://router.huggingface.co/groq/openai/v1 is priced as huggingface_groq.
            return provider.BaseUrl.Segments is [_, var first, ..] ? "huggingface_" + first.TrimEnd('/') : "";
        }
        foreach (var (suffix, id) in s_priceProviders)
        {
            if (host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
                && (host.Length == suffix.Length || host[host.Length - suffix.Length - 1] == '.'))
            {
                return id;
            }
        }
        return "";
    }
}
