using Bellwether.Primitives;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Bellwether.Detection;

/// <summary>Detectors that judge a text on this machine.</summary>
public static class DetectionFeature
{
    /// <summary>Registers each detector as <see cref="ITextDetector"/>. A model that is broken stops the start with the reason, unless the options say otherwise.</summary>
    public static IServiceCollection AddDetection(this IServiceCollection services)
    {
        if (services.Any(static service => service.ServiceType == typeof(DetectorModels)))
        {
            return services;
        }
        services.AddBellwetherOptions<DetectionOptions>("Detection");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DetectionOptions>, DetectionOptionsValidator>());
        services.AddSingleton(static provider => new DetectorModels(provider.GetRequiredService<IOptions<DetectionOptions>>().Value));
        services.AddSingleton<ITextDetector>(static provider => provider.GetRequiredService<DetectorModels>().Injection is { } model ? new InjectionDetector(model) : new MissingDetector(InjectionModel.Name));
        services.AddSingleton<ITextDetector>(static provider => provider.GetRequiredService<DetectorModels>().Harm is { } model ? new HarmDetector(model) : new MissingDetector(HarmModel.Name));
        return services;
    }
}
