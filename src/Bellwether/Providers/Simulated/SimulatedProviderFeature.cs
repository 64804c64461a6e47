using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Providers;

/// <summary>Registers the simulated provider; providers of kind <see cref="ProviderKind.Simulated"/> send their calls to <see cref="SimulatedProviderHandler"/>.</summary>
public static class SimulatedProviderFeature
{
    public static IServiceCollection AddSimulatedProvider(this IServiceCollection services)
    {
        services.TryAddSingleton<SimulatedProvider>();
        services.TryAddSingleton<SimulatedProviderHandler>();
        return services;
    }
}
