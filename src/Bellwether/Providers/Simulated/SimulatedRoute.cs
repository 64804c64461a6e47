namespace Bellwether.Providers;

internal enum SimulatedDialect { OpenAi, Anthropic, Gemini }

internal enum SimulatedOperation
{
    Unknown, Chat, Completions, Responses, Embeddings, Moderations, Models, Upload, Transcription, Speech,
    Messages, CountTokens, Gemini, GeminiCountTokens, GeminiEmbed, GeminiBatchEmbed,
}

/// <summary>What a path means. Prefixes do not matter, so that every base URL works.</summary>
/// <param name="Model">From the path: an Azure deployment, a Gemini model, one model of the list; otherwise empty.</param>
/// <param name="Stream">Gemini says it in the path; the others in the body.</param>
internal readonly record struct SimulatedRoute(SimulatedOperation Operation, SimulatedDialect Dialect, string Model = "", bool Stream = false)
{
    private static readonly (string Suffix, SimulatedOperation Operation, SimulatedDialect Dialect)[] s_posts =
    [
        ("/chat/completions", SimulatedOperation.Chat, SimulatedDialect.OpenAi),
        ("/completions", SimulatedOperation.Completions, SimulatedDialect.OpenAi),
        ("/responses", SimulatedOperation.Responses, SimulatedDialect.OpenAi),
        ("/embeddings", SimulatedOperation.Embeddings, SimulatedDialect.OpenAi),
        ("/moderations", SimulatedOperation.Moderations, SimulatedDialect.OpenAi),
        ("/files", SimulatedOperation.Upload, SimulatedDialect.OpenAi),
        ("/audio/transcriptions", SimulatedOperation.Transcription, SimulatedDialect.OpenAi),
        ("/audio/speech", SimulatedOperation.Speech, SimulatedDialect.OpenAi),
        ("/messages", SimulatedOperation.Messages, SimulatedDialect.Anthropic),
        ("/messages/count_tokens", SimulatedOperation.CountTokens, SimulatedDialect.Anthropic),
    ];

    public static SimulatedRoute Find(string method, string path, bool anthropic)
    {
        if (method == "GET")
        {
            return FindList(path, anthropic);
        }
        if (method != "POST")
        {
            return new(SimulatedOperation.Unknown, anthropic ? SimulatedDialect.Anthropic : SimulatedDialect.OpenAi);
        }
        foreach (var (suffix, operation, dialect) in s_posts)
        {
            if (path.EndsWith(suffix, StringComparison.Ordinal))
            {
                return new(operation, dialect, Deployment(path));
            }
        }
        return FindGemini(path) ?? new(SimulatedOperation.Unknown, anthropic ? SimulatedDialect.Anthropic : SimulatedDialect.OpenAi);
    }

    // /v1/models, /v1/models/gpt-4o, /v1beta/models
    private static SimulatedRoute FindList(string path, bool anthropic)
    {
        var dialect = anthropic ? SimulatedDialect.Anthropic : path.Contains("/v1beta/", StringComparison.Ordinal) ? SimulatedDialect.Gemini : SimulatedDialect.OpenAi;
        var at = path.LastIndexOf("/models", StringComparison.Ordinal);
        if (at < 0)
        {
            return new(SimulatedOperation.Unknown, dialect);
        }
        var rest = path[(at + "/models".Length)..];
        return rest is "" or "/" || rest[0] == '/' ? new(SimulatedOperation.Models, dialect, rest.Trim('/')) : new(SimulatedOperation.Unknown, dialect);
    }

    // /openai/deployments/{deployment}/chat/completions
    private static string Deployment(string path)
    {
        const string Marker = "/deployments/";
        var at = path.IndexOf(Marker, StringComparison.Ordinal);
        if (at < 0)
        {
            return "";
        }
        var rest = path[(at + Marker.Length)..];
        return rest[..Math.Max(rest.IndexOf('/', StringComparison.Ordinal), 0)];
    }

    // /v1beta/models/gemini-2.5-flash:streamGenerateContent
    private static SimulatedRoute? FindGemini(string path)
    {
        var at = path.LastIndexOf("/models/", StringComparison.Ordinal);
        var colon = path.LastIndexOf(':');
        if (at < 0 || colon < at)
        {
            return null;
        }
        var model = path[(at + "/models/".Length)..colon];
        return path[(colon + 1)..] switch
        {
            "generateContent" => new(SimulatedOperation.Gemini, SimulatedDialect.Gemini, model),
            "streamGenerateContent" => new(SimulatedOperation.Gemini, SimulatedDialect.Gemini, model, Stream: true),
            "countTokens" => new(SimulatedOperation.GeminiCountTokens, SimulatedDialect.Gemini, model),
            "embedContent" => new(SimulatedOperation.GeminiEmbed, SimulatedDialect.Gemini, model),
            "batchEmbedContents" => new(SimulatedOperation.GeminiBatchEmbed, SimulatedDialect.Gemini, model),
            _ => null,
        };
    }
}
