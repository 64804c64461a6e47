using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Quality;

/// <summary>Requirement Q1: validators of answers, on every call and on request.</summary>
public static class QualityFeature
{
    public static IServiceCollection AddQuality(this IServiceCollection services)
    {
        services.AddBellwetherOptions<QualityOptions>("Quality");
        services.TryAddSingleton<AnswerValidators>();
        services.TryAddSingleton<SatisfactionReader>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IObservationEnricher, AnswerEnricher>());
        services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, QualityJson.Default));
        return services;
    }

    public static IEndpointRouteBuilder MapQuality(this IEndpointRouteBuilder routes)
    {
        QualityApi.Map(routes);
        SatisfactionApi.Map(routes);
        return routes;
    }
}
