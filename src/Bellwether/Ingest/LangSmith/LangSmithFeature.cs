using Bellwether.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Ingest;

/// <summary>The receiving side of LangSmith's API: runs and feedback, under every base URL that its clients can be given.</summary>
public static class LangSmithFeature
{
    private static readonly string[] s_prefixes = ["", "/api", "/api/v1"];

    /// <summary>Needs telemetry and identity.</summary>
    public static IServiceCollection AddLangSmith(this IServiceCollection services)
    {
        services.AddBellwetherOptions<OtlpPorts>("Otlp");
        services.AddMetrics();
        services.TryAddSingleton<LangSmithMeters>();
        services.TryAddSingleton<LangSmithReceiver>();
        services.TryAddSingleton<LangSmithHttp>();
        return services;
    }

    /// <summary>
    /// Before routing. Our own API has <c>POST /api/v1/feedback</c> too, and takes keys as Bearer only: with <c>x-api-key</c> it is
    /// LangSmith's.
    /// </summary>
    public static IApplicationBuilder UseLangSmith(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var request = context.Request;
        if (HttpMethods.IsPost(request.Method) && request.Path == "/api/v1/feedback" && request.Headers.ContainsKey("x-api-key") && request.Headers.Authorization.Count == 0)
        {
            request.Path = "/feedback";
        }
        return next(context);
    });

    public static void MapLangSmith(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in s_prefixes)
        {
            Map(routes, HttpMethods.Get, prefix + "/info", static (_, context) => LangSmithHttp.InfoAsync(context));
            Map(routes, HttpMethods.Post, prefix + "/runs/multipart", static (http, context) => http.MultipartAsync(context));
            Map(routes, HttpMethods.Post, prefix + "/runs/batch", static (http, context) => http.BatchAsync(context));
            Map(routes, HttpMethods.Post, prefix + "/runs", static (http, context) => http.RunAsync(context, id: null));
            Map(routes, HttpMethods.Patch, prefix + "/runs/{id}", static (http, context) => http.RunAsync(context, context.GetRouteValue("id") as string ?? ""));
            if (prefix != "/api/v1")
            {
                Map(routes, HttpMethods.Post, prefix + "/feedback", static (http, context) => http.FeedbackAsync(context));
            }
        }
    }

    // The receiver checks keys itself: they come in a header that the API's scheme does not know, and errors have another shape.
    private static void Map(IEndpointRouteBuilder routes, string method, string path, Func<LangSmithHttp, HttpContext, Task> handler) =>
        routes.MapMethods(path, [method], (RequestDelegate)(context => handler(context.RequestServices.GetRequiredService<LangSmithHttp>(), context)))
            .AllowAnonymous().ExcludeFromDescription();
}
