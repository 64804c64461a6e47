using System.Collections.Immutable;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Quality;

/// <summary>Satisfaction of a period over HTTP.</summary>
internal static class SatisfactionApi
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/quality/satisfaction", ReadAsync).WithTags("Quality").RequireAuthorization(Policies.Viewer)
        .WithSummary("How satisfied users were in a period, with 95 % intervals").WithDescription(
            "Parameters: `from`, `to` (24 hours when not said), `user` (who said it) and any filter of the calls, such as `endpoint` or `model`; each may be repeated. "
            + "Rates are 0 to 1 and `nps` is -100 to 100; `value`, `low` and `high` are null where nobody said anything, and `small_sample` warns of fewer than 30.")
        .Produces<SatisfactionView>().ProducesValidationProblem();

    private static async Task<IResult> ReadAsync(HttpContext context, SatisfactionReader reader, TimeProvider clock)
    {
        var parameters = context.Request.Query;
        if (context.User.ProjectFor(parameters["project"]) is not { } project)
        {
            return Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "There is no such project.");
        }
        try
        {
            var window = ObservationFilters.Window(parameters, clock.GetUtcNow());
            var filter = ObservationFilters.Read(parameters);
            if (filter.Text is not null)
            {
                throw new TelemetryQueryException("q", "Free text cannot be looked for here; use fields such as model:gpt-4o.");
            }
            var users = filter.Where.Where(IsUser).SelectMany(user => user.Values).ToImmutableArray();
            var request = new SatisfactionRequest(project, window) { Where = [.. filter.Where.Where(other => !IsUser(other))], Users = users };
            return Results.Json(SatisfactionView.Of(window, await reader.ReadAsync(request, context.RequestAborted)), QualityJson.Default.SatisfactionView);
        }
        catch (TelemetryQueryException mistake)
        {
            return Results.ValidationProblem(new Dictionary<string, string[]> { [mistake.Field] = [mistake.Message] }, title: "The request is not valid.");
        }
    }

    private static bool IsUser(Filter filter) => filter is { Field: "user", Op: FilterOp.Eq or FilterOp.In };
}

/// <param name="Of">Votes, or signs of an outcome, that it rests on.</param>
/// <param name="SmallSample">Fewer than 30: do not lean on it.</param>
internal sealed record RateView(double? Value, double? Low, double? High, long Of, bool SmallSample)
{
    public static RateView From(Proportion share) => new(Rounded(share.Value), Rounded(share.Low), Rounded(share.High), share.Of, share.IsSmall);

    internal static double? Rounded(double? value) => value is { } number ? Math.Round(number, 6) : null;
}

/// <summary>The answer of the satisfaction endpoint.</summary>
internal sealed record SatisfactionView(DateTimeOffset From, DateTimeOffset To, RateView Nps, RateView SatisfactionRate, RateView ResolutionRate, long Up, long Down, long Resolved, long Unresolved)
{
    public static SatisfactionView Of(TimeRange window, SatisfactionReport report) => new(
        window.From, window.To,
        new(RateView.Rounded(report.Nps?.Value), RateView.Rounded(report.Nps?.Low), RateView.Rounded(report.Nps?.High), report.Votes.Of, report.Votes.IsSmall),
        RateView.From(report.Votes), RateView.From(report.Outcomes),
        report.Votes.Hits, report.Votes.Of - report.Votes.Hits, report.Outcomes.Hits, report.Outcomes.Of - report.Outcomes.Hits);
}
