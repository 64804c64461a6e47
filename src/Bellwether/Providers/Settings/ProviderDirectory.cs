using System.Collections.Frozen;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Providers;

/// <summary>The providers of the configuration and of the Settings page in one snapshot. On the same name the configuration wins.</summary>
public sealed class ProviderDirectory(
    IOptions<ProvidersOptions> configured, ProviderSettingsStore store, SecretBox box, ILogger<ProviderDirectory> logger)
    : IProviderDirectory, IStatePolicy
{
    private volatile ProviderSnapshot _current = new([], FrozenDictionary<string, string>.Empty);

    public ProviderSnapshot Current => _current;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var rows = await store.ProvidersAsync(cancellationToken);
        var routes = await store.RoutesAsync(cancellationToken);
        _current = new ProviderSnapshot(
            [.. configured.Value.Select(pair => FromOptions(pair.Key, pair.Value)), .. rows.Where(row => !IsConfigured(row.Name)).Select(FromRow)],
            routes.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>Whether the configuration names this provider, so that the Settings page may show but not change it.</summary>
    public bool IsConfigured(string name) => configured.Value.ContainsKey(name);

    private static ProviderEndpoint FromOptions(string name, ProviderOptions options) => new()
    {
        Name = name,
        Kind = options.Kind!.Value,
        BaseUrl = options.BaseUrl.Length > 0 ? new Uri(options.BaseUrl.TrimEnd('/')) : ProviderDefaults.BaseUrl(options.Kind.Value)!,
        ApiKey = options.ApiKey.Length > 0 ? new Secret(options.ApiKey) : null,
        Models = [.. options.Models],
        PriceProvider = options.PriceProvider.Length > 0 ? options.PriceProvider : null,
        ConnectTimeout = options.ConnectTimeout,
        FirstByteTimeout = options.FirstByteTimeout,
        IdleTimeout = options.IdleTimeout,
        TotalTimeout = options.TotalTimeout,
    };

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
            Name = row.Name, Kind = row.Kind, BaseUrl = row.BaseUrl, ApiKey = key, Models = row.Models, PriceProvider = row.PriceProvider,
        };
    }
}
