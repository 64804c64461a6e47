using System.Collections.Immutable;
using System.Security.Claims;
using System.Text.Json;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Pricing;

/// <summary><c>POST /api/v1/pricing/reprice</c>: <c>{"from","to","where":[…],"dryRun":true,"project"}</c>.</summary>
internal static class RepriceApi
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/pricing/reprice", RepriceAsync)
        .WithTags("Pricing")
        .RequireAuthorization(Policies.Administrator)
        .Produces<RepriceAnswer>()
        .WithSummary("Price stored calls again with the prices that were in force when they were made")
        .WithDescription("`{\"from\",\"to\",\"where\":[{\"field\",\"op\",\"values\"}],\"dryRun\":true}`. A dry run says how many calls would change and by how much, and changes nothing.");

    private static async Task<IResult> RepriceAsync(JsonElement body, ClaimsPrincipal user, Actors actors, PriceHistory history, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            if (user.ProjectFor(Project(body)) is not { } project)
            {
                return ((Change<RepriceResult>)Change.NotFound).ToResult(_ => Results.Ok());
            }
            var request = Read(body, project, clock.GetUtcNow());
            return (await history.RepriceAsync(actors.Of(user), request, cancellationToken))
                .ToResult(result => Results.Json(RepriceAnswer.Of(request, result), PricingJson.Default.RepriceAnswer));
        }
        catch (TelemetryQueryException mistake)
        {
            return Results.ValidationProblem(
                new Dictionary<string, string[]> { [mistake.Field] = [mistake.Message] },
                type: "https://bellwether.dev/errors/invalid_query", title: "History cannot be priced again as asked.");
        }
        catch (TimeoutException)
        {
            return Results.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable, type: "https://bellwether.dev/errors/store_behind",
                title: "The store is behind the journal: what waits there would keep its old price. Try again when it has caught up.");
        }
    }

    private static string? Project(JsonElement body) => body.ValueKind != JsonValueKind.Object
        ? throw new TelemetryQueryException("body", "A JSON object with from and to.")
        : body.TryGetProperty("project", out var project) ? Text(project, "project") : null;

    private static RepriceRequest Read(JsonElement body, ProjectId project, DateTimeOffset now)
    {
        DateTimeOffset? from = null, to = null;
        ImmutableArray<Filter> where = [];
        var dryRun = false;
        foreach (var member in body.EnumerateObject())
        {
            switch (member.Name)
            {
                case "project":
                    break;
                case "from":
                    from = Time(member.Value, "from", now);
                    break;
                case "to":
                    to = Time(member.Value, "to", now);
                    break;
                case "where" when member.Value.ValueKind == JsonValueKind.Array:
                    where = [.. member.Value.EnumerateArray().Select(QueryJson.ReadFilter)];
                    break;
                case "where":
                    throw new TelemetryQueryException("where", "A list of {\"field\",\"op\",\"values\":[…]}.");
                case "dryRun" when member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    dryRun = member.Value.GetBoolean();
                    break;
                case "dryRun":
                    throw new TelemetryQueryException("dryRun", "true or false.");
                default:
                    throw new TelemetryQueryException(member.Name, $"There is no member '{member.Name}'; there are from, to, where, dryRun, project.");
            }
        }
        return new RepriceRequest(project, new TimeRange(
            from ?? throw new TelemetryQueryException("from", "Name the start of the window."),
            to ?? throw new TelemetryQueryException("to", "Name the end of the window.")), where) { DryRun = dryRun };
    }

    private static DateTimeOffset Time(JsonElement value, string field, DateTimeOffset now) => TimeText.TryParse(Text(value, field), now, out var time)
        ? time
        : throw new TelemetryQueryException(field, "RFC 3339 such as 2026-11-23T10:00:00Z, or relative such as now-6h.");

    private static string Text(JsonElement value, string field)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new TelemetryQueryException(field, "A text.");
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate: valid JSON, no text.
            throw new TelemetryQueryException(field, "A text.");
        }
    }
}

/// <summary>Amounts in USD, of the changed calls.</summary>
internal sealed record RepriceAnswer(
    bool DryRun, DateTimeOffset From, DateTimeOffset To, long Calls, long Changed, decimal BeforeUsd, decimal AfterUsd, decimal DifferenceUsd, long NewlyPriced, long NoLongerPriced)
{
    public static RepriceAnswer Of(RepriceRequest request, RepriceResult result) => new(
        request.DryRun, request.Window.From, request.Window.To, result.Calls, result.Changed, result.BeforeUsd, result.AfterUsd, result.DifferenceUsd, result.NewlyPriced, result.NoLongerPriced);
}
