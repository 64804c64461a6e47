using Bellwether.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Ingest;

/// <summary>The receiving side of PostHog's and Mixpanel's capture routes, for the events that tell of calls of a model.</summary>
public static class AnalyticsReceiversFeature
{
    private static readonly string[] s_postHog = ["/batch", "/capture", "/e", "/i/v0/e", "/i/v0/ai/batch"];
    // Older and newer ways of theirs that are not there: told so, and not asked for a key.
    private static readonly string[] s_postHogElsewhere = ["/decide", "/i/v1/{**path}"];
    private static readonly string[] s_mixpanel = ["/track", "/import", "/engage", "/groups"];

    /// <summary>Needs telemetry, identity and flags.</summary>
    public static IServiceCollection AddAnalyticsReceivers(this IServiceCollection services)
    {
        services.AddBellwetherOptions<OtlpPorts>("Otlp");
        services.AddMetrics();
        services.TryAddSingleton<AnalyticsMeters>();
        services.TryAddSingleton<AnalyticsReceiver>();
        services.TryAddSingleton<PostHogHttp>();
        services.TryAddSingleton<PostHogFlags>();
        services.TryAddSingleton<MixpanelHttp>();
        return services;
    }

    public static void MapAnalyticsReceivers(this IEndpointRouteBuilder routes)
    {
        foreach (var path in s_postHog)
        {
            Map(routes, [HttpMethods.Post], path, static context => context.RequestServices.GetRequiredService<PostHogHttp>().HandleAsync(context));
        }
        Map(routes, [HttpMethods.Post], "/flags", static context => context.RequestServices.GetRequiredService<PostHogFlags>().HandleAsync(context));
        foreach (var path in s_postHogElsewhere)
        {
            Map(routes, [HttpMethods.Get, HttpMethods.Post], path, PostHogHttp.NotServedAsync);
        }
        foreach (var path in s_mixpanel)
        {
            // mixpanel's track() is a GET with everything in its query.
            Map(routes, [HttpMethods.Get, HttpMethods.Post], path, context => context.RequestServices.GetRequiredService<MixpanelHttp>().HandleAsync(context, path));
        }
    }

    // The receivers check keys themselves: they come inside of bodies, and errors have another shape.
    private static void Map(IEndpointRouteBuilder routes, string[] methods, string path, RequestDelegate handler) =>
        routes.MapMethods(path, methods, handler).AllowAnonymous().ExcludeFromDescription();
}
