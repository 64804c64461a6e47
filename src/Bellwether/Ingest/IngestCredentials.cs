using System.Text;
using Bellwether.Identity;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>Finds the Bellwether key of a sender in any of the places that instrumented clients can be told to put one.</summary>
internal static class IngestCredentials
{
    private static readonly string[] s_headers = ["x-bellwether-key", "Authorization", "x-api-key", "api-key", "Helicone-Auth", "x-portkey-api-key"];

    public static ApiKey? Find(IKeyring keyring, IHeaderDictionary headers)
    {
        foreach (var name in s_headers)
        {
            var value = headers[name];
            if (value.Count == 1 && value[0] is { Length: > 0 } text && Check(keyring, text) is { } key)
            {
                return key;
            }
        }
        return null;
    }

    /// <summary>The key of a request that needs a role, or every valid key where it needs none. Reading needs a key with access to the API, as our own reads do.</summary>
    public static ApiKey Require(IKeyring keyring, IHeaderDictionary headers, Role? least)
    {
        var key = Find(keyring, headers)
            ?? throw new IngestRefusal(StatusCodes.Status401Unauthorized, "key", "The Bellwether key is missing, unknown, revoked or expired.");
        return least is not { } role || (key.Api && key.Role >= role) ? key
            : throw new IngestRefusal(StatusCodes.Status403Forbidden, "forbidden", $"The key may send telemetry, but this needs a key for the API with the role {role.ToString().ToLowerInvariant()}.");
    }

    private static ApiKey? Check(IKeyring keyring, string text)
    {
        if (!text.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return Valid(keyring, text);
        }
        // Langfuse: public key and secret key, of which the secret is ours; some clients put their one key first.
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text["Basic ".Length..].Trim(), bytes, out var count))
        {
            return null;
        }
        var pair = Encoding.UTF8.GetString(bytes, 0, count);
        var colon = pair.IndexOf(':');
        return colon < 0 ? Valid(keyring, pair) : Valid(keyring, pair[(colon + 1)..]) ?? Valid(keyring, pair[..colon]);
    }

    private static ApiKey? Valid(IKeyring keyring, string token) => keyring.Check(token, out var key) == KeyCheck.Valid ? key : null;
}
