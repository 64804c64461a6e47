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
            _ => text.Split('.', 2)[0],
        };
    }

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
