using System.Text.Json.Serialization;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Guardrails;

/// <summary><c>POST /api/v1/guardrails/replay</c>: what a policy would have done.</summary>
internal static class GuardReplayApi
{
    private const int UsualLimit = 1_000;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/v1/guardrails/replay", ReplayAsync).WithTags("Guardrails").RequireAuthorization(Policies.Viewer)
        .WithSummary("What a guard policy would have done to stored calls")
        .WithDescription("`{policy | policy_id, from?, to?, limit?}`: a policy as `/api/v1/guardrails/policies` takes it, or the id of one that is there; the last 7 days and 1,000 calls when not said, at most 5,000. Newest first. Nothing is changed. `rate` is the share of the calls that could be read.")
        .Accepts<GuardReplayRequest>("application/json").Produces<GuardReplayResult>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> ReplayAsync(HttpContext context, GuardReplay replay, GuardPolicies policies, TimeProvider clock)
    {
        var (request, refusal) = await RequestBody.ReadAsync(context.Request, GuardReplayJson.Default.GuardReplayRequest, context.RequestAborted);
        if (request is null)
        {
            return refusal!;
        }
        if (context.User.ProjectFor(request.Project ?? context.Request.Query["project"]) is not { } project)
        {
            return Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "There is no such project.");
        }
        var now = clock.GetUtcNow();
        var (from, to) = (now - TimeSpan.FromDays(7), now);
        var errors = new FieldErrors()
            .Check(request.Policy is null != request.PolicyId is null, "policy", "or policy_id is needed, and only one of them")
            .Check(string.IsNullOrEmpty(request.From) || TimeText.TryParse(request.From, now, out from), "from", "must be RFC 3339 such as 2026-11-23T10:00:00Z, or relative such as now-6h")
            .Check(string.IsNullOrEmpty(request.To) || TimeText.TryParse(request.To, now, out to), "to", "must be RFC 3339 such as 2026-11-23T10:00:00Z, or relative such as now-6h")
            .Check(from < to, "from", "must be before to")
            .Check(request.Limit is null || (request.Limit >= 1 && request.Limit <= GuardReplay.MostCalls), "limit", $"must be 1 to {GuardReplay.MostCalls}");
        var policy = request.PolicyId is { } id ? policies.Find(project, id) : null;
        errors.Check(request.PolicyId is null || policy is not null, "policy_id", "is not the id of a policy of this project");
        if (request.Policy is { } body)
        {
            var read = GuardPolicyReader.Read(body with { Name = body.Name ?? "Replay" }, "replay", project, 0);
            policy = read.Value;
            foreach (var (field, problems) in read.Errors)
            {
                errors.Check(false, "policy." + field, string.Join("; ", problems));
            }
        }
        if (errors.Any)
        {
            return Results.ValidationProblem(errors.ToChange().Errors.ToDictionary(), title: "The request is not valid.");
        }
        return await replay.RunAsync(policy!, new TimeRange(from, to), request.Limit ?? UsualLimit, context.RequestAborted) is { } result
            ? Results.Json(result, GuardReplayJson.Default.GuardReplayResult)
            : Results.Problem("Too many replays wait for their turn. Try again in a minute.", statusCode: StatusCodes.Status429TooManyRequests);
    }
}

/// <summary>The body of <c>POST /api/v1/guardrails/replay</c>.</summary>
internal sealed record GuardReplayRequest(GuardPolicyBody? Policy, string? PolicyId, string? From, string? To, int? Limit, string? Project);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(GuardReplayRequest))]
[JsonSerializable(typeof(GuardReplayResult))]
internal sealed partial class GuardReplayJson : JsonSerializerContext;
