using Bellwether.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Bellwether.Gateway;

/// <summary>
/// Finds the Bellwether key of a request. In a header of its own, the caller's provider credential goes upstream
/// (pass-through); in the place of a provider credential, the stored provider key does (virtual key).
/// </summary>
internal static class Credentials
{
    public static KeyCheck Check(IKeyring keyring, IHeaderDictionary headers, string query, out ApiKey? key, out bool passThrough)
    {
        passThrough = true;
        if (First(headers["x-bellwether-key"]) is { } own)
        {
            return keyring.Check(own, out key);
        }
        if (First(headers["Helicone-Auth"]) is { } helicone)
        {
            return keyring.Check(helicone, out key);
        }
        if (First(headers["x-portkey-api-key"]) is { } portkey)
        {
            return keyring.Check(portkey, out key);
        }
        passThrough = false;
        var worst = KeyCheck.Missing;
        if (Try(keyring, headers.Authorization, ref worst, out key)
            || Try(keyring, headers["x-api-key"], ref worst, out key)
            || Try(keyring, headers["api-key"], ref worst, out key)
            || Try(keyring, headers["x-goog-api-key"], ref worst, out key))
        {
            return KeyCheck.Valid;
        }
        if (SubProtocolKey.Find(headers.SecWebSocketProtocol) is { } inProtocol)
        {
            return keyring.Check(inProtocol, out key);
        }
        var inQuery = query.Length == 0 ? default : QueryText.Value(query, "key");
        return inQuery.IsEmpty ? worst : keyring.Check(QueryText.Unescape(inQuery), out key);
    }

    /// <summary>True when the caller sent a credential of its own for the provider.</summary>
    public static bool HasOwn(IKeyring keyring, IHeaderDictionary headers, string query) =>
        IsOwn(keyring, First(headers.Authorization)) || IsOwn(keyring, First(headers["x-api-key"])) || IsOwn(keyring, First(headers["api-key"]))
        || IsOwn(keyring, First(headers["x-goog-api-key"])) || IsOwn(keyring, SubProtocolKey.Find(headers.SecWebSocketProtocol))
        || (query.Length > 0 && QueryText.Value(query, "key") is { IsEmpty: false } value && !IsBellwetherKey(keyring, QueryText.Unescape(value)));

    /// <summary>The query as it may go to a provider: without keys of ours, whatever their parameter is called, and without <c>key</c> unless that is the caller's own.</summary>
    public static string ForwardedQuery(IKeyring keyring, string query, bool ownCredential) => QueryText.Without(query, (name, value) =>
        name is "key" && (!ownCredential || IsBellwetherKey(keyring, value))
        || keyring.Check(value, out _) is KeyCheck.Valid or KeyCheck.Revoked or KeyCheck.Expired);

    /// <summary>True for a key of ours, valid or not, and for anything that looks like one: it never goes to a provider.</summary>
    public static bool IsBellwetherKey(IKeyring keyring, ReadOnlySpan<char> value) =>
        Token(value).StartsWith(KeyToken.Prefix, StringComparison.Ordinal) || keyring.Check(value, out _) != KeyCheck.Unknown;

    private static bool IsOwn(IKeyring keyring, string? value) => value is not null && !IsBellwetherKey(keyring, value);

    private static bool Try(IKeyring keyring, StringValues values, ref KeyCheck worst, out ApiKey? key)
    {
        if (First(values) is not { } value)
        {
            key = null;
            return false;
        }
        var check = keyring.Check(value, out key);
        // "Revoked" says more than "unknown", which says more than "missing".
        if (worst is KeyCheck.Missing or KeyCheck.Unknown)
        {
            worst = check;
        }
        return check == KeyCheck.Valid;
    }

    private static ReadOnlySpan<char> Token(ReadOnlySpan<char> value)
    {
        value = value.Trim();
        return value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value["Bearer ".Length..].TrimStart() : value;
    }

    private static string? First(StringValues values) => values.Count == 0 || string.IsNullOrEmpty(values[0]) ? null : values[0];
}
