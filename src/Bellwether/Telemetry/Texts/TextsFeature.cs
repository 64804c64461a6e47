using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Telemetry;

/// <summary>What the pipeline makes of the texts of a call: token estimates.</summary>
public static class TextsFeature
{
    public static IServiceCollection AddTranscripts(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IObservationEnricher, UsageEstimateEnricher>());
        return services;
    }
}
