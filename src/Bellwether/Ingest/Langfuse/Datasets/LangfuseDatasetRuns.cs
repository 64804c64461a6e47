using System.Text.Json.Nodes;
using Bellwether.Datasets;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// <c>/api/public/dataset-run-items</c>: which trace came of which item in which run. A run begins with its first item; its scores are those
/// of the traces.
/// </summary>
internal sealed class LangfuseDatasetRuns(ClientDocuments documents, LangfuseDatasets datasets, TelemetryReader reader)
{
    private const int LongestName = 300;

    /// <summary><c>POST {"runName","runDescription","metadata","datasetItemId","traceId","observationId"}</c></summary>
    public async Task<JsonNode> AddAsync(LangfuseCall call, JsonObject body)
    {
        var name = Text(body, "runName");
        if (name.Length == 0)
        {
            throw LangfuseDoor.Invalid("runName", $"must have 1 to {LongestName} characters");
        }
        var (item, dataset) = await datasets.FindItemAsync(call, Text(body, "datasetItemId"));
        var (trace, observation) = (Text(body, "traceId"), Text(body, "observationId"));
        if (trace.Length == 0 && observation.Length > 0)
        {
            trace = (await reader.FindAsync(call.Project, LangfuseIds.Step(call.Project, LangfuseIds.StepName(observation)), call.Aborted))?.TraceId ?? "";
        }
        if (trace.Length == 0)
        {
            throw LangfuseDoor.Invalid("traceId", "is needed");
        }
        var run = await RunAsync(call, dataset, name, body);
        var kept = new JsonObject { ["datasetItemId"] = LangfuseDatasetJson.IdOf(item), ["traceId"] = trace, ["observationId"] = observation.Length > 0 ? observation : null };
        var added = new ClientDocument(
            call.Project, DocumentKind.LangfuseRunItem, Guid.CreateVersion7(call.Now), run.Id.ToString(), $"{item.Id}/{trace}/{observation}", ClientDocument.Write(kept), call.Now, call.Now);
        if (!await documents.AddAsync(added, call.Aborted))
        {
            added = (await documents.FindAsync(call.Project, DocumentKind.LangfuseRunItem, added.Parent, added.Name, call.Aborted))!;
        }
        return Item(added, run);
    }

    /// <summary><c>GET ?datasetId=&amp;runName=&amp;page=&amp;limit=</c></summary>
    public async Task<JsonNode> ItemsAsync(LangfuseCall call)
    {
        call.Allow("datasetId", "runName", "page", "limit");
        var paging = call.Paging();
        var run = await documents.FindAsync(call.Project, DocumentKind.LangfuseRun, call.Text("datasetId"), call.Text("runName"), call.Aborted) ?? throw NotFound(call.Text("runName"));
        var items = await documents.ListAsync(call.Project, DocumentKind.LangfuseRunItem, run.Id.ToString(), call.Aborted);
        return LangfusePage.Numbered(items.Skip((paging.Page - 1) * paging.Limit).Take(paging.Limit).Select(item => Item(item, run)), paging, items.Count);
    }

    /// <summary><c>GET /datasets/{name}/runs</c></summary>
    public async Task<JsonNode> ListAsync(LangfuseCall call)
    {
        call.Allow("page", "limit");
        var paging = call.Paging();
        var dataset = await datasets.FindAsync(call, call.Route("name"));
        var runs = await documents.ListAsync(call.Project, DocumentKind.LangfuseRun, dataset.Id.ToString(), call.Aborted);
        return LangfusePage.Numbered(runs.Skip((paging.Page - 1) * paging.Limit).Take(paging.Limit).Select(run => Write(run, dataset)), paging, runs.Count);
    }

    /// <summary><c>GET /datasets/{name}/runs/{run}</c></summary>
    public async Task<JsonNode> GetAsync(LangfuseCall call)
    {
        call.Allow();
        var (run, dataset) = await FindAsync(call);
        var answer = Write(run, dataset);
        var items = await documents.ListAsync(call.Project, DocumentKind.LangfuseRunItem, run.Id.ToString(), call.Aborted);
        answer["datasetRunItems"] = new JsonArray([.. items.Select(item => (JsonNode)Item(item, run))]);
        return answer;
    }

    /// <summary><c>DELETE /datasets/{name}/runs/{run}</c>; the traces stay.</summary>
    public async Task<JsonNode> DeleteAsync(LangfuseCall call)
    {
        call.Allow();
        var (run, _) = await FindAsync(call);
        await documents.RemoveAsync(call.Project, DocumentKind.LangfuseRun, run.Id, call.Aborted);
        return new JsonObject { ["message"] = "Dataset run successfully deleted" };
    }

    private async Task<ClientDocument> RunAsync(LangfuseCall call, Dataset dataset, string name, JsonObject body)
    {
        if (await documents.FindAsync(call.Project, DocumentKind.LangfuseRun, dataset.Id.ToString(), name, call.Aborted) is { } known)
        {
            return known;
        }
        var kept = new JsonObject { ["description"] = Text(body, "runDescription") is { Length: > 0 } said ? said : null, ["metadata"] = body["metadata"]?.DeepClone() };
        var run = new ClientDocument(call.Project, DocumentKind.LangfuseRun, Guid.CreateVersion7(call.Now), dataset.Id.ToString(), name, ClientDocument.Write(kept), call.Now, call.Now);
        // Clients run many items of one run at once.
        return await documents.AddAsync(run, call.Aborted) ? run : (await documents.FindAsync(call.Project, DocumentKind.LangfuseRun, run.Parent, name, call.Aborted))!;
    }

    private async Task<(ClientDocument Run, Dataset Dataset)> FindAsync(LangfuseCall call)
    {
        var dataset = await datasets.FindAsync(call, call.Route("name"));
        return (await documents.FindAsync(call.Project, DocumentKind.LangfuseRun, dataset.Id.ToString(), call.Route("run"), call.Aborted) ?? throw NotFound(call.Route("run")), dataset);
    }

    private static IngestRefusal NotFound(string name) => LangfuseDoor.NotFound($"Dataset run {JsonFields.Short(name, 100)}");

    private static JsonObject Write(ClientDocument run, Dataset dataset)
    {
        var kept = run.Body();
        return new JsonObject
        {
            ["id"] = run.Id.ToString(),
            ["name"] = run.Name,
            ["description"] = kept["description"]?.DeepClone(),
            ["metadata"] = kept["metadata"]?.DeepClone(),
            ["datasetId"] = dataset.Id.ToString(),
            ["datasetName"] = dataset.Name,
            ["createdAt"] = LangfuseView.Time(run.CreatedAt),
            ["updatedAt"] = LangfuseView.Time(run.ModifiedAt),
        };
    }

    private static JsonObject Item(ClientDocument item, ClientDocument run)
    {
        var answer = item.Body();
        answer["id"] = item.Id.ToString();
        answer["datasetRunId"] = run.Id.ToString();
        answer["datasetRunName"] = run.Name;
        answer["createdAt"] = LangfuseView.Time(item.CreatedAt);
        answer["updatedAt"] = LangfuseView.Time(item.ModifiedAt);
        return answer;
    }

    private static string Text(JsonObject body, string field) => body[field] is null ? ""
        : body[field]!.GetValueKind() == System.Text.Json.JsonValueKind.String && JsonFields.Text(body[field]) is var text && text.Length <= LongestName && !text.Contains('\0') ? text
        : throw LangfuseDoor.Invalid(field, $"must be a text of at most {LongestName} characters");
}
