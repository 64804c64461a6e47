using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Bellwether.Exchange;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Guardrails;

/// <summary>Security events over HTTP: pages, counts, and a file of all.</summary>
internal static class SecurityEventsApi
{
    private const string Parameters = "`from`, `to`, `kind` (injection, harm, leak, pii, pattern, unknown), `action` (observe, flag, mask, hash, tokenise, route, block) `user` and `endpoint`, the last four as often as wanted";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/security").WithTags("Guardrails").RequireAuthorization(Policies.Viewer);
        group.MapGet("/events", ListAsync).WithSummary("What guards found on calls, newest first").WithDescription($"Parameters: {Parameters}; `limit` (1 to 1,000), `cursor`.").Produces<SecurityEventPage>().ProducesValidationProblem();
        group.MapGet("/events/count", CountAsync).WithSummary("Security events by kind and action").WithDescription($"Parameters: {Parameters}; `step` in seconds for buckets.").Produces<SecurityEventCounts>().ProducesValidationProblem();
        group.MapGet("/events/export", ExportAsync).WithSummary("All security events that match, as a file").WithDescription($"Parameters: {Parameters}; `format` is `jsonl` or `csv`.").Produces(StatusCodes.Status200OK).ProducesValidationProblem();
    }

    private static Task<IResult> ListAsync(HttpContext context, SecurityEvents events, TimeProvider clock) => AnswerAsync(context, clock, async query =>
    {
        var cursor = context.Request.Query["cursor"].ToString();
        var page = await events.ReadAsync(query, ObservationFilters.Limit(context.Request.Query), cursor.Length > 0 ? cursor : null, context.RequestAborted);
        return Results.Json(page, SecurityEventsJson.Default.SecurityEventPage);
    });

    private static Task<IResult> CountAsync(HttpContext context, SecurityEvents events, TimeProvider clock) => AnswerAsync(context, clock, async query =>
    {
        TimeSpan? step = context.Request.Query["step"].ToString() is not { Length: > 0 } text ? null
            : int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 31_536_000 ? TimeSpan.FromSeconds(seconds)
            : throw new TelemetryQueryException("step", "A whole number of seconds from 1.");
        var counts = await events.CountAsync(query, step, context.RequestAborted);
        return Results.Json(new SecurityEventCounts(counts), SecurityEventsJson.Default.SecurityEventCounts);
    });

    private static Task<IResult> ExportAsync(HttpContext context, SecurityEvents events, TimeProvider clock) => AnswerAsync(context, clock, async query =>
    {
        var format = context.Request.Query["format"].ToString();
        if (format is not ("" or "jsonl" or "csv"))
        {
            throw new TelemetryQueryException("format", "jsonl or csv.");
        }
        // Asked before anything is written, so that a mistake is still an answer.
        var first = await events.ReadAsync(query, SecurityEventFile.PageSize, null, context.RequestAborted);
        return Results.Stream(
            stream => SecurityEventFile.WriteAsync(stream, format == "csv", first, cursor => events.ReadAsync(query, SecurityEventFile.PageSize, cursor, context.RequestAborted), context.RequestAborted),
            format == "csv" ? "text/csv; charset=utf-8" : "application/jsonl", $"security-events.{(format == "csv" ? "csv" : "jsonl")}");
    });

    private static async Task<IResult> AnswerAsync(HttpContext context, TimeProvider clock, Func<SecurityEventQuery, Task<IResult>> answer)
    {
        var parameters = context.Request.Query;
        if (context.User.ProjectFor(parameters["project"]) is not { } project)
        {
            return Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "There is no such project.");
        }
        try
        {
            return await answer(new SecurityEventQuery(project, ObservationFilters.Window(parameters, clock.GetUtcNow()))
            {
                Kinds = Known("kind", SecurityEvents.Kinds), Actions = Known("action", GuardActions.All), Users = Given("user"), Endpoints = Given("endpoint"),
            });
        }
        catch (TelemetryQueryException mistake)
        {
            return Results.ValidationProblem(new Dictionary<string, string[]> { [mistake.Field] = [mistake.Message] }, title: "The request is not valid.");
        }

        ImmutableArray<string> Given(string name) => [.. parameters[name].Select(value => value ?? "")];

        ImmutableArray<string> Known(string name, ImmutableArray<string> known) => [.. parameters[name].Select(value => known.Contains(value ?? "") ? value!
            : throw new TelemetryQueryException(name, NearestName.Of(value ?? "", known) is { } near ? $"There is no '{name}' of that name; did you mean {near}?" : $"One of {string.Join(", ", known)}."))];
    }
}

internal sealed record SecurityEventCounts(IReadOnlyList<SecurityEventCount> Items);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SecurityEventPage))]
[JsonSerializable(typeof(SecurityEvent))]
[JsonSerializable(typeof(SecurityEventCounts))]
internal sealed partial class SecurityEventsJson : JsonSerializerContext;
