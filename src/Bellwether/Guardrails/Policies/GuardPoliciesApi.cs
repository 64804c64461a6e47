using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Guardrails;

/// <summary>Policies of guards over HTTP.</summary>
internal static class GuardPoliciesApi
{
    private const string Form =
        "`{name, enabled?, order?, applies_to?: {endpoints, models, keys}, injection?, harm?: {mode: off|observe|flag|block|route, thresholds?: {user|document|system: {flag?, block?}}, route?: {provider, model?}, second_opinion?: {provider, model?, from?, to?} (harm only)}, "
        + "leak?: {mode, thresholds?: {flag?, block?}, canaries?}, pii?: {observe?, upstream?: {TYPE|ALL: keep|mask|hash|tokenise|block}, answer?}, patterns?: [{name, pattern, mode}], unknown?: pass|block}`. What is left out is observed.";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/guardrails").WithTags("Guardrails");
        group.MapGet("/policies", List).RequireAuthorization(Policies.Viewer).WithSummary("The project's guard policies, in the order in which they are asked")
            .WithDescription("The first enabled one that applies to a call decides. Without any, everything is observed and nothing changed.").Produces<GuardPolicyList>();
        group.MapGet("/policies/{id}", Read).RequireAuthorization(Policies.Viewer).WithSummary("One guard policy").Produces<GuardPolicyView>();
        group.MapPost("/policies", CreateAsync).RequireAuthorization(Policies.Editor).WithSummary("Add a guard policy").WithDescription(Form)
            .Accepts<GuardPolicyBody>("application/json").Produces<GuardPolicyView>(StatusCodes.Status201Created).ProducesValidationProblem();
        group.MapPut("/policies/{id}", ReplaceAsync).RequireAuthorization(Policies.Editor).WithSummary("Replace a guard policy").WithDescription(Form)
            .Accepts<GuardPolicyBody>("application/json").Produces<GuardPolicyView>().ProducesValidationProblem();
        group.MapDelete("/policies/{id}", RemoveAsync).RequireAuthorization(Policies.Editor).WithSummary("Remove a guard policy");
    }

    private static IResult List(HttpContext context, GuardPolicies policies) => context.User.ProjectFor(context.Request.Query["project"]) is { } project
        ? Results.Json(new GuardPolicyList([.. policies.Of(project).Select(View)]), GuardPolicyJson.Default.GuardPolicyList)
        : NotFound();

    private static IResult Read(HttpContext context, string id, GuardPolicies policies) =>
        context.User.ProjectFor(context.Request.Query["project"]) is { } project && policies.Find(project, id) is { } policy ? Answer(policy, StatusCodes.Status200OK) : NotFound();

    private static async Task<IResult> CreateAsync(HttpContext context, GuardPolicyStore policies, Actors actors)
    {
        var (body, refusal) = await RequestBody.ReadAsync(context.Request, GuardPolicyJson.Default.GuardPolicyBody, context.RequestAborted);
        return body is null ? refusal!
            : context.User.ProjectFor(body.Project ?? context.Request.Query["project"]) is not { } project ? NotFound()
            : (await policies.CreateAsync(actors.Of(context.User), project, body, context.RequestAborted)).ToResult(policy => Answer(policy, StatusCodes.Status201Created));
    }

    private static async Task<IResult> ReplaceAsync(HttpContext context, string id, GuardPolicyStore policies, Actors actors)
    {
        var (body, refusal) = await RequestBody.ReadAsync(context.Request, GuardPolicyJson.Default.GuardPolicyBody, context.RequestAborted);
        return body is null ? refusal!
            : context.User.ProjectFor(body.Project ?? context.Request.Query["project"]) is not { } project ? NotFound()
            : (await policies.ReplaceAsync(actors.Of(context.User), project, id, body, context.RequestAborted)).ToResult(policy => Answer(policy, StatusCodes.Status200OK));
    }

    private static async Task<IResult> RemoveAsync(HttpContext context, string id, GuardPolicyStore policies, Actors actors) =>
        context.User.ProjectFor(context.Request.Query["project"]) is { } project && await policies.RemoveAsync(actors.Of(context.User), project, id, context.RequestAborted)
            ? Results.NoContent()
            : NotFound();

    private static GuardPolicyView View(GuardPolicy policy) => new(policy.Id, GuardPolicyBody.Of(policy));

    private static IResult Answer(GuardPolicy policy, int status) => Results.Json(View(policy), GuardPolicyJson.Default.GuardPolicyView, statusCode: status);

    private static IResult NotFound() => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "There is no such guard policy, or you may not see it.");
}
