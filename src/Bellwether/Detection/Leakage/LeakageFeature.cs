using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Detection;

/// <summary>Requirement S2: answers that give the system prompt away.</summary>
public static class LeakageFeature
{
    public static IServiceCollection AddLeakage(this IServiceCollection services)
    {
        services.TryAddSingleton<LeakDetector>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITextDetector, LeakDetector>(provider => provider.GetRequiredService<LeakDetector>()));
        return services;
    }
}
