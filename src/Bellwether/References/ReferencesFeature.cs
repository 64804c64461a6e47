using Bellwether.Gateway;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.References;

/// <summary>Requirement Q2: questions with expected answers, asked through the gateway again and again.</summary>
public static class ReferencesFeature
{
    /// <summary>Needs state, identity, telemetry, providers and the gateway.</summary>
    public static IServiceCollection AddReferences(this IServiceCollection services)
    {
        services.TryAddSingleton<ReferenceStore>();
        services.TryAddSingleton(_ => LexicalSimilarity.Load());
        services.TryAddSingleton(provider => new Probe(
            provider.GetRequiredService<OwnCalls>(), provider.GetRequiredService<LexicalSimilarity>(), provider.GetRequiredService<ReferenceStore>(), provider.GetRequiredService<ITelemetryIntake>(), provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<ProbeService>();
        services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ReferencesJson.Default));
        return services;
    }

    public static IEndpointRouteBuilder MapReferences(this IEndpointRouteBuilder routes)
    {
        ReferencesApi.Map(routes);
        return routes;
    }
}
