using System.Collections.Concurrent;
using Bellwether.Exchange;
using Bellwether.Primitives;
using Bellwether.Providers;
using Bellwether.Telemetry;
using Microsoft.Extensions.Options;

namespace Bellwether.Gateway;

/// <summary>
/// Where callers may send a call themselves (<c>Helicone-Target-URL</c>): to the origins of configured providers, and to those that
/// the operator lists. A stored key goes to its own provider only. Private addresses need <c>Network:PrivateTargets</c> as well,
/// which is checked when the connection is made, so that a name whose answer changes leads nowhere else.
/// </summary>
internal sealed class TargetHosts(ProviderPool providers, IOptions<GatewayOptions> options, IOptions<NetworkOptions> network)
{
    private readonly HashSet<string> _allowed = [.. options.Value.TargetHosts.Select(OriginOf).OfType<string>()];
    private readonly PrivateTargets _reach = new(network.Value.PrivateTargets);
    private readonly ConcurrentDictionary<(string Origin, ProviderKind Kind), ProviderClient> _clients = new();

    /// <param name="url">As the caller wrote it.</param>
    /// <param name="kind">The dialect that the call is in.</param>
    /// <param name="header">For the refusal.</param>
    /// <param name="refusal">Set when null is returned.</param>
    public ProviderClient? Find(string url, ProviderKind kind, string header, out Refusal? refusal)
    {
        refusal = null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var target) || target.Scheme is not ("http" or "https") || target.Host.Length == 0
            || target.UserInfo.Length > 0 || target.PathAndQuery is not ("" or "/") || target.Fragment.Length > 0)
        {
            refusal = Refusals.BadRequest("invalid_target_url", $"{header} must be an http or https origin without a path, such as https://api.openai.com.", header);
            return null;
        }
        var origin = target.GetLeftPart(UriPartial.Authority);
        ProviderClient? sameOrigin = null;
        var choice = providers.Current;
        foreach (var endpoint in choice.Snapshot.Providers)
        {
            if (endpoint.Kind != ProviderKind.Simulated && endpoint.BaseUrl.GetLeftPart(UriPartial.Authority) == origin && (sameOrigin is null || endpoint.Kind == kind))
            {
                sameOrigin = choice.ByName(endpoint.Name);
            }
        }
        if (sameOrigin is not null)
        {
            return sameOrigin;
        }
        if (!_allowed.Contains(origin))
        {
            refusal = new Refusal(403, "permission_error", "target_not_allowed",
                $"{header} names a host that is not allowed. An operator allows it with Bellwether:Gateway:TargetHosts.", ErrorTypes.Auth) { Param = header };
            return null;
        }
        return _clients.GetOrAdd((origin, kind), static (key, made) => made.Pool.ForTarget(new Uri(key.Origin), key.Kind, made.Reach), (Pool: providers, Reach: _reach));
    }

    /// <summary>"api.groq.com" is "https://api.groq.com"; plain HTTP must be written out. Null: not an origin.</summary>
    internal static string? OriginOf(string entry) =>
        Uri.TryCreate(entry.Contains("://", StringComparison.Ordinal) ? entry : "https://" + entry, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0
            ? uri.GetLeftPart(UriPartial.Authority)
            : null;
}
