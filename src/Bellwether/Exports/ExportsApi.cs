using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Bellwether.Exports;

/// <summary>Exports over HTTP: ask for one, see how far it is, fetch the file in as many pieces as one likes.</summary>
internal static class ExportsApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1").WithTags("Exports").RequireAuthorization(Policies.Viewer);
        group.MapPost("/exports", CreateAsync).WithSummary("Export every observation that matches").WithDescription(
            "`{\"format\":\"jsonl\"|\"parquet\",\"from\":\"now-7d\",\"to\":\"now\",\"q\":\"model:gpt-4o state:ok\",\"texts\":false}`. `q` is a search line, empty for all. Answers 202 with the export; it goes on after a restart.")
            .Accepts<ExportRequest>("application/json").Produces<Export>(StatusCodes.Status202Accepted).ProducesValidationProblem();
        group.MapGet("/exports", List).WithSummary("The project's exports, newest first").Produces<ExportList>();
        group.MapGet("/exports/{id:guid}", Read).WithSummary("How far an export is").Produces<Export>();
        group.MapGet("/exports/{id:guid}/file", Fetch).WithSummary("The file of a finished export; takes Range").Produces(StatusCodes.Status200OK).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status410Gone);
        group.MapDelete("/exports/{id:guid}", Delete).WithSummary("Stop an export, or remove its file");
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ExportStore exports, ExportWorker worker, IOptions<ExportsOptions> options, TimeProvider clock)
    {
        var (request, refusal) = await RequestBody.ReadAsync(context.Request, ExportJson.Default.ExportRequest, context.RequestAborted);
        if (request is null)
        {
            return refusal!;
        }
        if (context.User.ProjectFor(request.Project ?? context.Request.Query["project"]) is not { } project)
        {
            return NotFound();
        }
        var now = clock.GetUtcNow();
        var (from, to) = (now - TimeSpan.FromDays(1), now);
        FilterProblem? problem = null;
        var errors = new FieldErrors()
            .Check(request.Format is "jsonl" or "parquet", "format", "must be jsonl or parquet")
            .Check(string.IsNullOrEmpty(request.From) || TimeText.TryParse(request.From, now, out from), "from", "must be RFC 3339 such as 2026-11-23T10:00:00Z, or relative such as now-6h")
            .Check(string.IsNullOrEmpty(request.To) || TimeText.TryParse(request.To, now, out to), "to", "must be RFC 3339 such as 2026-11-23T10:00:00Z, or relative such as now-6h")
            .Check(from < to, "from", "must be before to")
            .Check(FilterSyntax.TryParse(request.Q ?? "", out _, out problem), "q", problem?.Message ?? "");
        if (errors.Any)
        {
            return Results.ValidationProblem(errors.ToChange().Errors.ToDictionary(), title: "The request is not valid.");
        }
        var export = new Export
        {
            Id = Guid.CreateVersion7(now), Project = project.Value, Format = request.Format == "parquet" ? ExportFormat.Parquet : ExportFormat.Jsonl, From = from, To = to,
            Q = request.Q ?? "", Texts = request.Texts ?? false, CreatedAt = now,
        };
        try
        {
            if (!exports.TryAdd(export, options.Value.MostPerProject))
            {
                return Results.Problem($"The project has {options.Value.MostPerProject} exports; remove one first.", statusCode: StatusCodes.Status409Conflict);
            }
        }
        catch (IOException)
        {
            context.Response.Headers.RetryAfter = "10";
            return Results.Problem("The disk does not take the export. Make room, then ask again.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        worker.Wake();
        return Results.Json(export, ExportJson.Default.Export, statusCode: StatusCodes.Status202Accepted);
    }

    private static IResult List(HttpContext context, ExportStore exports) =>
        context.User.ProjectFor(context.Request.Query["project"]) is { } project ? Results.Json(new ExportList(exports.Of(project)), ExportJson.Default.ExportList) : NotFound();

    private static IResult Read(HttpContext context, Guid id, ExportStore exports) =>
        Find(context, id, exports) is { } export ? Results.Json(export, ExportJson.Default.Export) : NotFound();

    private static IResult Fetch(HttpContext context, Guid id, ExportStore exports)
    {
        if (Find(context, id, exports) is not { } export)
        {
            return NotFound();
        }
        if (export.State == ExportState.Erased)
        {
            return Results.Problem(export.Problem, statusCode: StatusCodes.Status410Gone);
        }
        if (export.State != ExportState.Done)
        {
            return Results.Problem(export.State == ExportState.Failed ? export.Problem : "The export is not finished.", statusCode: StatusCodes.Status409Conflict);
        }
        var (type, kind) = export.Format == ExportFormat.Parquet ? ("application/vnd.apache.parquet", "parquet") : ("application/jsonl", "jsonl");
        // The id is its version: a file never changes once it is there, so that pieces that are fetched apart fit together.
        return Results.File(exports.FilePath(export), type, $"observations-{export.Id}.{kind}", export.FinishedAt, new EntityTagHeaderValue($"\"{export.Id}\""), enableRangeProcessing: true);
    }

    private static IResult Delete(HttpContext context, Guid id, ExportStore exports)
    {
        if (Find(context, id, exports) is not { } export)
        {
            return NotFound();
        }
        exports.Remove(export);
        return Results.NoContent();
    }

    // Whoever may not see a project gets the answer of what does not exist.
    private static Export? Find(HttpContext context, Guid id, ExportStore exports) =>
        exports.Find(id) is { } export && context.User.ProjectFor(export.Project) is { } project ? exports.Find(project, id) : null;

    private static IResult NotFound() => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "There is no such export, or you may not see it.");
}
