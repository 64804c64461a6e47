using System.Data.Common;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.Extensions.Logging;

namespace Bellwether.Providers;

/// <summary>A provider as someone enters it.</summary>
/// <param name="Kind">A dialect or a preset's name; null when the provider's own name is a preset's.</param>
/// <param name="BaseUrl">Null for the preset's own address.</param>
/// <param name="ApiKey">Null keeps the stored key, empty removes it.</param>
public sealed record ProviderEntry(string? Kind, string? BaseUrl, string? ApiKey, IReadOnlyList<string>? Models, string? PriceProvider);

/// <summary>A provider as shown: that there is a key, never the key.</summary>
/// <param name="Source">Whether the configuration or the Settings page names it; the first can only be changed there.</param>
public sealed record ProviderInfo(
    string Name, ProviderKind Kind, string BaseUrl, bool HasKey, IReadOnlyList<string> Models, string? PriceProvider, string Source);

/// <summary>A model name, or a prefix with a trailing <c>*</c>, and the provider its calls go to.</summary>
public sealed record ProviderRoute(string? Pattern, string? Provider);

/// <summary>Changes providers and routes, for operators; lists them for everyone who is signed in.</summary>
public sealed class ProviderSettings(
    DbDataSource state, ProviderSettingsStore store, ProviderDirectory directory, SecretBox box, MasterKeys masterKeys, AuditTrail audit, TimeProvider clock,
    IEnumerable<ISealedRows> others, ILogger<ProviderSettings> logger) : IDisposable
{
    // Writers read a row, change it and write it back; one at a time keeps a rotation from undoing a new key.
    private readonly SemaphoreSlim _writing = new(1, 1);

    public IReadOnlyList<ProviderInfo> List(Actor actor) =>
        actor.Role is null ? [] : [.. directory.Current.Providers.Select(Show)];

    public IReadOnlyList<ProviderRoute> Routes(Actor actor) =>
        actor.Role is null ? [] : [.. directory.Current.Routes.OrderBy(route => route.Key, StringComparer.Ordinal).Select(route => new ProviderRoute(route.Key, route.Value))];

    public async Task<Change<ProviderInfo>> SaveAsync(Actor actor, string name, ProviderEntry wanted, CancellationToken cancellationToken)
    {
        if (!actor.IsOperator)
        {
            return Change.Forbidden;
        }

        var preset = ProviderPresets.Find(string.IsNullOrEmpty(wanted.Kind) ? name : wanted.Kind);
        var kind = preset?.Kind ?? (Enum.TryParse<ProviderKind>(wanted.Kind, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : null as ProviderKind?);
        var baseUrl = string.IsNullOrEmpty(wanted.BaseUrl) ? preset?.BaseUrl : ProviderAddress.Parse(wanted.BaseUrl);
        var models = wanted.Models ?? [];
        var errors = new FieldErrors()
            .Check(name.Length is >= 1 and <= 64 && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '_'), "name", "must be 1 to 64 characters of a-z, 0-9, - and _")
            .Check(!directory.IsConfigured(name), "name", "is set in the configuration and can only be changed there")
            .Check(kind is not null, "kind", $"must be one of {string.Join(", ", ProviderPresets.All.Select(known => known.Name))}")
            .Check(baseUrl is not null, "baseUrl", string.IsNullOrEmpty(wanted.BaseUrl) ? "is needed: this kind has no address of its own" : "must be an absolute http or https URL without a user name, query or fragment")
            .Check(baseUrl is null || directory.MayHave(baseUrl), "baseUrl", "is a link-local or metadata address, where credentials of this machine are and no provider; an operator can list it in Bellwether:Network:PrivateTargets")
            .Check(wanted.ApiKey is null || (wanted.ApiKey.Length <= 4096 && wanted.ApiKey.All(c => c is > ' ' and <= '~')), "apiKey", "must be visible ASCII characters without spaces")
            .Check(models.Count <= 1000 && models.All(model => model is { Length: > 0 and <= 200 }), "models", "may have at most 1000 names of 1 to 200 characters")
            .Check(wanted.PriceProvider is not { Length: > 100 }, "priceProvider", "may have at most 100 characters");
        if (errors.Any)
        {
            return errors.ToChange();
        }

        await _writing.WaitAsync(cancellationToken);
        try
        {
            var was = (await store.ProvidersAsync(cancellationToken)).Find(row => row.Name == name);
            var now = clock.GetUtcNow();
            // A kept key goes with its address only: else whoever may change the address could have the key sent to a server of their own.
            var moved = was is not null && was.BaseUrl != baseUrl;
            if (moved && wanted.ApiKey is null && was!.SealedKey is not null)
            {
                return Change.Invalid("apiKey", "must be entered again when the address changes");
            }

            var key = wanted.ApiKey switch
            {
                null => was?.SealedKey,
                "" => null,
                var text => box.Seal(new Secret(text), ProviderSettingsStore.Purpose(name)),
            };
            var price = !string.IsNullOrEmpty(wanted.PriceProvider) ? wanted.PriceProvider
                : preset is { PriceProvider.Length: > 0 } && baseUrl == preset.BaseUrl ? preset.PriceProvider
                : null;
            var row = new ProviderRow(name, kind!.Value, baseUrl!, key, models, price, was?.CreatedAt ?? now, now);
            await state.TransactAsync(
                async connection =>
                {
                    await ProviderSettingsStore.UpsertAsync(connection, row, cancellationToken);
                    var detail = wanted.ApiKey is null ? "" : wanted.ApiKey.Length == 0 ? "key removed" : "key set";
                    await audit.WriteAsync(connection, actor, null, was is null ? "provider.created" : "provider.changed", name, detail, cancellationToken);
                },
                cancellationToken);
            await directory.LoadAsync(cancellationToken);
            return Show(directory.Current.Providers.First(provider => provider.Name == name));
        }
        finally
        {
            _writing.Release();
        }
    }

    public async Task<Change<string>> DeleteAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        if (!actor.IsOperator)
        {
            return Change.Forbidden;
        }

        if (directory.IsConfigured(name))
        {
            return Change.Conflict("name", "is set in the configuration and can only be removed there");
        }

        var deleted = await state.TransactAsync(
            async connection =>
            {
                var done = await ProviderSettingsStore.DeleteAsync(connection, name, cancellationToken);
                if (done)
                {
                    await audit.WriteAsync(connection, actor, null, "provider.deleted", name, "", cancellationToken);
                }

                return done;
            },
            cancellationToken);
        await directory.LoadAsync(cancellationToken);
        return deleted ? name : Change.NotFound;
    }

    public async Task<Change<ProviderRoute>> SaveRouteAsync(Actor actor, ProviderRoute wanted, CancellationToken cancellationToken)
    {
        if (!actor.IsOperator)
        {
            return Change.Forbidden;
        }

        var errors = new FieldErrors()
            .CheckName(wanted.Pattern, "pattern", max: 200)
            .Check(wanted.Pattern?.IndexOf('*', StringComparison.Ordinal) is null or -1 || wanted.Pattern.IndexOf('*', StringComparison.Ordinal) == wanted.Pattern.Length - 1, "pattern", "may have a * at its end only")
            .Check(directory.Current.Providers.Any(provider => provider.Name == wanted.Provider), "provider", "is not the name of a provider");
        if (errors.Any)
        {
            return errors.ToChange();
        }

        await state.TransactAsync(
            async connection =>
            {
                await ProviderSettingsStore.UpsertRouteAsync(connection, wanted.Pattern!, wanted.Provider!, clock.GetUtcNow(), cancellationToken);
                await audit.WriteAsync(connection, actor, null, "route.set", wanted.Pattern!, wanted.Provider!, cancellationToken);
            },
            cancellationToken);
        await directory.LoadAsync(cancellationToken);
        return wanted;
    }

    public async Task<Change<string>> DeleteRouteAsync(Actor actor, string pattern, CancellationToken cancellationToken)
    {
        if (!actor.IsOperator)
        {
            return Change.Forbidden;
        }

        var deleted = await state.TransactAsync(
            async connection =>
            {
                var done = await ProviderSettingsStore.DeleteRouteAsync(connection, pattern, cancellationToken);
                if (done)
                {
                    await audit.WriteAsync(connection, actor, null, "route.deleted", pattern, "", cancellationToken);
                }

                return done;
            },
            cancellationToken);
        await directory.LoadAsync(cancellationToken);
        return deleted ? pattern : Change.NotFound;
    }

    /// <summary>Makes a new master key and seals every stored key with it, while requests go on with the keys in memory.</summary>
    /// <returns>How many keys were sealed again.</returns>
    public async Task<Change<int>> RotateAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.IsOperator)
        {
            return Change.Forbidden;
        }

        if (!masterKeys.CanRotate)
        {
            return Change.Conflict("masterKey", "is set in the configuration: set the new one there, and the old one as Bellwether:PreviousMasterKey");
        }

        masterKeys.Rotate();
        var (count, complete) = await RewrapAsync(actor, cancellationToken);
        foreach (var rows in others)
        {
            complete &= await rows.RewrapAsync(cancellationToken);
        }
        if (complete)
        {
            masterKeys.ForgetOlder();
        }

        return count;
    }

    /// <summary>Seals again what an older master key sealed.</summary>
    /// <returns>How many, and whether nothing is left that needs an older key.</returns>
    internal async Task<(int Count, bool Complete)> RewrapAsync(Actor actor, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var stale = (await store.ProvidersAsync(cancellationToken)).FindAll(row => row.SealedKey is { } key && !box.IsCurrent(key));
            var count = 0;
            if (stale.Count > 0)
            {
                await state.TransactAsync(
                    async connection =>
                    {
                        foreach (var row in stale)
                        {
                            var purpose = ProviderSettingsStore.Purpose(row.Name);
                            if (box.Open(row.SealedKey, purpose, out var secret) == Unsealing.Opened)
                            {
                                await ProviderSettingsStore.UpsertAsync(connection, row with { SealedKey = box.Seal(secret!, purpose) }, cancellationToken);
                                count++;
                            }
                        }

                        await audit.WriteAsync(connection, actor, null, "master-key.rotated", masterKeys.Current.Name, $"{count}", cancellationToken);
                    },
                    cancellationToken);
                SettingsLog.Rewrapped(logger, count, masterKeys.Current.Name);
            }

            return (count, count == stale.Count);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    private ProviderInfo Show(ProviderEndpoint provider) => new(
        provider.Name, provider.Kind, provider.BaseUrl.OriginalString, provider.ApiKey is not null, provider.Models, provider.PriceProvider,
        directory.IsConfigured(provider.Name) ? "configuration" : "settings");
}
