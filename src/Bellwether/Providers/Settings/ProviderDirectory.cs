using System.Collections.Frozen;
using System.Net;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Providers;

/// <summary>The providers of the configuration and of the Settings page in one snapshot. On the same name the configuration wins.</summary>
public sealed class ProviderDirectory(
    IOptions<ProvidersOptions> configured, ProviderSettingsStore store, SecretBox box,
    IOptions<NetworkOptions> network, ILogger<ProviderDirectory> logger)
    : IProviderDirectory, IStatePolicy
{
    // One instance for all, so that connections are shared.
    private readonly PrivateTargets _reach = new(network.Value.PrivateTargets);
    private volatile ProviderSnapshot _current = new([], FrozenDictionary<string, string>.Empty);

    public ProviderSnapshot Current => _current;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var rows = await store.ProvidersAsync(cancellationToken);
        var routes = await store.RoutesAsync(cancellationToken);
        _current = new ProviderSnapshot(
            [.. configured.Value.Select(pair => pair.Value.ToEndpoint(pair.Key)).OfType<ProviderEndpoint>(), .. rows.Where(row => !IsConfigured(row.Name)).Select(FromRow)],
            routes.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>Whether the configuration names this provider, so that the Settings page may show but not change it.</summary>
    public bool IsConfigured(string name) => configured.Value.ContainsKey(name);

    /// <summary>
    /// Whether a provider of the Settings page may have this address, as far as the text alone says: a name is looked up, and all of
    /// it asked again, when a connection is made.
    /// </summary>
    public bool MayHave(Uri baseUrl) =>
        !IPAddress.TryParse(baseUrl.DnsSafeHost, out var address) || !OutboundGuard.IsMetadata(address) || _reach.Includes(baseUrl.DnsSafeHost, address);

    private ProviderEndpoint FromRow(ProviderRow row)
    {
        Secret? key = null;
        if (row.SealedKey is { } sealedKey && box.Open(sealedKey, ProviderSettingsStore.Purpose(row.Name), out key) is var outcome and not Unsealing.Opened)
        {
            // Calls that bring their own key still work; the Settings page asks for this one again.
            SettingsLog.KeyNotOpened(logger, row.Name, outcome);
        }

        return new ProviderEndpoint
        {
            Name = row.Name, Kind = row.Kind, BaseUrl = row.BaseUrl, ApiKey = key, Models = row.Models, PriceProvider = row.PriceProvider, Reach = _reach,
        };
    }
}
