using Bellwether.Providers;

namespace Bellwether.Gateway;

/// <summary>Where a call goes at its provider: what the caller wrote, below the provider's own base URL.</summary>
internal static class UpstreamAddress
{
    private static readonly UriCreationOptions s_asWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <param name="provider">The provider to call.</param>
    /// <param name="route">What the path means.</param>
    /// <param name="query">The query as it was sent, with its question mark, or empty.</param>
    /// <param name="asBearer">The provider wants its key as <c>Authorization: Bearer</c> on this path.</param>
    public static Uri For(ProviderClient provider, in GatewayRoute route, string query, out bool asBearer)
    {
        var text = Text(provider, route, query, out asBearer);
        // The path was checked (no dot segments, no fragment) and goes out byte for byte: "%2F" stays "%2F".
        return new Uri(text, in s_asWritten);
    }

    internal static string Text(ProviderClient provider, in GatewayRoute route, string query, out bool asBearer)
    {
        asBearer = false;
        var root = provider.BaseUrl;
        switch (provider.Endpoint.Kind)
        {
            case ProviderKind.OpenAi:
                return string.Concat(HasPath(provider) ? root : root + "/v1", PlainTail(route), WithoutApiVersion(route, query));

            case ProviderKind.Anthropic:
                return string.Concat(Without(root, "/v1"), "/v1", string.Concat(PlainTail(route), WithoutApiVersion(route, query)));

            case ProviderKind.AzureOpenAi:
                asBearer = false;
                root = Without(Without(root, "/v1"), "/openai");
                return route.AzurePath is { } path ? string.Concat(root, path, query) : string.Concat(root, "/openai/v1", route.Tail, query);

            case ProviderKind.Gemini:
                root = Without(Without(root, "/v1beta"), "/v1");
                if (route.Surface == Surface.Gemini)
                {
                    return string.Concat(root, route.Tail, query);
                }
                // Google's own OpenAI-compatible paths.
                asBearer = true;
                return string.Concat(root, "/v1beta/openai", string.Concat(route.Tail, WithoutApiVersion(route, query)));

            case ProviderKind.Simulated:
                return route.Surface == Surface.Gemini
                    ? string.Concat(root, route.Tail, query)
                    : string.Concat(Without(root, "/v1"), "/v1", string.Concat(route.Tail, WithoutApiVersion(route, query)));

            default:
                throw new InvalidOperationException();
        }
    }

    // An OpenAI-compatible base URL ends with its version ("https://host/v1"); one without any path means "/v1".
    private static bool HasPath(ProviderClient provider) => provider.Endpoint.BaseUrl.AbsolutePath.Length > 1;

    // Gemini's paths carry their version; everything else is below it.
    private static string PlainTail(in GatewayRoute route) =>
        route.Surface == Surface.Gemini && route.Tail.IndexOf('/', 1) is > 0 and var end ? route.Tail[end..] : route.Tail;

    private static string Without(string root, string suffix) => root.EndsWith(suffix, StringComparison.Ordinal) ? root[..^suffix.Length] : root;

    // Azure clients always send api-version, which means nothing anywhere else.
    private static string WithoutApiVersion(in GatewayRoute route, string query) =>
        route.Surface == Surface.Azure ? QueryText.Without(query, "api-version") : query;
}

/// <summary>Small work on a raw query string.</summary>
internal static class QueryText
{
    /// <summary>The value of a parameter, still escaped; empty when missing.</summary>
    public static ReadOnlySpan<char> Value(ReadOnlySpan<char> query, ReadOnlySpan<char> name)
    {
        foreach (var range in query.TrimStart('?').Split('&'))
        {
            var pair = query.TrimStart('?')[range];
            if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal))
            {
                return pair[(name.Length + 1)..];
            }
        }
        return default;
    }

    /// <summary>The query without a parameter, the rest as it was.</summary>
    public static string Without(string query, string name) => Without(query, (other, _) => other == name);

    /// <summary>The query without some parameters, the rest as it was.</summary>
    /// <param name="query">With its question mark, or empty.</param>
    /// <param name="drops">Gets name and value, unescaped.</param>
    public static string Without(string query, Func<string, string, bool> drops)
    {
        if (query.Length == 0)
        {
            return query;
        }
        var pairs = query.TrimStart('?').Split('&');
        var kept = pairs.Where(pair => !IsDropped(pair)).ToArray();
        return kept.Length == pairs.Length ? query : kept.Length == 0 ? "" : "?" + string.Join('&', kept);

        bool IsDropped(string pair) => pair.IndexOf('=') is var equals and > 0 && equals < pair.Length - 1
            && drops(Unescape(pair.AsSpan(0, equals)), Unescape(pair.AsSpan(equals + 1)));
    }

    public static string Unescape(ReadOnlySpan<char> text) => text.IndexOf('%') < 0 ? text.ToString() : Uri.UnescapeDataString(text);
}
