namespace Bellwether.Providers;

/// <summary>Addresses of the providers' own services.</summary>
public static class ProviderDefaults
{
    /// <summary>Null for kinds that have no single address.</summary>
    public static Uri? BaseUrl(ProviderKind kind) => kind switch
    {
        ProviderKind.OpenAi => new Uri("https://api.openai.com/v1"),
        ProviderKind.Anthropic => new Uri("https://api.anthropic.com"),
        ProviderKind.Gemini => new Uri("https://generativelanguage.googleapis.com"),
        ProviderKind.Simulated => new Uri("http://simulated.invalid"),
        ProviderKind.AzureOpenAi => null,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>OpenAI-compatible services that the Settings page offers by name.</summary>
    public static IReadOnlyList<ProviderPreset> Presets { get; } =
    [
        new("openai", "OpenAI", ProviderKind.OpenAi, "https://api.openai.com/v1"),
        new("anthropic", "Anthropic", ProviderKind.Anthropic, "https://api.anthropic.com"),
        new("azure", "Azure OpenAI", ProviderKind.AzureOpenAi, "https://<resource>.openai.azure.com"),
        new("gemini", "Google Gemini", ProviderKind.Gemini, "https://generativelanguage.googleapis.com"),
        new("ollama", "Ollama", ProviderKind.OpenAi, "http://localhost:11434/v1"),
        new("vllm", "vLLM", ProviderKind.OpenAi, "http://localhost:8000/v1"),
        new("mistral", "Mistral", ProviderKind.OpenAi, "https://api.mistral.ai/v1"),
        new("groq", "Groq", ProviderKind.OpenAi, "https://api.groq.com/openai/v1"),
        new("openrouter", "OpenRouter", ProviderKind.OpenAi, "https://openrouter.ai/api/v1"),
        new("deepseek", "DeepSeek", ProviderKind.OpenAi, "https://api.deepseek.com/v1"),
        new("together", "Together", ProviderKind.OpenAi, "https://api.together.xyz/v1"),
    ];
}

/// <summary>A provider that can be set up by name.</summary>
public sealed record ProviderPreset(string Name, string Title, ProviderKind Kind, string BaseUrl);
