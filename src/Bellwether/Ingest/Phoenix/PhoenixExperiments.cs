using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Bellwether.Datasets;
using Bellwether.State;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary><c>/v1/experiments</c>: experiments, their runs, and what evaluators said of these.</summary>
internal sealed class PhoenixExperiments(DatasetStore datasets, ExperimentStore experiments, RunStore runs, PhoenixDatasets paths, PhoenixMeters meters)
{
    private const int MostRuns = 1_000;
    private const int LongestName = 200;

    public async Task<PhoenixAnswer> CreateAsync(PhoenixCall call)
    {
        var dataset = await paths.FindAsync(call, "id");
        var body = (JsonObject)call.Body!;
        var version = JsonFields.Text(body["version_id"]) is { Length: > 0 } wanted
            ? await datasets.FindVersionAsync(dataset.Id, PhoenixDatasets.Id("DatasetVersion", wanted, "version_id"), call.CancellationToken) ?? throw PhoenixRefusal.NotFound("The dataset's version")
            : null;
        var id = Guid.CreateVersion7(call.Now);
        var made = await experiments.CreateAsync(
            call.Project,
            new ExperimentDraft(dataset.Id)
            {
                Id = id,
                Version = version?.Number,
                Name = JsonFields.Text(body["name"]) is { Length: > 0 } name ? name : "experiment-" + id.ToString("n")[24..],
                Description = JsonFields.Text(body["description"]),
                Metadata = body["metadata"] is JsonObject metadata ? Encoding.UTF8.GetString(JsonFields.Bytes(metadata)) : "{}",
                Splits = [.. (body["splits"] as JsonArray ?? []).Select(JsonFields.Text).Where(split => split.Length > 0)],
                TraceProject = JsonFields.Text(body["project_name"]) is { Length: > 0 } project ? project : "Experiment-" + id.ToString("n"),
                Repetitions = (int)Math.Min(int.MaxValue, JsonFields.Count(body["repetitions"]) ?? 1),
            },
            call.CancellationToken);
        return made.Outcome == ChangeOutcome.Done ? PhoenixAnswer.Data(await JsonAsync(made.Value!, call.CancellationToken)) : throw PhoenixRefusal.Of(made, "The dataset");
    }

    public async Task<PhoenixAnswer> ListAsync(PhoenixCall call)
    {
        var dataset = await paths.FindAsync(call, "id");
        var limit = call.Limit(usual: 50, most: 200);
        var found = await experiments.ListAsync(
            new ExperimentQuery(call.Project, limit + 1) { Dataset = dataset.Id, After = call.Query("cursor") is { Length: > 0 } cursor ? PhoenixDatasets.Id("Experiment", cursor, "cursor") : null },
            call.CancellationToken);
        var items = new List<JsonNode>();
        foreach (var experiment in found.Take(limit))
        {
            items.Add(await JsonAsync(experiment, call.CancellationToken));
        }
        return PhoenixAnswer.Page(items, found.Count > limit ? PhoenixIds.Of("Experiment", found[limit - 1].Id) : null);
    }

    public async Task<PhoenixAnswer> GetAsync(PhoenixCall call) => PhoenixAnswer.Data(await JsonAsync(await FindAsync(call), call.CancellationToken));

    public async Task<PhoenixAnswer> DeleteAsync(PhoenixCall call) =>
        await experiments.DeleteAsync(call.Project, PhoenixDatasets.Id("Experiment", call.Route("id"), null), call.CancellationToken)
            ? new PhoenixAnswer(null, StatusCodes.Status204NoContent)
            : throw PhoenixRefusal.NotFound("The experiment");

    public async Task<PhoenixAnswer> AddRunAsync(PhoenixCall call)
    {
        var body = call.Body!;
        var repetition = JsonFields.Count(body["repetition_number"]) ?? 1;
        var run = new ExperimentRun
        {
            Id = Guid.CreateVersion7(call.Now),
            Experiment = PhoenixDatasets.Id("Experiment", call.Route("id"), null),
            Example = PhoenixDatasets.Id("DatasetExample", JsonFields.Text(body["dataset_example_id"]), "dataset_example_id"),
            Repetition = repetition is >= 1 and <= 1_000 ? (int)repetition : throw PhoenixRefusal.Invalid("repetition_number: must be 1 to 1000"),
            Output = body["output"] is { } output ? Encoding.UTF8.GetString(JsonFields.Bytes(output)) : "",
            Error = JsonFields.Text(body["error"]),
            TraceId = JsonFields.Short(JsonFields.Text(body["trace_id"]), LongestName),
            StartedAt = Time(body, "start_time"),
            EndedAt = Time(body, "end_time"),
        };
        var written = await runs.WriteAsync(call.Project, run, call.CancellationToken);
        if (written.Outcome != ChangeOutcome.Done)
        {
            throw PhoenixRefusal.Of(written, "The experiment, or the example in its dataset,");
        }
        meters.Accepted("run", 1);
        return PhoenixAnswer.Data(Json(written.Value!));
    }

    public async Task<PhoenixAnswer> RunsAsync(PhoenixCall call)
    {
        var experiment = await FindAsync(call);
        var limit = call.Limit(usual: 100, most: MostRuns);
        var found = await runs.ListAsync(
            call.Project, experiment.Id, call.Query("cursor") is { Length: > 0 } cursor ? PhoenixDatasets.Id("ExperimentRun", cursor, "cursor") : null, limit + 1, call.CancellationToken);
        return PhoenixAnswer.Page(found.Take(limit).Select(Json), found.Count > limit ? PhoenixIds.Of("ExperimentRun", found[limit - 1].Id) : null);
    }

    public async Task<PhoenixAnswer> EvaluateAsync(PhoenixCall call)
    {
        var body = call.Body!;
        var result = body["result"];
        var name = JsonFields.Text(body["name"]);
        if (name.Length is 0 or > LongestName)
        {
            throw PhoenixRefusal.Invalid($"name: must have 1 to {LongestName} characters");
        }
        if (JsonFields.Text(body["annotator_kind"]) is not ("LLM" or "CODE" or "HUMAN"))
        {
            throw PhoenixRefusal.Invalid("annotator_kind: must be LLM, CODE or HUMAN");
        }
        var said = new Evaluation
        {
            Id = Guid.CreateVersion7(call.Now),
            Run = PhoenixDatasets.Id("ExperimentRun", JsonFields.Text(body["experiment_run_id"]), "experiment_run_id"),
            Name = name,
            Annotator = JsonFields.Text(body["annotator_kind"]).ToLower(CultureInfo.InvariantCulture),
            Label = JsonFields.Text(JsonFields.Get(result, "label")),
            Score = JsonFields.Number(JsonFields.Get(result, "score")),
            Explanation = JsonFields.Text(JsonFields.Get(result, "explanation")),
            Metadata = body["metadata"] is JsonObject metadata ? Encoding.UTF8.GetString(JsonFields.Bytes(metadata)) : "{}",
            Error = JsonFields.Text(body["error"]),
            TraceId = JsonFields.Short(JsonFields.Text(body["trace_id"]), LongestName),
            StartedAt = Time(body, "start_time"),
            EndedAt = Time(body, "end_time"),
        };
        if (said.Error.Length == 0 && said.Score is null && said.Label.Length == 0 && said.Explanation.Length == 0)
        {
            throw PhoenixRefusal.Invalid("result: or error is needed");
        }
        var kept = await runs.WriteAsync(call.Project, said, call.CancellationToken) ?? throw PhoenixRefusal.NotFound("The experiment's run");
        meters.Accepted("evaluation", 1);
        return PhoenixAnswer.Data(new JsonObject { ["id"] = PhoenixIds.Of("ExperimentEvaluation", kept.Id) });
    }

    /// <summary>Everything of an experiment in one list, for people who take it elsewhere.</summary>
    public async Task<PhoenixAnswer> JsonAsync(PhoenixCall call)
    {
        var experiment = await FindAsync(call);
        var examples = (await datasets.ExamplesAsync(new ExampleQuery(experiment.Dataset, experiment.DatasetVersion), call.CancellationToken)).ToDictionary(example => example.Id);
        var said = (await runs.EvaluationsAsync(call.Project, experiment.Id, call.CancellationToken)).ToLookup(evaluation => evaluation.Run);
        var all = new JsonArray();
        Guid? after = null;
        while (await runs.ListAsync(call.Project, experiment.Id, after, MostRuns, call.CancellationToken) is { Count: > 0 } page)
        {
            foreach (var run in page)
            {
                var example = examples.GetValueOrDefault(run.Example);
                var item = Json(run);
                item["example_id"] = PhoenixIds.Of("DatasetExample", run.Example);
                item["input"] = PhoenixDatasets.Parse(example?.Input ?? "");
                item["reference_output"] = PhoenixDatasets.Parse(example?.Output ?? "");
                item["latency_ms"] = (run.EndedAt - run.StartedAt).TotalMilliseconds;
                item["annotations"] = new JsonArray([.. said[run.Id].Select(Json)]);
                all.Add((JsonNode)item);
            }
            after = page[^1].Id;
        }
        return new PhoenixAnswer(all);
    }

    private async Task<Experiment> FindAsync(PhoenixCall call) =>
        await experiments.FindAsync(call.Project, PhoenixDatasets.Id("Experiment", call.Route("id"), null), call.CancellationToken) ?? throw PhoenixRefusal.NotFound("The experiment");

    private static DateTimeOffset Time(JsonNode body, string name) => JsonFields.Time(body[name]) ?? throw PhoenixRefusal.Invalid($"{name}: must be an ISO time");

    private async Task<JsonNode> JsonAsync(Experiment experiment, CancellationToken cancellationToken)
    {
        var version = await datasets.FindVersionAsync(experiment.Dataset, experiment.DatasetVersion, cancellationToken);
        return new JsonObject
        {
            ["id"] = PhoenixIds.Of("Experiment", experiment.Id),
            ["dataset_id"] = PhoenixIds.Of("Dataset", experiment.Dataset),
            ["dataset_version_id"] = version is null ? null : PhoenixIds.Of("DatasetVersion", version.Id),
            ["name"] = experiment.Name,
            ["description"] = experiment.Description.Length > 0 ? experiment.Description : null,
            ["repetitions"] = experiment.Repetitions,
            ["metadata"] = PhoenixDatasets.Parse(experiment.Metadata),
            ["project_name"] = experiment.TraceProject.Length > 0 ? experiment.TraceProject : null,
            ["created_at"] = PhoenixSpanJson.Time(experiment.CreatedAt),
            ["updated_at"] = PhoenixSpanJson.Time(experiment.UpdatedAt),
            ["example_count"] = experiment.ExampleCount,
            ["successful_run_count"] = experiment.Succeeded,
            ["failed_run_count"] = experiment.Failed,
            ["missing_run_count"] = experiment.Missing,
        };
    }

    private static JsonObject Json(ExperimentRun run) => new()
    {
        ["id"] = PhoenixIds.Of("ExperimentRun", run.Id),
        ["experiment_id"] = PhoenixIds.Of("Experiment", run.Experiment),
        ["dataset_example_id"] = PhoenixIds.Of("DatasetExample", run.Example),
        ["repetition_number"] = run.Repetition,
        ["output"] = PhoenixDatasets.Parse(run.Output),
        ["error"] = run.Error.Length > 0 ? run.Error : null,
        ["start_time"] = PhoenixSpanJson.Time(run.StartedAt),
        ["end_time"] = PhoenixSpanJson.Time(run.EndedAt),
        ["trace_id"] = run.TraceId.Length > 0 ? run.TraceId : null,
    };

    private static JsonNode Json(Evaluation said) => new JsonObject
    {
        ["name"] = said.Name,
        ["annotator_kind"] = said.Annotator.ToUpper(CultureInfo.InvariantCulture),
        ["label"] = said.Label.Length > 0 ? said.Label : null,
        ["score"] = said.Score,
        ["explanation"] = said.Explanation.Length > 0 ? said.Explanation : null,
        ["error"] = said.Error.Length > 0 ? said.Error : null,
        ["metadata"] = PhoenixDatasets.Parse(said.Metadata),
        ["trace_id"] = said.TraceId.Length > 0 ? said.TraceId : null,
        ["start_time"] = PhoenixSpanJson.Time(said.StartedAt),
        ["end_time"] = PhoenixSpanJson.Time(said.EndedAt),
    };
}
