namespace Bellwether.Ingest;

/// <summary>Names of providers made one across dialects: <c>openai.chat</c>, <c>OpenAI</c> and <c>openai</c> are the same.</summary>
internal static class ProviderNames
{
    public static string Normalise(string name)
    {
        var text = name.Trim().ToLowerInvariant();
        if (text.Length > 64)
        {
            text = text[..64];
        }
        return text switch
        {
            "" => "",
            _ when text.Contains("azure", StringComparison.Ordinal) || text.StartsWith("az.ai", StringComparison.Ordinal) => "azure",
            _ when text.Contains("bedrock", StringComparison.Ordinal) => "aws",
            _ when text.Contains("vertex", StringComparison.Ordinal) || text.Contains("gemini", StringComparison.Ordinal) || text.StartsWith("google", StringComparison.Ordinal) || text.StartsWith("gcp", StringComparison.Ordinal) => "google",
            _ when text.StartsWith("mistral", StringComparison.Ordinal) => "mistral",
            "xai" or "x_ai" => "x-ai",
            "togetherai" or "together_ai" => "together",
            _ => text.Split('.', 2)[0],
        };
    }

    /// <summary>Whose address a call was made to; empty where it says nothing, as that of one's own server does.</summary>
    public static string OfAddress(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.HostNameType != UriHostNameType.Dns)
        {
            return "";
        }
        var host = address.Host.ToLowerInvariant();
        bool Is(string name) => host == name || host.EndsWith("." + name, StringComparison.Ordinal);
        return Is("openai.com") ? "openai"
            : Is("azure.com") || Is("azure.us") || Is("azure.cn") ? "azure"
            : Is("anthropic.com") ? "anthropic"
            : Is("googleapis.com") ? "google"
            : Is("amazonaws.com") ? "aws"
            : Is("mistral.ai") ? "mistral"
            : Is("groq.com") ? "groq"
            : Is("cohere.ai") || Is("cohere.com") ? "cohere"
            : Is("deepseek.com") ? "deepseek"
            : Is("x.ai") ? "x-ai"
            : Is("together.xyz") || Is("together.ai") ? "together"
            : Is("fireworks.ai") ? "fireworks"
            : Is("openrouter.ai") ? "openrouter"
            : Is("perplexity.ai") ? "perplexity"
            // Helicone's proxies are called by the provider behind them.
            : Is("helicone.ai") || Is("hconeai.com") ? OfProxy(host.Split('.')[0])
            : "";
    }

    /// <summary>Who makes a model, where its name alone tells.</summary>
    public static string OfModel(string model) =>
        model.StartsWith("gpt-", StringComparison.OrdinalIgnoreCase) || model.StartsWith("chatgpt-", StringComparison.OrdinalIgnoreCase) || model.StartsWith("text-embedding-", StringComparison.OrdinalIgnoreCase)
            || model is ['o', >= '1' and <= '9', ..] ? "openai"
        : model.StartsWith("claude-", StringComparison.OrdinalIgnoreCase) ? "anthropic"
        : model.StartsWith("gemini-", StringComparison.OrdinalIgnoreCase) ? "google"
        : "";

    private static string OfProxy(string label) => label == "oai" ? "openai" : PriceId(Normalise(label));

    /// <summary>The id in the price table; empty where the model's name decides.</summary>
    public static string PriceId(string provider) => provider is "openai" or "anthropic" or "google" or "azure" or "aws" or "mistral" or "groq" or "cohere" or "deepseek"
        or "x-ai" or "together" or "fireworks" or "openrouter" or "perplexity" ? provider : "";

    public static string FinishReason(string text)
    {
        // ["stop"] as the conventions have it, tool_call as Traceloop says it, tool-calls as the AI SDK does.
        var first = text.Trim('[', ']', ' ').Split(',')[0].Trim('"', ' ');
        return first.Replace('-', '_') switch { "tool_call" => "tool_calls", { Length: > 64 } longText => longText[..64], var reason => reason };
    }
}
