using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Flags;

/// <summary>Requirement X1: feature flags with targeting and percentages, which applications ask for by OFREP.</summary>
public static class FlagsFeature
{
    /// <summary>Needs state and identity.</summary>
    public static IServiceCollection AddFlags(this IServiceCollection services)
    {
        services.AddBellwetherOptions<FlagsOptions>("Flags");
        services.AddMetrics();
        services.TryAddSingleton<FlagBook>();
        services.AddStatePolicy<FlagStore>();
        services.TryAddSingleton<FlagMeters>();
        services.TryAddSingleton<OfrepLimit>();
        services.TryAddSingleton<OfrepDoorApi>();
        services.TryAddSingleton<FlagStreamKeys>();
        services.TryAddSingleton<OfrepApi>();
        services.TryAddSingleton<FlagStreamApi>();
        services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, FlagJson.Default));
        return services;
    }

    public static IEndpointRouteBuilder MapFlags(this IEndpointRouteBuilder routes)
    {
        FlagsApi.Map(routes);
        OfrepApi.Map(routes);
        FlagStreamApi.Map(routes);
        return routes;
    }
}
