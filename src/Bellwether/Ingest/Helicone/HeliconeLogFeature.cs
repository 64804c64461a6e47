using Bellwether.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Ingest;

/// <summary>What Helicone's clients send beside calls: logs of calls made elsewhere, feedback, scores, properties. Portkey's feedback too.</summary>
public static class HeliconeLogFeature
{
    // The hosts of Helicone that its loggers write to are paths here.
    private static readonly string[] s_prefixes = ["", "/custom", "/oai", "/anthropic", "/googleapis"];

    /// <summary>Needs telemetry, identity and feedback.</summary>
    public static IServiceCollection AddHeliconeLog(this IServiceCollection services)
    {
        services.AddBellwetherOptions<OtlpPorts>("Otlp");
        services.AddMetrics();
        services.TryAddSingleton<HeliconeMeters>();
        services.TryAddSingleton<StoredBefore>();
        services.TryAddSingleton<HeliconeReceiver>();
        services.TryAddSingleton<HeliconeHttp>();
        return services;
    }

    public static void MapHeliconeLog(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in s_prefixes)
        {
            Map(routes, HttpMethods.Post, prefix + "/v1/log", static (http, context) => http.LogAsync(context));
        }
        Map(routes, HttpMethods.Post, "/v1/request/{id}/feedback", static (http, context) => http.FeedbackAsync(context));
        Map(routes, HttpMethods.Post, "/v1/feedback", static (http, context) => http.FeedbackAsync(context));
        Map(routes, HttpMethods.Post, "/v1/request/{id}/score", static (http, context) => http.ScoresAsync(context));
        // Their documentation shows both methods.
        Map(routes, HttpMethods.Put, "/v1/request/{id}/property", static (http, context) => http.PropertyAsync(context));
        Map(routes, HttpMethods.Post, "/v1/request/{id}/property", static (http, context) => http.PropertyAsync(context));
        Map(routes, HttpMethods.Get, "/helicone/test", static (_, context) => HeliconeHttp.TestAsync(context));
    }

    // The receiver checks keys itself: they come in headers that the API's scheme does not know, and errors have another shape.
    private static void Map(IEndpointRouteBuilder routes, string method, string path, Func<HeliconeHttp, HttpContext, Task> handler) =>
        routes.MapMethods(path, [method], (RequestDelegate)(context => handler(context.RequestServices.GetRequiredService<HeliconeHttp>(), context)))
            .AllowAnonymous().ExcludeFromDescription();
}
