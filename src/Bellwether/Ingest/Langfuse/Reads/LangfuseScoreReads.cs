using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// Scores in the first three versions of the API: everything that others said of steps, traces and sessions, in whatever dialect; what the product itself
/// found is left out.
/// </summary>
internal sealed class LangfuseScoreReads(TelemetryReader reader, StoredBefore stored)
{
    // Conditions that the store does not know are asked of so many.
    private const int MostLooked = 10_000;
    private const int MostSteps = 1_000;

    /// <summary><c>GET /api/public/scores</c> and <c>/v2/scores</c>: pages by number.</summary>
    public async Task<JsonNode> ListAsync(LangfuseCall call)
    {
        call.Allow("page", "limit", "name", "fromTimestamp", "toTimestamp", "source", "scoreIds", "traceId", "sessionId", "observationId", "dataType", "operator", "value", "fields");
        var paging = call.Paging();
        var fields = call.Fields("score", "trace");
        var query = Query(call, "scoreIds");
        var fits = LangfuseScoreFilter.Of(call);
        await stored.WaitAsync(call.Aborted);
        IReadOnlyList<Annotation> page;
        long total;
        if (fits is null)
        {
            total = (await reader.CountAnnotationsAsync(query, null, call.Aborted)).Sum(count => count.Total);
            page = await ReadAsync(query, (paging.Page - 1) * paging.Limit, paging.Limit, call.Aborted);
        }
        else
        {
            var found = (await ReadAsync(query, 0, MostLooked + 1, call.Aborted)).ToList();
            if (found.Count > MostLooked)
            {
                throw LangfuseDoor.Invalid("fromTimestamp", $"or a name is needed: dataType and value are asked of at most {MostLooked} scores");
            }
            found.RemoveAll(said => !fits(said));
            total = found.Count;
            page = [.. found.Skip((paging.Page - 1) * paging.Limit).Take(paging.Limit)];
        }
        return LangfusePage.Numbered(await WriteAsync(call, page, fields is null || fields.Contains("trace")), paging, total);
    }

    /// <summary><c>GET /api/public/v3/scores</c>: behind a cursor, with groups of fields.</summary>
    public async Task<JsonNode> ListV3Async(LangfuseCall call)
    {
        call.Allow("limit", "cursor", "fields", "id", "name", "source", "authorUserId", "traceId", "sessionId", "observationId", "fromTimestamp", "toTimestamp");
        var limit = call.Limit();
        var fields = call.Fields("details", "subject", "annotation");
        var query = Query(call, "id") with { Authors = call.List("authorUserId") };
        await stored.WaitAsync(call.Aborted);
        var page = await reader.ReadAnnotationsAsync(new AnnotationPageRequest(query, limit) { Cursor = LangfuseView.Known(call.Text("cursor")) }, call.Aborted);
        var steps = await StepsAsync(call.Project, page.Items, call.Aborted);
        return LangfusePage.Behind(page.Items.Select(said => LangfuseScoreJson.WriteV3(said, steps.Of(said), fields)), limit, page.Next);
    }

    public async Task<JsonNode> GetAsync(LangfuseCall call)
    {
        call.Allow();
        var name = call.Route("id");
        await stored.WaitAsync(call.Aborted);
        var found = await ReadAsync(new AnnotationQuery(call.Project, AnnotationQuery.AllTime) { Ids = [LangfuseIds.Score(call.Project, name)], OthersOnly = true }, 0, 1, call.Aborted);
        var score = found is [var said] ? (JsonObject)(await WriteAsync(call, [said], withTrace: true))[0] : throw LangfuseDoor.NotFound($"Score {JsonFields.Short(name, 100)}");
        score["id"] = name;
        return score;
    }

    /// <summary>What was said of these traces, and of these steps of theirs.</summary>
    public async Task<IReadOnlyList<Annotation>> OfTracesAsync(ProjectId project, IEnumerable<string> traces, IReadOnlyList<Observation> steps, CancellationToken cancellationToken)
    {
        ImmutableArray<string> named = [.. traces.Where(trace => trace.Length > 0).Distinct()];
        var ofTraces = named.IsEmpty ? [] : await ReadAsync(new AnnotationQuery(project, AnnotationQuery.AllTime) { Traces = named, OthersOnly = true }, 0, MostLooked, cancellationToken);
        var ofSteps = await RunWords.OfAsync(reader, project, steps, cancellationToken);
        return [.. ofTraces.Concat(steps.SelectMany(ofSteps.Of)).DistinctBy(said => said.Id)];
    }

    private static AnnotationQuery Query(LangfuseCall call, string ids) => new(call.Project, call.Window("fromTimestamp", "toTimestamp"))
    {
        OthersOnly = true,
        Ids = [.. call.List(ids).Select(id => LangfuseIds.Score(call.Project, id))],
        Names = call.List("name"),
        Sources = [.. call.List("source").SelectMany(Sources).Distinct()],
        Traces = [.. call.List("traceId").Select(LangfuseIds.TraceId)],
        Sessions = call.List("sessionId"),
        Observations = [.. call.List("observationId").SelectMany(id => LangfuseIds.Targets(call.Project, id))],
    };

    private static IEnumerable<string> Sources(string source) => source.ToUpperInvariant() switch
    {
        "API" => ["user", "implicit"],
        "EVAL" => ["evaluator", "validator"],
        "ANNOTATION" => ["human"],
        _ => throw LangfuseDoor.Invalid("source", "must be API, EVAL or ANNOTATION"),
    };

    private Task<IReadOnlyList<Annotation>> ReadAsync(AnnotationQuery query, int offset, int limit, CancellationToken cancellationToken) =>
        OffsetPages.ReadAsync(offset, limit, async (cursor, size) =>
        {
            var page = await reader.ReadAnnotationsAsync(new AnnotationPageRequest(query, size) { Cursor = cursor }, cancellationToken);
            return (page.Items, page.Next);
        });

    private async Task<List<JsonNode>> WriteAsync(LangfuseCall call, IReadOnlyList<Annotation> scores, bool withTrace)
    {
        var steps = await StepsAsync(call.Project, scores, call.Aborted);
        var roots = steps.Steps.Where(step => step.TraceId.Length > 0 && step.ParentId.Length == 0).DistinctBy(step => step.TraceId).ToDictionary(step => step.TraceId);
        var written = new List<JsonNode>();
        foreach (var said in scores)
        {
            var step = steps.Of(said);
            var score = LangfuseScoreJson.Write(said, step);
            if (withTrace)
            {
                var root = roots.GetValueOrDefault(step?.TraceId ?? said.TraceId) ?? step;
                score["trace"] = root is null ? null : LangfuseScoreJson.Trace(root);
            }
            written.Add(score);
        }
        return written;
    }

    // The steps that scores are of, and the roots of their traces; of very long traces the newest steps.
    private async Task<ScoredSteps> StepsAsync(ProjectId project, IReadOnlyList<Annotation> scores, CancellationToken cancellationToken)
    {
        ImmutableArray<string> ids = [.. scores.Select(said => said.ObservationId).Where(id => id != Guid.Empty).Distinct().Select(id => id.ToString())];
        var byId = ids.IsEmpty ? [] : (await reader.ReadPageAsync(new ObservationPageRequest(project, AnnotationQuery.AllTime, MostSteps) { Where = [new Filter("id", FilterOp.In, ids)] }, cancellationToken)).Items;
        ImmutableArray<string> traces = [.. scores.Select(said => said.TraceId).Concat(byId.Select(step => step.TraceId)).Where(trace => trace.Length > 0).Distinct()];
        var byTrace = traces.IsEmpty ? [] : (await reader.ReadPageAsync(new ObservationPageRequest(project, AnnotationQuery.AllTime, MostSteps) { Where = [new Filter("trace_id", FilterOp.In, traces)] }, cancellationToken)).Items;
        return new ScoredSteps([.. byTrace.Concat(byId).DistinctBy(step => step.Id)]);
    }
}
