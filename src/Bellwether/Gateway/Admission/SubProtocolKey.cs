using Microsoft.Extensions.Primitives;

namespace Bellwether.Gateway;

/// <summary>
/// The key of a browser's WebSocket, which can set no header but this one:
/// <code>Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.sk-…, openai-beta.realtime-v1</code>
/// </summary>
internal static class SubProtocolKey
{
    private const string Prefix = "openai-insecure-api-key.";

    public static string? Find(StringValues header)
    {
        foreach (var value in header)
        {
            foreach (var range in value.AsSpan().Split(','))
            {
                var token = value.AsSpan(range).Trim();
                if (token.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && token.Length > Prefix.Length)
                {
                    return token[Prefix.Length..].ToString();
                }
            }
        }
        return null;
    }

    /// <summary>The header without its key.</summary>
    public static string Without(string value) =>
        string.Join(", ", value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(token => !token.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)));
}
