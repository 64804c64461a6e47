using Bellwether.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Ingest;

/// <summary>The addresses that clients of other products print for people to open.</summary>
public static class UiLinksFeature
{
    /// <summary>Needs telemetry, identity, datasets and <see cref="LangSmithFeature.AddLangSmith"/>.</summary>
    public static IServiceCollection AddUiLinks(this IServiceCollection services)
    {
        services.TryAddSingleton<UiLinks>();
        return services;
    }

    /// <summary>They are for browsers: whoever is not signed in comes to the sign-in page first.</summary>
    public static void MapUiLinks(this IEndpointRouteBuilder routes)
    {
        Map(routes, "/o/{tenant}/projects/p/{id}", static (links, context) => Task.FromResult(links.Project(context)));
        Map(routes, "/o/{tenant}/projects/p/{id}/r/{run}", static (links, context) => links.RunAsync(context));
        Map(routes, "/o/{tenant}/datasets/{id}", static (links, context) => links.DatasetAsync(context));
        Map(routes, "/o/{tenant}/datasets/{id}/compare", static (links, context) => links.CompareAsync(context));
        Map(routes, "/project/{project}/traces/{id}", static (links, context) => links.TraceAsync(context));
        Map(routes, "/trace/{id}", static (links, context) => links.TraceAsync(context));
    }

    private static void Map(IEndpointRouteBuilder routes, string path, Func<UiLinks, HttpContext, Task<IResult>> handler) =>
        routes.MapMethods(path, [HttpMethods.Get], (RequestDelegate)(async context => await (await handler(context.RequestServices.GetRequiredService<UiLinks>(), context)).ExecuteAsync(context)))
            .RequireAuthorization(Policies.Viewer).ExcludeFromDescription();
}
