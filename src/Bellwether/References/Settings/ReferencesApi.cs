using System.Collections.Immutable;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.References;

/// <summary>Sets of reference questions over HTTP.</summary>
internal static class ReferencesApi
{
    private const int MostBytes = 8 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1").WithTags("Quality");
        group.MapGet("/reference-sets", ListAsync).RequireAuthorization(Policies.Viewer).WithSummary("The sets of a project").Produces<ReferenceSetList>();
        group.MapPost("/reference-sets", CreateAsync).RequireAuthorization(Policies.Editor).WithSummary("A new set; it is asked at once and then by its interval").WithDescription(
            "`{name, model, provider?, system?, questions: [{question, answer}], similarity?: lexical|embedding, embedding_model?, threshold?, every_minutes?, max_tokens?, enabled?}`; `every_minutes` 0 asks only when told to.")
            .Accepts<ReferenceSetDraft>("application/json").Produces<ReferenceSet>(StatusCodes.Status201Created).ProducesValidationProblem();
        group.MapPut("/reference-sets/{id:guid}", UpdateAsync).RequireAuthorization(Policies.Editor).WithSummary("Change a set as a whole").Accepts<ReferenceSetDraft>("application/json").Produces<ReferenceSet>().ProducesValidationProblem();
        group.MapDelete("/reference-sets/{id:guid}", DeleteAsync).RequireAuthorization(Policies.Editor).WithSummary("Remove a set with its results").Produces(StatusCodes.Status204NoContent);
        group.MapPost("/reference-sets/{id:guid}/run", RunAsync).RequireAuthorization(Policies.Editor).WithSummary("Ask a set's questions now").Produces(StatusCodes.Status202Accepted);
        group.MapGet("/reference-sets/{id:guid}/results", ResultsAsync).RequireAuthorization(Policies.Viewer).WithSummary("What a set's questions got, oldest first").WithDescription("Parameters: `from`, `to` (24 hours when not said).").Produces<ReferenceResultsView>().ProducesValidationProblem();
    }

    private static async Task<IResult> ListAsync(HttpContext context, ReferenceStore store) =>
        Project(context) is { } project ? Results.Json(new ReferenceSetList([.. await store.ListAsync(project, context.RequestAborted)]), ReferencesJson.Default.ReferenceSetList) : NoProject();

    private static async Task<IResult> CreateAsync(HttpContext context, Actors actors, ReferenceStore store)
    {
        var (draft, refusal) = await RequestBody.ReadAsync(context.Request, ReferencesJson.Default.ReferenceSetDraft, context.RequestAborted, MostBytes);
        if (draft is null) { return refusal!; }
        return Project(context, draft.Project) is { } project
            ? (await store.CreateAsync(actors.Of(context.User), project, draft, context.RequestAborted)).ToResult(made => Results.Json(made, ReferencesJson.Default.ReferenceSet, statusCode: StatusCodes.Status201Created))
            : NoProject();
    }

    private static async Task<IResult> UpdateAsync(Guid id, HttpContext context, Actors actors, ReferenceStore store)
    {
        var (draft, refusal) = await RequestBody.ReadAsync(context.Request, ReferencesJson.Default.ReferenceSetDraft, context.RequestAborted, MostBytes);
        if (draft is null) { return refusal!; }
        return Project(context, draft.Project) is { } project
            ? (await store.UpdateAsync(actors.Of(context.User), project, id, draft, context.RequestAborted)).ToResult(changed => Results.Json(changed, ReferencesJson.Default.ReferenceSet))
            : NoProject();
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext context, Actors actors, ReferenceStore store) =>
        Project(context) is { } project ? (await store.DeleteAsync(actors.Of(context.User), project, id, context.RequestAborted)).ToResult(_ => Results.NoContent()) : NoProject();

    private static async Task<IResult> RunAsync(Guid id, HttpContext context, Actors actors, ReferenceStore store) =>
        Project(context) is { } project ? (await store.RunAsync(actors.Of(context.User), project, id, context.RequestAborted)).ToResult(_ => Results.StatusCode(StatusCodes.Status202Accepted)) : NoProject();

    private static async Task<IResult> ResultsAsync(Guid id, HttpContext context, ReferenceStore store, TimeProvider clock)
    {
        if (Project(context) is not { } project) { return NoProject(); }
        if (await store.FindAsync(project, id, context.RequestAborted) is not { } set) { return Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "There is no such thing, or you may not see it."); }
        try
        {
            var window = ObservationFilters.Window(context.Request.Query, clock.GetUtcNow());
            return Results.Json(ReferenceResultsView.Of(set, await store.ResultsAsync(id, window, context.RequestAborted)), ReferencesJson.Default.ReferenceResultsView);
        }
        catch (TelemetryQueryException mistake)
        {
            return Results.ValidationProblem(new Dictionary<string, string[]> { [mistake.Field] = [mistake.Message] }, title: "The request is not valid.");
        }
    }

    private static ProjectId? Project(HttpContext context, string? named = null) => context.User.ProjectFor(named ?? context.Request.Query["project"]);

    private static IResult NoProject() => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "There is no such project.");
}

internal sealed record ReferenceSetList(ImmutableArray<ReferenceSet> Items);

/// <param name="Questions">Those of the set, each with what it got in the window.</param>
internal sealed record ReferenceResultsView(double Threshold, ImmutableArray<QuestionResults> Questions)
{
    public static ReferenceResultsView Of(ReferenceSet set, IReadOnlyList<ReferenceResult> results)
    {
        var byQuestion = results.ToLookup(result => result.Question);
        return new(set.Threshold, [.. set.Questions.Select(question => new QuestionResults(question.Question, question.Id, [.. byQuestion[question.Id].Select(result => new ProbeResult(result.At, result.Similarity, result.Passed, result.Observation, result.Problem))]))]);
    }
}

internal sealed record QuestionResults(string Question, string Id, ImmutableArray<ProbeResult> Results);

internal sealed record ProbeResult(DateTimeOffset At, double? Similarity, bool Passed, Guid? ObservationId, string Problem);
