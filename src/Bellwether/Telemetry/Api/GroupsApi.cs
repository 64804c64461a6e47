using System.Text.Json.Serialization;
using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Telemetry;

/// <summary>Sessions and end users over HTTP, as the pages list them.</summary>
internal static class GroupsApi
{
    private const string Counted = " Steps of chains make one seen; calls, errors, tokens and cost are those of model calls. `next` is the `cursor` of the next page, null on the last. ";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1").WithTags("Telemetry").RequireAuthorization(Policies.Viewer);
        QueryParameter[] parameters = [.. ObservationsApi.Window, new("limit", "1 to 1,000; 50 when not said"), new("cursor", "`next` of the page before")];
        group.MapGet("/sessions", SessionsAsync).WithSummary("A page of sessions, last seen first").WithDescription("Needs no `x-api-key`, with which this path is LangSmith's." + Counted + ObservationsApi.Filters)
            .Produces<SessionList>().ProducesValidationProblem().WithMetadata([.. parameters]);
        group.MapGet("/end-users", EndUsersAsync).WithSummary("A page of the users that calls name, last seen first").WithDescription("These are your application's users, not those who sign in here." + Counted + ObservationsApi.Filters)
            .Produces<EndUserList>().ProducesValidationProblem().WithMetadata([.. parameters]);
    }

    private static Task<IResult> SessionsAsync(HttpContext context, GroupReader groups, TimeProvider clock) => ObservationsApi.Guarded(context, async project =>
    {
        var page = await ReadAsync(context, groups, clock, project, GroupReader.Session);
        return Results.Json(new SessionList([.. page.Rows.Select(row => new SessionView(row.Name, row.LastSeen, row.Calls, row.Errors, row.Tokens, row.CostUsd, row.Unpriced, row.Others))], page.Next), TelemetryJson.Default.SessionList);
    });

    private static Task<IResult> EndUsersAsync(HttpContext context, GroupReader groups, TimeProvider clock) => ObservationsApi.Guarded(context, async project =>
    {
        var page = await ReadAsync(context, groups, clock, project, GroupReader.User);
        return Results.Json(new EndUserList([.. page.Rows.Select(row => new EndUserView(row.Name, row.LastSeen, row.Calls, row.Errors, row.Tokens, row.CostUsd, row.Unpriced, row.Others))], page.Next), TelemetryJson.Default.EndUserList);
    });

    private static Task<GroupPage> ReadAsync(HttpContext context, GroupReader groups, TimeProvider clock, ProjectId project, string field)
    {
        var parameters = context.Request.Query;
        return groups.ReadAsync(
            project, ObservationFilters.Window(parameters, clock.GetUtcNow()), ObservationFilters.Read(parameters), field, ObservationFilters.Limit(parameters),
            parameters["cursor"].ToString() is { Length: > 0 } cursor ? cursor : null, context.RequestAborted);
    }
}

/// <param name="Next">The cursor of the next page; null on the last.</param>
internal sealed record SessionList(SessionView[] Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Next);

/// <param name="Users">How many users its calls name.</param>
/// <param name="Unpriced">Calls with usage but without a known price.</param>
internal sealed record SessionView(
    string Session, DateTimeOffset LastSeen, double Calls, double Errors, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? TotalTokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? CostUsd, double Unpriced, double Users);

/// <param name="Next">The cursor of the next page; null on the last.</param>
internal sealed record EndUserList(EndUserView[] Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Next);

/// <param name="Sessions">How many sessions the user's calls name.</param>
/// <param name="Unpriced">Calls with usage but without a known price.</param>
internal sealed record EndUserView(
    string User, DateTimeOffset LastSeen, double Calls, double Errors, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? TotalTokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? CostUsd, double Unpriced, double Sessions);
