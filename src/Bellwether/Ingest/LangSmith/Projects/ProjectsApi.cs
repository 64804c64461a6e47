using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary><c>/sessions</c>: projects and experiments, which are projects with a reference dataset.</summary>
internal sealed class ProjectsApi(LangSmithProjects projects, TelemetryReader reader, TelemetryEraser eraser, StoredBefore stored)
{
    private static readonly string[] s_kept = ["description", "extra", "end_time", "reference_dataset_id", "default_dataset_id", "num_examples", "num_repetitions", "evaluator_keys", "tag_value_ids", "trace_tier"];

    // LangSmith counts traces in a project, by their roots; tokens and costs are those of all steps.
    private static readonly ImmutableArray<Measure> s_ofRoots = [Measure.Count, Measure.ErrorRate, Measure.LatencyP50, Measure.LatencyP99, Measure.LastSeen];
    private static readonly ImmutableArray<Measure> s_ofSteps = [Measure.TtftP50, Measure.TtftP99, Measure.InputTokens, Measure.OutputTokens, Measure.TotalTokens, Measure.CostUsd];

    public async Task<LangSmithAnswer> CreateAsync(LangSmithCall call)
    {
        var body = call.Object();
        var name = LangSmithCall.Text(body, "name");
        if (name.Length is 0 or > LangSmithProjects.LongestName)
        {
            throw LangSmithRefusal.Invalid("name", $"must be a text of 1 to {LangSmithProjects.LongestName} characters");
        }
        var kept = Kept(body);
        if (!await projects.AddAsync(call.Project, LangSmithCall.Id(body, "id"), name, kept, call.Aborted))
        {
            var there = projects.Find(call.Project, name);
            if (!call.Flag("upsert") || there is null)
            {
                throw LangSmithRefusal.Conflict($"Session already exists: there is a project with this name or id ({JsonFields.Short(name, 100)}).");
            }
            var merged = there.Body();
            JsonFields.Overlay(merged, kept);
            return new(Write(await projects.SaveAsync(there, merged, call.Aborted)));
        }
        return new(Write(projects.Find(call.Project, name)!));
    }

    public async Task<LangSmithAnswer> ListAsync(LangSmithCall call)
    {
        var ids = call.Ids("id").ToHashSet();
        var name = call.Parameter("name");
        var contains = call.Parameter("name_contains");
        var datasets = call.Ids("reference_dataset").ToHashSet();
        var free = call.Parameter("reference_free").Length > 0 ? call.Flag("reference_free") : (bool?)null;
        var metadata = Metadata(call.Parameter("metadata"));
        var found = projects.Of(call.Project)
            .Where(project => (ids.Count == 0 || ids.Contains(project.Id)) && (name.Length == 0 || project.Name == name) && project.Name.Contains(contains, StringComparison.OrdinalIgnoreCase))
            .Where(project => (datasets.Count == 0 && free is null && metadata is null) || Fits(project.Body(), datasets, free, metadata))
            .Skip(call.Offset()).Take(call.Limit()).ToList();
        var stats = call.Flag("include_stats");
        var items = new JsonArray();
        foreach (var project in found)
        {
            items.Add((JsonNode)(stats ? await WithStatsAsync(project, call.Aborted) : Write(project)));
        }
        return new(items);
    }

    public async Task<LangSmithAnswer> ReadAsync(LangSmithCall call)
    {
        var project = Known(call);
        return new(call.Flag("include_stats") ? await WithStatsAsync(project, call.Aborted) : Write(project));
    }

    /// <summary>Null means "leave it".</summary>
    public async Task<LangSmithAnswer> ChangeAsync(LangSmithCall call)
    {
        var project = Known(call);
        var body = call.Object();
        if (LangSmithCall.Text(body, "name") is { Length: > 0 } name && name != project.Name)
        {
            throw LangSmithRefusal.Invalid("name", "a project cannot be renamed: its runs are kept under its name");
        }
        var merged = project.Body();
        foreach (var (field, value) in Kept(body))
        {
            merged[field] = value?.DeepClone();
        }
        return new(Write(await projects.SaveAsync(project, merged, call.Aborted)));
    }

    /// <summary>The project with its runs, which only an administrator may erase.</summary>
    public async Task<LangSmithAnswer> DeleteAsync(LangSmithCall call)
    {
        var project = Known(call);
        if (call.Key.Role < Role.Administrator && await CountAsync(project, call.Aborted) > 0)
        {
            throw new LangSmithRefusal(StatusCodes.Status403Forbidden, "forbidden", "Deleting a project erases its runs, which needs a key with the role administrator.");
        }
        await eraser.EraseAsync(new EraseRequest(call.Project, AnnotationQuery.AllTime, [Filter.Eq("endpoint", project.Name), Filter.Eq("surface", "langsmith")]), call.Aborted);
        await projects.RemoveAsync(project, call.Aborted);
        return new(null, StatusCodes.Status202Accepted);
    }

    private ClientDocument Known(LangSmithCall call)
    {
        var id = call.RouteId("id");
        return projects.Find(call.Project, id) ?? throw LangSmithRefusal.NotFound($"Project {id}");
    }

    private static JsonObject Kept(JsonObject body)
    {
        LangSmithCall.Id(body, "reference_dataset_id");
        LangSmithCall.Time(body, "end_time");
        LangSmithCall.Text(body, "description");
        LangSmithCall.Fields(body, "extra");
        var kept = new JsonObject();
        foreach (var name in s_kept)
        {
            if (body[name] is { } value)
            {
                kept[name] = value.DeepClone();
            }
        }
        return kept;
    }

    private static JsonObject Write(ClientDocument project)
    {
        var body = project.Body();
        return new JsonObject
        {
            ["id"] = project.Id.ToString(),
            ["tenant_id"] = RunIds.Tenant(project.Project).ToString(),
            ["name"] = project.Name,
            ["description"] = body["description"]?.DeepClone(),
            ["start_time"] = RunJson.Time(project.CreatedAt),
            ["end_time"] = body["end_time"]?.DeepClone(),
            ["extra"] = body["extra"]?.DeepClone() ?? new JsonObject(),
            // Python's client needs this key even where there is none.
            ["reference_dataset_id"] = body["reference_dataset_id"]?.DeepClone(),
            ["default_dataset_id"] = body["default_dataset_id"]?.DeepClone(),
            ["num_examples"] = body["num_examples"]?.DeepClone(),
            ["num_repetitions"] = body["num_repetitions"]?.DeepClone(),
            ["evaluator_keys"] = body["evaluator_keys"]?.DeepClone(),
            ["trace_tier"] = body["trace_tier"]?.DeepClone(),
        };
    }

    private async Task<JsonObject> WithStatsAsync(ClientDocument project, CancellationToken cancellationToken)
    {
        await stored.WaitAsync(cancellationToken);
        var json = Write(project);
        var roots = await MeasureAsync(project, s_ofRoots, [Endpoint(project), Root], cancellationToken);
        var steps = await MeasureAsync(project, s_ofSteps, [Endpoint(project)], cancellationToken);
        json["run_count"] = (long)(roots[0] ?? 0);
        json["error_rate"] = roots[1];
        json["latency_p50"] = roots[2] / 1_000;
        json["latency_p99"] = roots[3] / 1_000;
        json["last_run_start_time"] = roots[4] is { } last ? RunJson.Time(DateTimeOffset.FromUnixTimeMilliseconds((long)last)) : null;
        json["first_token_p50"] = steps[0] / 1_000;
        json["first_token_p99"] = steps[1] / 1_000;
        json["prompt_tokens"] = (long)(steps[2] ?? 0);
        json["completion_tokens"] = (long)(steps[3] ?? 0);
        json["total_tokens"] = (long)(steps[4] ?? 0);
        json["total_cost"] = steps[5];
        json["run_facets"] = new JsonArray();
        var said = await reader.ReadAnnotationsAsync(new AnnotationPageRequest(new AnnotationQuery(project.Project, AnnotationQuery.AllTime) { Sessions = [project.Id.ToString()] }, 1_000), cancellationToken);
        json["session_feedback_stats"] = RunJson.FeedbackJson(said.Items);
        json["feedback_stats"] = await FeedbackAsync(project, cancellationToken);
        return json;
    }

    private async Task<ImmutableArray<double?>> MeasureAsync(ClientDocument project, ImmutableArray<Measure> measures, ImmutableArray<Filter> where, CancellationToken cancellationToken)
    {
        var result = await reader.QueryAsync(new TelemetryQuery(project.Project, AnnotationQuery.AllTime, measures) { Where = where, EveryKind = true }, cancellationToken);
        return result.Rows is [var row, ..] ? row.Values : [.. measures.Select(_ => (double?)null)];
    }

    // Of the newest thousand runs, as no more are one experiment.
    private async Task<JsonObject> FeedbackAsync(ClientDocument project, CancellationToken cancellationToken)
    {
        var page = await reader.ReadPageAsync(new ObservationPageRequest(project.Project, AnnotationQuery.AllTime, 1_000) { Where = [Endpoint(project), Root] }, cancellationToken);
        var words = await RunWords.OfAsync(reader, project.Project, page.Items, cancellationToken);
        return RunJson.FeedbackJson(page.Items.SelectMany(words.Of));
    }

    private async Task<long> CountAsync(ClientDocument project, CancellationToken cancellationToken)
    {
        await stored.WaitAsync(cancellationToken);
        return await reader.CountAsync(project.Project, AnnotationQuery.AllTime, new FilterExpression([Filter.Eq("endpoint", project.Name), Filter.Eq("surface", "langsmith")], null), cancellationToken);
    }

    private static Filter Root => new("parent_id", FilterOp.Missing, []);

    private static Filter Endpoint(ClientDocument project) =>
        project.Name == LangSmithProjects.DefaultName ? new Filter("endpoint", FilterOp.In, [project.Name, ""]) : Filter.Eq("endpoint", project.Name);

    private static JsonObject? Metadata(string json) =>
        json.Length == 0 ? null
        : LooseJson.TryParse(System.Text.Encoding.UTF8.GetBytes(json), out var node) && node is JsonObject wanted ? wanted
        : throw LangSmithRefusal.Invalid("metadata", "must be a JSON object");

    private static bool Fits(JsonObject body, HashSet<Guid> datasets, bool? free, JsonObject? metadata)
    {
        var dataset = JsonFields.Id(body["reference_dataset_id"]);
        return (datasets.Count == 0 || (dataset is { } id && datasets.Contains(id)))
            && (free is null || free == dataset is null)
            && (metadata is null || metadata.All(pair => JsonNode.DeepEquals(JsonFields.Get(JsonFields.Get(body["extra"], "metadata"), pair.Key), pair.Value)));
    }
}
