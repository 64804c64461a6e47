using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Guardrails;

/// <summary>Detectors put to use: checks on request.</summary>
public static class GuardrailsFeature
{
    public static IServiceCollection AddGuardrails(this IServiceCollection services)
    {
        services.TryAddSingleton<GuardrailMeters>();
        services.TryAddSingleton(static provider => new GuardrailChecks(
            provider.GetServices<Detection.ITextDetector>(), provider.GetRequiredService<GuardrailMeters>(), provider.GetRequiredService<ILogger<GuardrailChecks>>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<Detection.DetectionOptions>>().Value.DetectorTime));
        services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, GuardrailsJson.Default));
        return services;
    }

    public static IEndpointRouteBuilder MapGuardrails(this IEndpointRouteBuilder routes)
    {
        // Resolved here so that a broken model stops the start and not the first request.
        var provider = routes.ServiceProvider;
        provider.GetRequiredService<GuardrailChecks>();
        var broken = provider.GetRequiredService<Detection.DetectorModels>().Broken;
        provider.GetRequiredService<GuardrailMeters>().RunsWithout(broken);
        foreach (var model in broken)
        {
            Log.DetectorMissing(provider.GetRequiredService<ILogger<GuardrailChecks>>(), model.Detector, model.Reason);
        }
        GuardrailsApi.Map(routes);
        return routes;
    }
}
