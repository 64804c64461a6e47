using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Providers;

/// <summary>Which providers there are and which models go where.</summary>
public static class ProviderSettingsFeature
{
    public static IServiceCollection AddProviderSettings(this IServiceCollection services)
    {
        services.AddBellwetherOptions<ProvidersOptions>("Providers");
        services.AddBellwetherOptions<NetworkOptions>("Network");
        services.AddProviders();
        services.TryAddSingleton<ProviderSettingsStore>();
        services.TryAddSingleton<ProviderSettings>();
        services.TryAddSingleton<ProviderTest>();
        services.AddStatePolicy<ProviderDirectory>();
        services.AddStatePolicy<ProviderKeyRewrap>();
        services.TryAddSingleton<IProviderDirectory>(provider => provider.GetRequiredService<ProviderDirectory>());
        return services;
    }

    public static IEndpointRouteBuilder MapProviderSettings(this IEndpointRouteBuilder routes)
    {
        ProviderSettingsApi.Map(routes);
        return routes;
    }
}

/// <summary>Seals keys again at a start that was given a new master key, or that follows a rotation cut short.</summary>
internal sealed class ProviderKeyRewrap(ProviderSettings settings) : IStatePolicy
{
    public Task LoadAsync(CancellationToken cancellationToken) => settings.RewrapAsync(Actor.System, cancellationToken);
}
