using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Sinks;

/// <summary>Copies of observations for analytics platforms and other receivers (requirement L1).</summary>
public static class SinksFeature
{
    public static IServiceCollection AddSinks(this IServiceCollection services)
    {
        services.AddBellwetherOptions<SinksOptions>("Sinks");
        services.TryAddSingleton<SinkService>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBatchOutlet, SinkService>(provider => provider.GetRequiredService<SinkService>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITelemetryCopies, SinkService>(provider => provider.GetRequiredService<SinkService>()));
        services.AddHostedService(provider => provider.GetRequiredService<SinkService>());
        services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, SinksJson.Default));
        return services;
    }

    public static void MapSinks(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/sinks", (SinkService sinks) => Results.Json(new SinkList(sinks.Statuses), SinksJson.Default.SinkList))
        .RequireAuthorization(Policies.Viewer)
        .Produces<SinkList>()
        .WithTags("Operations")
        .WithSummary("How each configured sink does: what waits, what was delivered, what its receiver last said");
}

internal sealed record SinkList(ImmutableArray<SinkStatus> Items);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SinkList))]
internal sealed partial class SinksJson : JsonSerializerContext;
