using System.Collections.Frozen;

namespace Bellwether.Gateway;

/// <summary>What becomes of a header on its way through.</summary>
internal enum HeaderRule
{
    /// <summary>Passed on as it is.</summary>
    Forward,
    /// <summary>Passed on, and shown on the request's page.</summary>
    ForwardAndShow,
    /// <summary>Not passed on.</summary>
    Drop,
    /// <summary>A place for a provider's key.</summary>
    Credential,
    /// <summary>May hold a key among other things: <see cref="SubProtocolKey"/>.</summary>
    SubProtocol,
    AcceptEncoding,
    TraceParent,
    RetryCount,
    /// <summary><c>x-bellwether-*</c>, <c>helicone-*</c> and <c>x-portkey-*</c>: for us alone.</summary>
    Ours,
}

/// <summary>
/// The header tables. Hop-by-hop fields (RFC 9110 §7.6.1) belong to one connection; cookies and forwarding fields belong to us
/// as a web server; some answers' fields would bind the caller's browser to our host in the provider's name.
/// </summary>
internal static class HeaderRules
{
    /// <summary>Where callers put keys of providers.</summary>
    public static readonly IReadOnlyList<string> Credentials = ["Authorization", "x-api-key", "api-key", "x-goog-api-key"];

    private static readonly FrozenDictionary<string, HeaderRule> s_request = Table(
        (HeaderRule.Drop,
        [
            "Host", "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer",
            "Transfer-Encoding", "Upgrade", "HTTP2-Settings", "Content-Length", "Expect", "Cookie", "Forwarded", "Via", "X-Real-IP",
            ":method", ":path", ":scheme", ":authority", ":protocol",
        ]),
        (HeaderRule.Credential, [.. Credentials]),
        (HeaderRule.SubProtocol, ["Sec-WebSocket-Protocol"]),
        (HeaderRule.AcceptEncoding, ["Accept-Encoding"]),
        (HeaderRule.TraceParent, ["traceparent"]),
        (HeaderRule.RetryCount, ["x-stainless-retry-count"]),
        (HeaderRule.ForwardAndShow,
        [
            "User-Agent", "Content-Type", "Content-Encoding", "OpenAI-Organization", "OpenAI-Project", "OpenAI-Beta", "anthropic-version",
            "anthropic-beta", "x-stainless-lang", "x-stainless-package-version", "x-stainless-runtime", "x-stainless-timeout",
            "x-goog-api-client", "x-client-request-id", "idempotency-key",
        ]));

    private static readonly FrozenDictionary<string, HeaderRule> s_response = Table(
        (HeaderRule.Drop,
        [
            "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer",
            "Transfer-Encoding", "Upgrade", "Set-Cookie", "Alt-Svc", "Strict-Transport-Security", "Clear-Site-Data",
        ]),
        (HeaderRule.ForwardAndShow,
        [
            "Content-Type", "Content-Encoding", "Retry-After", "retry-after-ms", "x-should-retry", "x-request-id", "request-id",
            "openai-processing-ms", "openai-version", "openai-organization", "openai-model", "apim-request-id", "x-ms-region",
            "x-ratelimit-limit-requests", "x-ratelimit-limit-tokens", "x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens",
            "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens", "anthropic-ratelimit-requests-remaining",
            "anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset", "anthropic-organization-id", "cf-ray", "Server",
        ]));

    private static FrozenDictionary<string, HeaderRule> Table(params (HeaderRule Rule, string[] Names)[] rows)
    {
        var table = new Dictionary<string, HeaderRule>(StringComparer.OrdinalIgnoreCase);
        foreach (var (rule, names) in rows)
        {
            foreach (var name in names)
            {
                table.Add(name, rule);
            }
        }
        return table.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    public static HeaderRule OfRequest(string name)
    {
        if (s_request.TryGetValue(name, out var rule))
        {
            return rule;
        }
        return (name[0] | 0x20) switch
        {
            'x' when Starts(name, "x-bellwether-") => HeaderRule.Ours,
            'x' when Starts(name, PortkeyHeaders.Prefix) => HeaderRule.Ours,
            'h' when Starts(name, "helicone-") => HeaderRule.Ours,
            'x' when Starts(name, "x-forwarded-") => HeaderRule.Drop,
            ':' => HeaderRule.Drop,
            _ => HeaderRule.Forward,
        };
    }

    public static HeaderRule OfResponse(string name) =>
        s_response.TryGetValue(name, out var rule) ? rule
        : (name[0] | 0x20) == 'x' && Starts(name, "x-bellwether-") ? HeaderRule.Drop
        : HeaderRule.Forward;

    /// <summary>True when a value can go into a header: no CR, LF or NUL, which would start another one.</summary>
    public static bool IsSafe(string value) => value.AsSpan().IndexOfAny('\r', '\n', '\0') < 0;

    /// <summary>True when Kestrel can send the value: no control characters but tab.</summary>
    public static bool IsSendable(string value)
    {
        foreach (var character in value)
        {
            if (character is (< ' ' and not '\t') or '\x7f' or > '\xff')
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>True when <paramref name="name"/> is one of the tokens of a <c>Connection</c> header, which makes it hop-by-hop.</summary>
    public static bool IsNamedBy(string? connection, string name)
    {
        if (string.IsNullOrEmpty(connection))
        {
            return false;
        }
        foreach (var range in connection.AsSpan().Split(','))
        {
            if (connection.AsSpan()[range].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static bool Starts(string name, string prefix) => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
}
