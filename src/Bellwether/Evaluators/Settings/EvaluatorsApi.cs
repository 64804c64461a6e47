using System.Security.Claims;
using System.Collections.Immutable;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Quality;
using Bellwether.State;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Evaluators;

/// <summary>Evaluators over HTTP.</summary>
internal static class EvaluatorsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1").WithTags("Quality");
        group.MapGet("/evaluators", ListAsync).RequireAuthorization(Policies.Viewer).WithSummary("The evaluators of a project and how they did")
            .WithDescription("Verdicts are those of the window `from`, `to` (24 hours when not said); spending is of the UTC day.").Produces<EvaluatorList>().ProducesValidationProblem();
        group.MapPost("/evaluators", CreateAsync).RequireAuthorization(Policies.Editor).WithSummary("A new evaluator").WithDescription(
            "`{name, kind: regex|code|judge, enabled?, share?, filter?, target?: answer|question|context, pattern?, pass_on_match?, checks?: [{check, value}], rubric?: coherence|helpfulness|correctness|groundedness|custom, instructions?, model?, provider?, threshold?, max_usd_per_day?, max_tokens_per_day?}`")
            .Accepts<EvaluatorDraft>("application/json").Produces<Evaluator>(StatusCodes.Status201Created).ProducesValidationProblem();
        group.MapPut("/evaluators/{id:guid}", UpdateAsync).RequireAuthorization(Policies.Editor).WithSummary("Change an evaluator as a whole")
            .Accepts<EvaluatorDraft>("application/json").Produces<Evaluator>().ProducesValidationProblem();
        group.MapDelete("/evaluators/{id:guid}", DeleteAsync).RequireAuthorization(Policies.Editor).WithSummary("Remove an evaluator; what it said stays").Produces(StatusCodes.Status204NoContent);
        group.MapGet("/evaluators/{id:guid}/agreement", AgreeAsync).RequireAuthorization(Policies.Viewer).WithSummary("How far an evaluator and people agree").WithDescription(
            "Cohen's kappa over the calls of `from`, `to` that both judged. `against` names the people's labels: the evaluator's own name when not said, or `user_feedback` for votes.").Produces<AgreementView>().ProducesValidationProblem();
    }

    private static async Task<IResult> ListAsync(HttpContext context, EvaluatorReports reports, TimeProvider clock)
    {
        if (Project(context) is not { } project) { return NoProject(); }
        try
        {
            var read = await reports.ReadAsync(project, ObservationFilters.Window(context.Request.Query, clock.GetUtcNow()), context.RequestAborted);
            return Results.Json(new EvaluatorList([.. read.Select(EvaluatorView.Of)]), EvaluatorsJson.Default.EvaluatorList);
        }
        catch (TelemetryQueryException mistake)
        {
            return Mistake(mistake);
        }
    }

    private static async Task<IResult> CreateAsync(HttpContext context, Actors actors, EvaluatorStore store)
    {
        var (draft, refusal) = await RequestBody.ReadAsync(context.Request, EvaluatorsJson.Default.EvaluatorDraft, context.RequestAborted);
        if (draft is null) { return refusal!; }
        return Project(context, draft.Project) is { } project
            ? (await store.CreateAsync(actors.Of(context.User), project, draft, context.RequestAborted)).ToResult(made => Results.Json(made, EvaluatorsJson.Default.Evaluator, statusCode: StatusCodes.Status201Created))
            : NoProject();
    }

    private static async Task<IResult> UpdateAsync(Guid id, HttpContext context, Actors actors, EvaluatorStore store)
    {
        var (draft, refusal) = await RequestBody.ReadAsync(context.Request, EvaluatorsJson.Default.EvaluatorDraft, context.RequestAborted);
        if (draft is null) { return refusal!; }
        return Project(context, draft.Project) is { } project
            ? (await store.UpdateAsync(actors.Of(context.User), project, id, draft, context.RequestAborted)).ToResult(changed => Results.Json(changed, EvaluatorsJson.Default.Evaluator))
            : NoProject();
    }

    private static async Task<IResult> DeleteAsync(Guid id, HttpContext context, Actors actors, EvaluatorStore store) =>
        Project(context) is { } project ? (await store.DeleteAsync(actors.Of(context.User), project, id, context.RequestAborted)).ToResult(_ => Results.NoContent()) : NoProject();

    private static async Task<IResult> AgreeAsync(Guid id, HttpContext context, EvaluatorStore store, AgreementReader agreements, TimeProvider clock)
    {
        if (Project(context) is not { } project) { return NoProject(); }
        if (store.Find(project, id) is not { } evaluator) { return Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "There is no such thing, or you may not see it."); }
        try
        {
            var against = context.Request.Query["against"].ToString() is { Length: > 0 } named ? named : evaluator.Name;
            var agreement = await agreements.ReadAsync(project, ObservationFilters.Window(context.Request.Query, clock.GetUtcNow()), evaluator.Name, against, context.RequestAborted);
            return Results.Json(AgreementView.Of(agreement, against), EvaluatorsJson.Default.AgreementView);
        }
        catch (TelemetryQueryException mistake)
        {
            return Mistake(mistake);
        }
    }

    private static ProjectId? Project(HttpContext context, string? named = null) => context.User.ProjectFor(named ?? context.Request.Query["project"]);

    private static IResult Mistake(TelemetryQueryException mistake) =>
        Results.ValidationProblem(new Dictionary<string, string[]> { [mistake.Field] = [mistake.Message] }, title: "The request is not valid.");

    private static IResult NoProject() => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "There is no such project.");
}

/// <summary>An evaluator with what it did.</summary>
/// <param name="PassRate">Null when it judged nothing in the window.</param>
/// <param name="SpentUsdToday">What is reserved for calls that still run included.</param>
/// <param name="SpentTokensToday">Of calls without a known price.</param>
internal sealed record EvaluatorView(
    Evaluator Evaluator, long Judged, double? PassRate, double? PassRateLow, double? PassRateHigh, bool SmallSample, double? MeanScore,
    decimal SpentUsdToday, long SpentTokensToday, long FailedSinceStart, long OverBudgetSinceStart, long DroppedSinceStart)
{
    public static EvaluatorView Of(EvaluatorReport report) => new(
        report.Evaluator, report.Passed.Of, report.Passed.Value, report.Passed.Low, report.Passed.High, report.Passed.IsSmall, report.MeanScore,
        report.Today.Usd, report.Today.Tokens, report.Counts.Failed, report.Counts.OverBudget, report.Counts.Dropped);
}

internal sealed record EvaluatorList(ImmutableArray<EvaluatorView> Items);

/// <param name="Agreement">Share of the pairs that both judged alike.</param>
/// <param name="Kappa">Null where it says nothing: no pairs, or one of the two always said the same.</param>
internal sealed record AgreementView(
    string Against, long Pairs, double? Agreement, double? Kappa, double? KappaLow, double? KappaHigh, bool SmallSample, long BothPass, long BothFail, long OnlyEvaluatorPasses, long OnlyPeoplePass, bool Cut)
{
    public static AgreementView Of(Agreement agreement, string against) => new(
        against, agreement.Kappa.Pairs, agreement.Kappa.Agreement, agreement.Kappa.Value, agreement.Kappa.Low, agreement.Kappa.High,
        agreement.Kappa.Pairs is > 0 && agreement.Kappa.Pairs < Proportion.SmallSample, agreement.BothPass, agreement.BothFail, agreement.OnlyEvaluatorPasses, agreement.OnlyPeoplePass, agreement.IsCut);
}
