using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Providers;

public static class ProvidersFeature
{
    /// <summary>Connections to providers. Needs an <see cref="IProviderDirectory"/>.</summary>
    public static IServiceCollection AddProviders(this IServiceCollection services)
    {
        services.AddSimulatedProvider();
        services.TryAddSingleton<ProviderPool>();
        return services;
    }
}
