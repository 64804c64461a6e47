namespace Bellwether.Providers;

/// <summary>What is known of a provider by its name alone, so that <c>Kind=groq</c> or a provider named <c>groq</c> needs no more than a key.</summary>
public sealed record ProviderPreset(string Name, ProviderKind Kind, Uri? BaseUrl, string PriceProvider);

/// <summary>The providers that need no base URL.</summary>
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
        // Answers under the names of real models, so that the price is found by the model.
        new("simulated", ProviderKind.Simulated, new("http://simulated.invalid"), ""),
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
}
