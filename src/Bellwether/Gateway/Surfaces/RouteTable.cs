using System.Diagnostics.CodeAnalysis;
using Bellwether.Exchange;

namespace Bellwether.Gateway;

/// <summary>
/// Paths to meanings, by hand and before ASP.NET's routing, because this runs for every call. Works on the path as it was
/// sent: it is forwarded as it was sent.
/// </summary>
internal static class RouteTable
{
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The escaped path, without the query.</param>
    /// <param name="anthropic">The request has an <c>anthropic-version</c> header, which decides paths that two dialects share.</param>
    /// <param name="route">What the path means.</param>
    /// <returns>False: not the gateway's; ASP.NET goes on.</returns>
    public static bool TryMatch(string method, string path, bool anthropic, out GatewayRoute route)
    {
        if (method == "POST")
        {
            switch (path)
            {
                case "/v1/chat/completions" or "/chat/completions":
                    route = s_chat;
                    return true;
                case "/v1/messages" or "/anthropic/v1/messages":
                    route = s_messages;
                    return true;
                case "/v1/responses" or "/responses":
                    route = s_responses;
                    return true;
                case "/v1/embeddings" or "/embeddings":
                    route = s_embeddings;
                    return true;
                case "/v1/completions" or "/completions":
                    route = s_completions;
                    return true;
                case "/v1/moderations" or "/moderations":
                    route = s_moderations;
                    return true;
                case "/v1/messages/count_tokens" or "/anthropic/v1/messages/count_tokens":
                    route = s_countTokens;
                    return true;
            }
        }
        return TryMatchOther(method, path, anthropic, out route);
    }

    private static readonly GatewayRoute s_chat = OpenAi(Dialect.OpenAiChat, "chat", "/chat/completions");
    private static readonly GatewayRoute s_responses = OpenAi(Dialect.OpenAiResponses, "responses", "/responses");
    private static readonly GatewayRoute s_embeddings = OpenAi(Dialect.OpenAiEmbeddings, "embeddings", "/embeddings");
    private static readonly GatewayRoute s_completions = OpenAi(Dialect.OpenAiCompletions, "text_completion", "/completions");
    private static readonly GatewayRoute s_moderations = OpenAi(Dialect.OpenAiModerations, "moderations", "/moderations");
    private static readonly GatewayRoute s_messages = Anthropic(Dialect.AnthropicMessages, "chat", "/messages");
    private static readonly GatewayRoute s_countTokens = Anthropic(Dialect.AnthropicCountTokens, "count_tokens", "/messages/count_tokens");

    private static GatewayRoute OpenAi(Dialect dialect, string operation, string tail) =>
        new() { Surface = Surface.OpenAi, Dialect = dialect, Operation = operation, Tail = tail, Template = "POST /v1" + tail, PathModel = "" };

    private static GatewayRoute Anthropic(Dialect dialect, string operation, string tail) =>
        new() { Surface = Surface.Anthropic, Dialect = dialect, Operation = operation, Tail = tail, Template = "POST /v1" + tail, PathModel = "" };

    private static bool TryMatchOther(string method, string path, bool anthropic, out GatewayRoute route)
    {
        if (Below(path, "/anthropic", out var rest))
        {
            return TryMatchVersioned(method, rest, anthropic: true, gemini: false, out route);
        }
        if (Below(path, "/gemini", out rest))
        {
            return TryMatchVersioned(method, rest, anthropic: false, gemini: true, out route);
        }
        if (Below(path, "/openai", out rest))
        {
            route = Azure(method, path, rest);
            return true;
        }
        if (path is "/chat/completions" or "/responses" or "/models" or "/completions" or "/embeddings" or "/moderations"
            || Below(path, "/chat/completions", out _) || Below(path, "/responses", out _) || Below(path, "/models", out _))
        {
            // Clients of the kind whose base URL has no version.
            route = Opaque(anthropic ? Surface.Anthropic : Surface.OpenAi, method, "/v1", path);
            return true;
        }
        return TryMatchVersioned(method, path, anthropic, gemini: false, out route);
    }

    private static bool TryMatchVersioned(string method, string path, bool anthropic, bool gemini, out GatewayRoute route)
    {
        if (Below(path, "/v1beta", out _) || Below(path, "/v1alpha", out _) || (Below(path, "/v1", out var tail) && (gemini || GeminiVerb(tail) is not null)))
        {
            route = Gemini(method, path);
            return true;
        }
        if (!Below(path, "/v1", out tail) || IngestPaths.Contains(tail))
        {
            route = default;
            return false;
        }
        if (method == "POST" && anthropic && tail is "/messages" or "/messages/count_tokens")
        {
            route = tail.Length == "/messages".Length ? s_messages : s_countTokens;
            return true;
        }
        route = Opaque(anthropic ? Surface.Anthropic : Surface.OpenAi, method, "/v1", tail);
        return true;
    }

    private static bool Below(string path, string prefix, [NotNullWhen(true)] out string? rest)
    {
        if (path.StartsWith(prefix, StringComparison.Ordinal) && path.Length > prefix.Length && path[prefix.Length] == '/')
        {
            rest = path[prefix.Length..];
            return true;
        }
        rest = null;
        return false;
    }

    /// <summary>Ids are taken out by keeping only the first segment: <c>GET /v1/files/*</c>.</summary>
    private static GatewayRoute Opaque(Surface surface, string method, string prefix, string tail, string? azurePath = null)
    {
        var second = tail.IndexOf('/', 1);
        var first = second < 0 ? tail : tail[..second];
        return new GatewayRoute
        {
            Surface = surface,
            Dialect = Dialect.Opaque,
            Operation = first == "/models" ? "models" : "other",
            Template = second < 0 ? $"{method} {prefix}{first}" : $"{method} {prefix}{first}/*",
            Tail = tail,
            AzurePath = azurePath,
            PathModel = "",
        };
    }

    // Both styles of Azure:
    //   /openai/deployments/{deployment}/chat/completions?api-version=…   and   /openai/responses?api-version=…
    //   /openai/v1/chat/completions
    private static GatewayRoute Azure(string method, string path, string rest)
    {
        var deployment = "";
        var tail = rest;
        var prefix = "/openai";
        if (Below(rest, "/v1", out var versioned))
        {
            tail = versioned;
            prefix = "/openai/v1";
        }
        else if (Below(rest, "/deployments", out var named))
        {
            var end = named.IndexOf('/', 1);
            deployment = Uri.UnescapeDataString(end < 0 ? named[1..] : named[1..end]);
            tail = end < 0 ? "/" : named[end..];
            prefix = "/openai/deployments/*";
        }
        (Dialect Dialect, string Operation)? known = method == "POST"
            ? tail switch
            {
                "/chat/completions" => (Dialect.OpenAiChat, "chat"),
                "/completions" => (Dialect.OpenAiCompletions, "text_completion"),
                "/responses" => (Dialect.OpenAiResponses, "responses"),
                "/embeddings" => (Dialect.OpenAiEmbeddings, "embeddings"),
                "/moderations" => (Dialect.OpenAiModerations, "moderations"),
                _ => null,
            }
            : null;
        if (known is not { } dialect)
        {
            return Opaque(Surface.Azure, method, prefix, tail, path) with { PathModel = deployment };
        }
        return new GatewayRoute
        {
            Surface = Surface.Azure,
            Dialect = dialect.Dialect,
            Operation = dialect.Operation,
            Template = $"{method} {prefix}{tail}",
            Tail = tail,
            AzurePath = path,
            PathModel = deployment,
        };
    }

    // POST /v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse: the verb follows a colon in the last segment.
    private static string? GeminiVerb(string path)
    {
        var colon = path.LastIndexOf(':');
        return colon > 0 && path.IndexOf('/', colon) < 0 && path.Contains("/models/", StringComparison.Ordinal) ? path[(colon + 1)..] : null;
    }

    private static GatewayRoute Gemini(string method, string path)
    {
        var verb = method == "POST" ? GeminiVerb(path) : null;
        (Dialect Dialect, string Operation)? known = verb switch
        {
            "generateContent" or "streamGenerateContent" => (Dialect.GeminiGenerate, "generate_content"),
            "embedContent" or "batchEmbedContents" => (Dialect.GeminiEmbed, "embeddings"),
            _ => null,
        };
        if (known is not { } dialect)
        {
            var version = path[..path.IndexOf('/', 1)];
            return Opaque(Surface.Gemini, method, version, path[version.Length..]) with { Tail = path };
        }
        var start = path.LastIndexOf('/') + 1;
        var model = Uri.UnescapeDataString(path[start..path.LastIndexOf(':')]);
        return new GatewayRoute
        {
            Surface = Surface.Gemini,
            Dialect = dialect.Dialect,
            Operation = dialect.Operation,
            Template = $"POST {path[..path.IndexOf('/', 1)]}/models/*:{verb}",
            Tail = path,
            PathModel = model,
            Stream = verb == "streamGenerateContent",
        };
    }
}
