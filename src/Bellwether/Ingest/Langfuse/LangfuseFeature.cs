using Bellwether.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Ingest;

/// <summary>The receiving side of Langfuse's own API; its OpenTelemetry route is one of <see cref="OtlpFeature"/>.</summary>
public static class LangfuseFeature
{
    /// <summary>Needs telemetry and identity.</summary>
    public static IServiceCollection AddLangfuse(this IServiceCollection services)
    {
        services.AddBellwetherOptions<OtlpPorts>("Otlp");
        services.AddMetrics();
        services.TryAddSingleton<LangfuseMeters>();
        services.TryAddSingleton<LangfuseReceiver>();
        services.TryAddSingleton<LangfuseHttp>();
        return services;
    }

    public static void MapLangfuse(this IEndpointRouteBuilder routes)
    {
        Map(routes, HttpMethods.Get, "/api/public/health", static (_, context) => LangfuseHttp.HealthAsync(context));
        Map(routes, HttpMethods.Get, "/api/public/projects", static (http, context) => http.ProjectsAsync(context));
        Map(routes, HttpMethods.Post, "/api/public/ingestion", static (http, context) => http.IngestAsync(context));
        Map(routes, HttpMethods.Post, "/api/public/scores", static (http, context) => http.ScoreAsync(context));
    }

    // The receiver checks keys itself: they come as a pair that the API's scheme does not know, and errors have another shape.
    private static void Map(IEndpointRouteBuilder routes, string method, string path, Func<LangfuseHttp, HttpContext, Task> handler) =>
        routes.MapMethods(path, [method], (RequestDelegate)(context => handler(context.RequestServices.GetRequiredService<LangfuseHttp>(), context)))
            .AllowAnonymous().ExcludeFromDescription();
}
