using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Providers;

/// <summary>Which providers there are and which models go where.</summary>
public static class ProviderSettingsFeature
{
    public static IServiceCollection AddProviderSettings(this IServiceCollection services)
    {
        services.AddBellwetherOptions<ProvidersOptions>("Providers");
        services.TryAddSingleton<ProviderSettingsStore>();
        services.AddStatePolicy<ProviderDirectory>();
        services.TryAddSingleton<IProviderDirectory>(provider => provider.GetRequiredService<ProviderDirectory>());
        return services;
    }
}
