using System.Security.Claims;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Providers;

/// <summary>Providers, routes and the master key under <c>/api/v1</c>. No answer ever holds a key.</summary>
internal static class ProviderSettingsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("Settings");
        api.MapGet("/providers", List).RequireAuthorization(Policies.Viewer).WithName("ListProviders").Produces<ProviderListView>();
        api.MapPut("/providers/{name}", SaveAsync).RequireAuthorization(Policies.Operator).WithName("SetProvider")
            .Accepts<ProviderEntry>("application/json").Produces<ProviderInfo>().ProducesValidationProblem();
        api.MapDelete("/providers/{name}", DeleteAsync).RequireAuthorization(Policies.Operator).WithName("DeleteProvider").Produces(StatusCodes.Status204NoContent);
        api.MapPost("/providers/{name}/test", TestAsync).RequireAuthorization(Policies.Operator).WithName("TestProvider").Produces<ProviderTestResult>();

        api.MapGet("/routes", ListRoutes).RequireAuthorization(Policies.Viewer).WithName("ListRoutes").Produces<RouteListView>();
        api.MapPut("/routes", SaveRouteAsync).RequireAuthorization(Policies.Operator).WithName("SetRoute")
            .Accepts<ProviderRoute>("application/json").Produces<ProviderRoute>().ProducesValidationProblem();
        api.MapDelete("/routes", DeleteRouteAsync).RequireAuthorization(Policies.Operator).WithName("DeleteRoute").Produces(StatusCodes.Status204NoContent);

        api.MapPost("/master-key/rotate", RotateAsync).RequireAuthorization(Policies.Operator).WithName("RotateMasterKey").Produces<RotationView>();
    }

    private static IResult List(ClaimsPrincipal user, Actors actors, ProviderSettings settings) =>
        Results.Json(new ProviderListView(settings.List(actors.Of(user))), ProviderSettingsJson.Default.ProviderListView);

    private static async Task<IResult> SaveAsync(
        string name, HttpRequest request, ClaimsPrincipal user, Actors actors, ProviderSettings settings, CancellationToken cancellationToken)
    {
        var (wanted, refusal) = await RequestBody.ReadAsync(request, ProviderSettingsJson.Default.ProviderEntry, cancellationToken);
        return refusal ?? (await settings.SaveAsync(actors.Of(user), name, wanted!, cancellationToken))
            .ToResult(provider => Results.Json(provider, ProviderSettingsJson.Default.ProviderInfo));
    }

    private static async Task<IResult> DeleteAsync(
        string name, ClaimsPrincipal user, Actors actors, ProviderSettings settings, CancellationToken cancellationToken) =>
        (await settings.DeleteAsync(actors.Of(user), name, cancellationToken)).ToResult(_ => Results.NoContent());

    private static async Task<IResult> TestAsync(
        string name, ClaimsPrincipal user, Actors actors, ProviderTest test, CancellationToken cancellationToken) =>
        !actors.Of(user).IsOperator ? ((Change<string>)Change.Forbidden).ToResult(_ => Results.Ok())
        : await test.RunAsync(name, cancellationToken) is { } result ? Results.Json(result, ProviderSettingsJson.Default.ProviderTestResult)
        : ((Change<string>)Change.NotFound).ToResult(_ => Results.Ok());

    private static IResult ListRoutes(ClaimsPrincipal user, Actors actors, ProviderSettings settings) =>
        Results.Json(new RouteListView(settings.Routes(actors.Of(user))), ProviderSettingsJson.Default.RouteListView);

    private static async Task<IResult> SaveRouteAsync(
        HttpRequest request, ClaimsPrincipal user, Actors actors, ProviderSettings settings, CancellationToken cancellationToken)
    {
        var (wanted, refusal) = await RequestBody.ReadAsync(request, ProviderSettingsJson.Default.ProviderRoute, cancellationToken);
        return refusal ?? (await settings.SaveRouteAsync(actors.Of(user), wanted!, cancellationToken))
            .ToResult(route => Results.Json(route, ProviderSettingsJson.Default.ProviderRoute));
    }

    private static async Task<IResult> DeleteRouteAsync(
        string pattern, ClaimsPrincipal user, Actors actors, ProviderSettings settings, CancellationToken cancellationToken) =>
        (await settings.DeleteRouteAsync(actors.Of(user), pattern, cancellationToken)).ToResult(_ => Results.NoContent());

    private static async Task<IResult> RotateAsync(ClaimsPrincipal user, Actors actors, ProviderSettings settings, CancellationToken cancellationToken) =>
        (await settings.RotateAsync(actors.Of(user), cancellationToken))
            .ToResult(count => Results.Json(new RotationView(count), ProviderSettingsJson.Default.RotationView));
}
