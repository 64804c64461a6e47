using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Datasets;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary><c>/api/public/v2/datasets</c> and <c>/api/public/dataset-items</c>. Each item that is written or deleted makes a version of its dataset.</summary>
internal sealed class LangfuseDatasets(DatasetStore datasets)
{
    private const int LongestId = 200;
    private const int LongestText = 4_000;

    /// <summary><c>GET ?page=&amp;limit=</c></summary>
    public async Task<JsonNode> ListAsync(LangfuseCall call)
    {
        call.Allow("page", "limit");
        var paging = call.Paging();
        var all = await datasets.ListAsync(new DatasetQuery(call.Project, OffsetPages.Farthest), call.Aborted);
        return LangfusePage.Numbered(all.Skip((paging.Page - 1) * paging.Limit).Take(paging.Limit).Select(LangfuseDatasetJson.Write), paging, all.Count);
    }

    public async Task<JsonNode> GetAsync(LangfuseCall call)
    {
        call.Allow();
        return LangfuseDatasetJson.Write(await FindAsync(call, call.Route("name")));
    }

    /// <summary><c>POST {"name","description","metadata"}</c>; a dataset that is there is changed.</summary>
    public async Task<JsonNode> CreateAsync(LangfuseCall call, JsonObject body)
    {
        foreach (var schema in (string[])["inputSchema", "expectedOutputSchema"])
        {
            if (body[schema] is not null)
            {
                throw LangfuseDoor.Invalid(schema, "items are not checked against schemas here");
            }
        }
        var name = Text(body, "name", LongestText);
        var before = await datasets.FindAsync(call.Project, name, call.Aborted);
        var own = new JsonObject();
        var draft = new DatasetDraft(name)
        {
            Description = body["description"] is null ? before?.Description ?? "" : Text(body, "description", LongestText),
            Kind = before?.Kind ?? "",
            Metadata = body["metadata"] is null ? before?.Metadata ?? "{}" : LangfuseDatasetJson.Kept(body["metadata"], own),
        };
        var made = before is null ? await datasets.CreateAsync(call.Project, draft, call.Aborted) : await datasets.UpdateAsync(call.Project, before.Id, draft, call.Aborted);
        return LangfuseDatasetJson.Write(LangfuseDatasetJson.Done(made, $"Dataset {name}"));
    }

    /// <summary><c>GET ?datasetName=&amp;sourceTraceId=&amp;sourceObservationId=&amp;page=&amp;limit=</c>, newest first.</summary>
    public async Task<JsonNode> ItemsAsync(LangfuseCall call)
    {
        call.Allow("datasetName", "sourceTraceId", "sourceObservationId", "page", "limit");
        var paging = call.Paging();
        var dataset = await FindAsync(call, call.Text("datasetName") is { Length: > 0 } name ? name : throw LangfuseDoor.Invalid("datasetName", "is needed"));
        var items = await datasets.ExamplesAsync(new ExampleQuery(dataset.Id, dataset.Version), call.Aborted);
        items.Reverse();
        var found = items.Select(item => LangfuseDatasetJson.Write(item, dataset))
            .Where(item => Is(item, "sourceTraceId") && Is(item, "sourceObservationId")).ToList();
        return LangfusePage.Numbered(found.Skip((paging.Page - 1) * paging.Limit).Take(paging.Limit), paging, found.Count);

        bool Is(JsonObject item, string field) => call.Text(field) is not { Length: > 0 } wanted || JsonFields.Text(item[field]) == wanted;
    }

    public async Task<JsonNode> ItemAsync(LangfuseCall call)
    {
        call.Allow();
        var (item, dataset) = await FindItemAsync(call, call.Route("id"));
        return LangfuseDatasetJson.Write(item, dataset);
    }

    /// <summary><c>POST {"datasetName","id","input","expectedOutput","metadata","sourceTraceId","sourceObservationId","status"}</c>; an item that is there is changed.</summary>
    public async Task<JsonNode> WriteItemAsync(LangfuseCall call, JsonObject body)
    {
        if (JsonFields.Text(body["status"]) is not ("" or "ACTIVE"))
        {
            throw LangfuseDoor.Invalid("status", "must be ACTIVE; an item that is not to be used any more can be deleted, and stays in earlier versions");
        }
        var dataset = await FindAsync(call, Text(body, "datasetName", LongestText));
        var named = Text(body, "id", LongestId);
        var id = named.Length > 0 ? IdOf(call, named) : Guid.CreateVersion7(call.Now);
        var before = await datasets.FindExampleAsync(call.Project, id, call.Aborted);
        var own = new JsonObject();
        foreach (var source in (string[])["sourceTraceId", "sourceObservationId"])
        {
            if (Text(body, source, LongestId) is { Length: > 0 } said)
            {
                own[source] = said;
            }
        }
        var draft = new ExampleDraft
        {
            Id = id,
            ExternalId = Guid.TryParse(named, CultureInfo.InvariantCulture, out _) ? "" : named,
            Input = body.ContainsKey("input") || before is null ? Json(body["input"]) : before.Input,
            Output = body.ContainsKey("expectedOutput") || before is null ? Json(body["expectedOutput"]) : before.Output,
            Metadata = body["metadata"] is null && own.Count == 0 && before is not null ? before.Metadata : LangfuseDatasetJson.Kept(body["metadata"], own),
            Splits = before?.Splits ?? [],
            Source = JsonFields.First(own["sourceObservationId"], own["sourceTraceId"]),
            Attachments = before?.Attachments ?? "{}",
        };
        LangfuseDatasetJson.Done(await datasets.ReviseAsync(call.Project, dataset.Id, ExampleChanges.Add([draft]), call.Aborted), $"Dataset {dataset.Name}");
        return LangfuseDatasetJson.Write((await FindItemAsync(call, id.ToString())).Item, dataset);
    }

    public async Task<JsonNode> DeleteItemAsync(LangfuseCall call)
    {
        call.Allow();
        var (item, dataset) = await FindItemAsync(call, call.Route("id"));
        LangfuseDatasetJson.Done(await datasets.ReviseAsync(call.Project, dataset.Id, new ExampleChanges([], [item.Id]), call.Aborted), $"Dataset {dataset.Name}");
        return new JsonObject { ["message"] = "Dataset item successfully deleted" };
    }

    public async Task<Dataset> FindAsync(LangfuseCall call, string name) =>
        await datasets.FindAsync(call.Project, name, call.Aborted) ?? throw LangfuseDoor.NotFound($"Dataset {JsonFields.Short(name, 100)}");

    /// <summary>The item as it is now, by the id that its client gave it or by its own.</summary>
    public async Task<(Example Item, Dataset Dataset)> FindItemAsync(LangfuseCall call, string id) =>
        await datasets.FindExampleAsync(call.Project, IdOf(call, id), call.Aborted) is { } item && await datasets.FindAsync(call.Project, item.Dataset, call.Aborted) is { } dataset
            ? (item, dataset) : throw LangfuseDoor.NotFound($"Dataset item {JsonFields.Short(id, 100)}");

    // Ids are any text there and UUIDs here.
    private static Guid IdOf(LangfuseCall call, string id) =>
        Guid.TryParse(id, CultureInfo.InvariantCulture, out var own) ? own : ObservationIds.Of("langfuse-item", DateTimeOffset.UnixEpoch, call.Project.Value, id);

    private static string Json(JsonNode? value) => value is null ? "" : LangSmithDatasetJson.Text(value);

    private static string Text(JsonObject body, string field, int longest) => body[field] is null ? ""
        : body[field]!.GetValueKind() == System.Text.Json.JsonValueKind.String && JsonFields.Text(body[field]) is var text && text.Length <= longest && !text.Contains('\0') ? text
        : throw LangfuseDoor.Invalid(field, $"must be a text of at most {longest} characters");
}
