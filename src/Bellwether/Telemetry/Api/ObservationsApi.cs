using System.Security.Claims;
using System.Text.Json;
using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Telemetry;

/// <summary>Observations and queries over HTTP. A project that the caller may not see is answered like one that does not exist.</summary>
internal static class ObservationsApi
{
    /// <summary>What the parameters of lists are, for the API's description.</summary>
    internal const string Filters = "Any field of the search line is a parameter: `model=gpt-4o`, repeated for any of, `-state=ok` to exclude, `latency_ms=>500` to compare; `q` takes a whole search line; `from` and `to` are RFC 3339 or `now-6h` (default: the last 24 hours).";

    /// <summary>The parameters that every list has.</summary>
    internal static readonly QueryParameter[] Window =
    [
        new("from", "RFC 3339, or relative such as `now-6h`; 24 hours before `to` when not said"), new("to", "As `from`; now when not said"),
        new("q", "A whole search line, as in the dashboard"), new("project", "Another project than the key's own"),
    ];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1").WithTags("Telemetry").RequireAuthorization(Policies.Viewer);
        group.MapGet("/observations", ListAsync).WithSummary("A page of observations, newest first").WithDescription(Filters + " `next` is the `cursor` of the next page, null on the last.")
            .Produces(StatusCodes.Status200OK, contentType: "application/json").ProducesValidationProblem().WithMetadata([.. Window,
                new QueryParameter("limit", "1 to 1,000; 50 when not said"), new QueryParameter("cursor", "`next` of the page before")]);
        group.MapGet("/observations/count", CountAsync).WithSummary("How many committed observations match").WithDescription(Filters)
            .Produces(StatusCodes.Status200OK, contentType: "application/json").ProducesValidationProblem().WithMetadata([.. Window]);
        group.MapGet("/observations/{id:guid}", ReadAsync).WithSummary("One observation with its texts and annotations")
            .Produces(StatusCodes.Status200OK, contentType: "application/json").ProducesProblem(StatusCodes.Status404NotFound).WithMetadata(Window[^1]);
        group.MapPost("/query", QueryAsync).WithSummary("Run a telemetry query").WithDescription(
            "`{\"from\":\"now-24h\",\"measures\":[\"count\",\"latency_p95\"],\"by\":[\"model\"],\"where\":[{\"field\":\"state\",\"op\":\"eq\",\"values\":[\"ok\"]}],\"step\":\"PT1H\",\"limit\":10}`. Null values mean that there is no data.")
            .Produces(StatusCodes.Status200OK, contentType: "application/json").ProducesValidationProblem();
        group.MapPost("/observations/erase", EraseAsync).RequireAuthorization(Policies.Administrator).WithSummary("Erase what the filters match, texts and annotations included")
            .WithDescription("`{\"from\",\"to\",\"where\":[…]}`; filters are required. Answers `{\"erased\":n,\"copies\":{\"exports\":n,\"sinks\":n}}`.")
            .Produces(StatusCodes.Status200OK, contentType: "application/json").ProducesValidationProblem().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static Task<IResult> ListAsync(HttpContext context, TelemetryReader reader, TimeProvider clock) => Guarded(context, async project =>
    {
        var parameters = context.Request.Query;
        var filter = ObservationFilters.Read(parameters);
        var request = new ObservationPageRequest(project, ObservationFilters.Window(parameters, clock.GetUtcNow()), ObservationFilters.Limit(parameters))
        {
            Where = filter.Where,
            Text = filter.Text,
            Cursor = parameters["cursor"].ToString() is { Length: > 0 } cursor ? cursor : null,
        };
        var page = await reader.ReadPageAsync(request, context.RequestAborted);
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("items");
            foreach (var item in page.Items)
            {
                ObservationJson.Write(json, item);
            }
            json.WriteEndArray();
            json.WriteString("next", page.Next);
            json.WriteEndObject();
        });
    });

    private static Task<IResult> CountAsync(HttpContext context, TelemetryReader reader, TimeProvider clock) => Guarded(context, async project =>
    {
        var window = ObservationFilters.Window(context.Request.Query, clock.GetUtcNow());
        var total = await reader.CountAsync(project, window, ObservationFilters.Read(context.Request.Query), context.RequestAborted);
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("total", total);
            json.WriteEndObject();
        });
    });

    private static Task<IResult> ReadAsync(HttpContext context, Guid id, TelemetryReader reader) => Guarded(context, async project =>
        await reader.ReadAsync(project, id, context.RequestAborted) is { } detail
            ? new JsonAnswer(json => ObservationJson.Write(json, detail))
            : Results.Problem(statusCode: StatusCodes.Status404NotFound, type: "https://bellwether.dev/errors/not_found", title: "There is no such observation."));

    private static Task<IResult> QueryAsync(HttpContext context, JsonElement body, TelemetryReader reader, TimeProvider clock) => Guarded(context, async project =>
    {
        var query = QueryJson.Read(body, project, clock.GetUtcNow());
        var result = await reader.QueryAsync(query, context.RequestAborted);
        return new JsonAnswer(json => QueryJson.Write(json, query, result));
    }, Named(body));

    private static Task<IResult> EraseAsync(HttpContext context, JsonElement body, TelemetryEraser eraser, TimeProvider clock) => Guarded(context, async project =>
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("where", out var where) || where.ValueKind != JsonValueKind.Array || where.GetArrayLength() == 0)
        {
            throw new TelemetryQueryException("where", "Name at least one filter: without one a whole project would go.");
        }
        var now = clock.GetUtcNow();
        var window = new TimeRange(Time("from", DateTimeOffset.MinValue), Time("to", DateTimeOffset.MaxValue));
        ErasureResult erased;
        try
        {
            erased = await eraser.EraseAsync(new EraseRequest(project, window, [.. where.EnumerateArray().Select(QueryJson.ReadFilter)]), context.RequestAborted);
        }
        catch (IOException)
        {
            context.Response.Headers.RetryAfter = "10";
            return Results.Problem("Copies are left (attachments, dead letters, exports or outboxes of sinks): their disk fails. Ask again.", statusCode: StatusCodes.Status503ServiceUnavailable, title: "The erasure is not complete.");
        }
        return new JsonAnswer(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("erased", erased.Observations);
            json.WriteStartObject("copies");
            foreach (var (name, count) in erased.Copies)
            {
                json.WriteNumber(name, count);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        });

        DateTimeOffset Time(string name, DateTimeOffset fallback) => !body.TryGetProperty(name, out var text) ? fallback
            : text.ValueKind == JsonValueKind.String && TimeText.TryParse(text.GetString()!, now, out var time) ? time
            : throw new TelemetryQueryException(name, "RFC 3339 such as 2026-11-23T10:00:00Z, or relative such as now-6h.");
    }, Named(body));

    private static string? Named(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("project", out var project) && project.ValueKind == JsonValueKind.String ? project.GetString() : null;

    /// <summary>Finds the project, and turns a mistake in the question into a problem that names the field.</summary>
    internal static async Task<IResult> Guarded(HttpContext context, Func<ProjectId, Task<IResult>> answer, string? named = null)
    {
        if (context.User.ProjectFor(named ?? context.Request.Query["project"]) is not { } project)
        {
            return Results.Problem(statusCode: StatusCodes.Status404NotFound, type: "https://bellwether.dev/errors/not_found", title: "There is no such project.");
        }
        try
        {
            return await answer(project);
        }
        catch (TelemetryQueryException mistake)
        {
            return Results.ValidationProblem(
                new Dictionary<string, string[]> { [mistake.Field] = [mistake.Message] },
                type: "https://bellwether.dev/errors/invalid_query", title: "The question cannot be answered as asked.");
        }
    }

    /// <summary>An answer that is written as it is read, without objects in between.</summary>
    private sealed class JsonAnswer(Action<Utf8JsonWriter> write) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            await using var json = new Utf8JsonWriter(httpContext.Response.BodyWriter);
            write(json);
            await json.FlushAsync(httpContext.RequestAborted);
        }
    }
}
