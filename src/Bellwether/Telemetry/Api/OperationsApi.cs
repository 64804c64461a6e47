using System.Collections.Immutable;
using System.Security.Claims;
using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Telemetry;

/// <summary>What an operator needs over HTTP: the product's own health, and the records that could not be stored.</summary>
internal static class OperationsApi
{
    private const int MostListed = 1_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1").WithTags("Operations");
        group.MapGet("/system", (SystemMonitor monitor) => Results.Json(monitor.Read(), TelemetryJson.Default.SystemStatus))
            .RequireAuthorization(Policies.Viewer)
            .Produces<SystemStatus>()
            .WithSummary("The product's own health: queue, journal, store lag, refusals, disk and its forecast");
        group.MapGet("/dead-letters", List)
            .RequireAuthorization(Policies.Administrator)
            .Produces<DeadLetterPage>()
            .WithSummary("Records that could not be stored, oldest first")
            .WithDescription("A key of one project sees that project's; damaged places of the journal belong to no project and are seen by operators.");
        group.MapPost("/dead-letters/replay", ReplayAsync)
            .RequireAuthorization(Policies.Administrator)
            .Produces<ReplayResponse>()
            .WithSummary("Send dead letters through the pipeline again")
            .WithDescription("`{\"ids\":[…]}`, or `{}` for all. Those that fail again come back as new dead letters.");
        group.MapDelete("/dead-letters/{id}", Discard)
            .RequireAuthorization(Policies.Administrator)
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("Discard a dead letter for good");
    }

    private static IResult List(ClaimsPrincipal user, DeadLetters letters, string? project = null, int limit = 100)
    {
        if (limit is < 1 or > MostListed)
        {
            return Results.ValidationProblem(new Dictionary<string, string[]> { ["limit"] = [$"A number from 1 to {MostListed}."] }, type: "https://bellwether.dev/errors/invalid_query");
        }
        return Scope(user, project, out var scope)
            ? Results.Json(new DeadLetterPage(letters.List(scope, limit), letters.Count), TelemetryJson.Default.DeadLetterPage)
            : NotFound();
    }

    private static async Task<IResult> ReplayAsync(HttpContext context, ReplayRequest request, DeadLetters letters, ITelemetryIntake intake)
    {
        if (!Scope(context.User, request.Project, out var scope))
        {
            return NotFound();
        }
        var ids = request.Ids ?? [.. letters.List(scope, MostListed).Where(letter => letter.Replayable).Select(letter => letter.Id)];
        var replayed = 0;
        foreach (var id in ids)
        {
            if (letters.Find(id) is not { Replayable: true } letter || !Sees(scope, letter) || letters.Open(id) is not { } record)
            {
                return Results.ValidationProblem(new Dictionary<string, string[]> { ["ids"] = [$"There is no dead letter '{id}' that can be replayed; {replayed} before it were."] },
                    type: "https://bellwether.dev/errors/no_such_dead_letter");
            }
            var result = await intake.AppendAsync(new[] { record }, context.RequestAborted);
            if (!result.Accepted)
            {
                context.Response.Headers.RetryAfter = result.Refusal.RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
                return Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, type: $"https://bellwether.dev/errors/{result.Refusal.Code}", title: result.Refusal.Message);
            }
            letters.Remove(id);
            replayed++;
        }
        context.Response.Headers["X-Bellwether-Durability"] = intake.Durability.ToString().ToLowerInvariant();
        return Results.Json(new ReplayResponse(replayed), TelemetryJson.Default.ReplayResponse);
    }

    private static IResult Discard(ClaimsPrincipal user, string id, DeadLetters letters)
    {
        if (!Scope(user, null, out var scope) || letters.Find(id) is not { } letter || !Sees(scope, letter))
        {
            return NotFound();
        }
        letters.Remove(id);
        return Results.NoContent();
    }

    // Null for all projects: an operator who names none sees what belongs to no project too.
    private static bool Scope(ClaimsPrincipal user, string? named, out ProjectId? scope)
    {
        scope = null;
        if (string.IsNullOrEmpty(named) && user.MaySeeAllProjects())
        {
            return true;
        }
        scope = user.ProjectFor(named);
        return scope is not null;
    }

    private static bool Sees(ProjectId? scope, DeadLetter letter) => scope is null || letter.Project == scope.Value.Value;

    private static IResult NotFound() =>
        Results.Problem(statusCode: StatusCodes.Status404NotFound, type: "https://bellwether.dev/errors/not_found", title: "There is no such dead letter or project.");
}

/// <param name="Total">Dead letters of all projects.</param>
internal sealed record DeadLetterPage(ImmutableArray<DeadLetter> Items, int Total);

/// <param name="Ids">Null for all that can be replayed, at most 1,000 at once.</param>
internal sealed record ReplayRequest(ImmutableArray<string>? Ids = null, string? Project = null);

internal sealed record ReplayResponse(int Replayed);
