using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Flags;

/// <summary>Feature flags over HTTP: what they are. What they are for somebody is OFREP's.</summary>
internal static class FlagsApi
{
    private const string Form =
        "`{key, description?, enabled?, type: boolean|string|number|object, variants: {name: value}, default, rules?: [{name?, when: [{attribute, operator, value}], variant | split, rollout?}], "
        + "split?: [{variant, weight}], rollout?, hash?: sha256|md5|md5_variant, salt?}`. Weights of a split are 10,000 together: 100 is 1 %. Operators: eq, neq, in, notIn, contains, startsWith, endsWith, matches, gt, gte, lt, lte.";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1").WithTags("Flags");
        group.MapGet("/flags", List).RequireAuthorization(Policies.Viewer).WithSummary("The project's feature flags, by key").Produces<FlagList>();
        group.MapPost("/flags", CreateAsync).RequireAuthorization(Policies.Editor).WithSummary("A new feature flag").WithDescription(Form)
            .Accepts<FlagBody>("application/json").Produces<FlagView>(StatusCodes.Status201Created).ProducesValidationProblem();
        // A key may have slashes.
        group.MapGet("/flags/{**key}", Read).RequireAuthorization(Policies.Viewer).WithSummary("One feature flag").Produces<FlagView>();
        group.MapPut("/flags/{**key}", SaveAsync).RequireAuthorization(Policies.Editor).WithSummary("Make or replace a feature flag as a whole").WithDescription(Form + " `flag` of an answer can be sent back as it is.")
            .Accepts<FlagBody>("application/json").Produces<FlagView>().Produces<FlagView>(StatusCodes.Status201Created).ProducesValidationProblem();
        group.MapDelete("/flags/{**key}", RemoveAsync).RequireAuthorization(Policies.Editor).WithSummary("Remove a feature flag; clients get their own default from then on").Produces(StatusCodes.Status204NoContent);
    }

    private static IResult List(HttpContext context, FlagBook book) => Project(context) is { } project
        ? Results.Json(new FlagList([.. book.Of(project).All.Select(FlagView.Of)]), FlagJson.Default.FlagList)
        : NotFound();

    private static IResult Read(HttpContext context, string? key, FlagBook book) =>
        Project(context) is { } project && book.Of(project).Find(KeyOf(key)) is { } flag ? Answer(flag, StatusCodes.Status200OK) : NotFound();

    private static async Task<IResult> CreateAsync(HttpContext context, Actors actors, FlagStore store)
    {
        var (body, refusal) = await RequestBody.ReadAsync(context.Request, FlagJson.Default.FlagBody, context.RequestAborted);
        return body is null ? refusal!
            : Project(context, body.Project) is not { } project ? NotFound()
            : (await store.CreateAsync(actors.Of(context.User), project, body, context.RequestAborted)).ToResult(Answer);
    }

    private static async Task<IResult> SaveAsync(HttpContext context, string? key, Actors actors, FlagStore store)
    {
        var (body, refusal) = await RequestBody.ReadAsync(context.Request, FlagJson.Default.FlagBody, context.RequestAborted);
        return body is null ? refusal!
            : Project(context, body.Project) is not { } project ? NotFound()
            : (await store.SaveAsync(actors.Of(context.User), project, KeyOf(key), body, context.RequestAborted)).ToResult(Answer);
    }

    private static async Task<IResult> RemoveAsync(HttpContext context, string? key, Actors actors, FlagStore store) => Project(context) is { } project
        ? (await store.RemoveAsync(actors.Of(context.User), project, KeyOf(key), context.RequestAborted)).ToResult(_ => Results.NoContent())
        : NotFound();

    // The server decodes every escape of a path but %2F.
    internal static string KeyOf(string? path) => path?.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) ?? "";

    private static ProjectId? Project(HttpContext context, string? named = null) => context.User.ProjectFor(named ?? context.Request.Query["project"]);

    private static IResult Answer(FlagPut put) => Answer(put.Flag, put.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);

    private static IResult Answer(Flag flag, int status) => Results.Json(FlagView.Of(flag), FlagJson.Default.FlagView, statusCode: status);

    private static IResult NotFound() => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "There is no such flag, or you may not see it.");
}
