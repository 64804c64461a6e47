using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Detection;

/// <summary>Detectors that judge a text on this machine.</summary>
public static class DetectionFeature
{
    /// <summary>Registers each detector as <see cref="ITextDetector"/>. A model that is broken stops the start with the reason.</summary>
    public static IServiceCollection AddDetection(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITextDetector, InjectionDetector>(static _ => new InjectionDetector(InjectionModel.Shipped)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITextDetector, HarmDetector>(static _ => new HarmDetector(HarmModel.Shipped)));
        return services;
    }
}
