using System.Text.Json.Nodes;
using Bellwether.Datasets;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary><c>/examples</c>, and the multipart way below <c>/v1/platform</c>. Every request that changes examples makes one version.</summary>
internal sealed class ExamplesApi(DatasetStore datasets, ExampleDrafts drafts, ExampleAttachments attachments)
{
    private const int MostAtOnce = 10_000;

    /// <summary><c>GET /examples?dataset=…&amp;as_of=…&amp;id=…&amp;splits=…&amp;metadata=…</c></summary>
    public async Task<LangSmithAnswer> ListAsync(LangSmithCall call)
    {
        if (call.Parameter("filter").Length > 0)
        {
            throw LangSmithRefusal.Invalid("filter", "examples cannot be filtered by an expression here; use splits or metadata");
        }
        var ids = call.Ids("id");
        var named = call.Ids("dataset");
        var dataset = named is [var wanted] ? await DatasetAsync(call, wanted)
            : ids is [var only] && await datasets.FindExampleAsync(call.Project, only, call.Aborted) is { } example ? await DatasetAsync(call, example.Dataset)
            : throw LangSmithRefusal.Invalid("dataset", "is needed");
        var version = await DatasetVersions.FindAsync(datasets, dataset, call.Parameter("as_of"), call.Aborted);
        if (version is null)
        {
            // Nothing was ever put in, or not yet at that time.
            return new(new JsonArray());
        }
        var query = new ExampleQuery(dataset.Id, version.Number)
        {
            Ids = ids.Count > 0 ? ids : null,
            Splits = call.Parameters("splits") is { Count: > 0 } splits ? splits : null,
        };
        var metadata = call.Parameter("metadata") is { Length: > 0 } json ? LangSmithDatasetJson.Parse(json) : null;
        var found = (await datasets.ExamplesAsync(query, call.Aborted)).Where(item => metadata is null || Has(item, metadata)).Skip(call.Offset()).Take(call.Limit());
        var withUrls = call.Parameters("select").Contains("attachment_urls");
        return new(new JsonArray([.. found.Select(item => (JsonNode)(withUrls ? Write(call, item) : LangSmithDatasetJson.Write(item, attachments: null)))]));
    }

    /// <summary>As it is now, or as it was (<c>as_of</c>).</summary>
    public async Task<LangSmithAnswer> ReadAsync(LangSmithCall call)
    {
        var id = call.RouteId("id");
        var example = await datasets.FindExampleAsync(call.Project, id, call.Aborted);
        if (call.Parameter("as_of") is { Length: > 0 } at && call.Ids("dataset") is [var of])
        {
            var dataset = await DatasetAsync(call, of);
            example = await DatasetVersions.FindAsync(datasets, dataset, at, call.Aborted) is { } version
                && await datasets.ExamplesAsync(new ExampleQuery(dataset.Id, version.Number) { Ids = [id] }, call.Aborted) is [var then] ? then : null;
        }
        return example is not null ? new(Write(call, example)) : throw LangSmithRefusal.NotFound($"Example {id}");
    }

    /// <summary><c>POST /examples</c></summary>
    public async Task<LangSmithAnswer> CreateAsync(LangSmithCall call)
    {
        var added = await AddAsync(call, DatasetOf(call.Object()), [new ExampleUpload(call.Object())]);
        return new(Write(call, (await datasets.FindExampleAsync(call.Project, added.Ids[0], call.Aborted))!));
    }

    /// <summary><c>POST /examples/bulk</c></summary>
    public async Task<LangSmithAnswer> CreateManyAsync(LangSmithCall call)
    {
        var items = Objects(call.Array());
        if (items.Count == 0)
        {
            return new(new JsonArray());
        }
        var added = await AddAsync(call, OneDataset(items), [.. items.Select(item => new ExampleUpload(item))]);
        var answer = new JsonArray();
        foreach (var id in added.Ids)
        {
            answer.Add((JsonNode)Write(call, (await datasets.FindExampleAsync(call.Project, id, call.Aborted))!));
        }
        return new(answer);
    }

    /// <summary><c>POST /v1/platform/datasets/{id}/examples</c></summary>
    public async Task<LangSmithAnswer> UploadAsync(LangSmithCall call) =>
        Uploaded(await AddAsync(call, call.RouteId("id"), ExampleDrafts.OfMultipart(call.Bytes, call.Context.Request.ContentType)), StatusCodes.Status201Created);

    /// <summary><c>PATCH /v1/platform/datasets/{id}/examples</c></summary>
    public async Task<LangSmithAnswer> UploadChangesAsync(LangSmithCall call) =>
        Uploaded(await LayAsync(call, call.RouteId("id"), ExampleDrafts.OfMultipart(call.Bytes, call.Context.Request.ContentType)), StatusCodes.Status200OK);

    /// <summary><c>PATCH /examples/{id}</c></summary>
    public async Task<LangSmithAnswer> ChangeAsync(LangSmithCall call)
    {
        var id = call.RouteId("id");
        var example = await datasets.FindExampleAsync(call.Project, id, call.Aborted) ?? throw LangSmithRefusal.NotFound($"Example {id}");
        var body = call.Object();
        body["id"] = id.ToString();
        await LayAsync(call, example.Dataset, [new ExampleUpload(body)]);
        return new(new JsonObject { ["message"] = "Example updated" });
    }

    /// <summary><c>PATCH /examples/bulk</c></summary>
    public async Task<LangSmithAnswer> ChangeManyAsync(LangSmithCall call)
    {
        var items = Objects(call.Array());
        if (items.Count > 0)
        {
            var first = LangSmithCall.Id(items[0], "id") ?? throw LangSmithRefusal.Invalid("[0].id", "is needed");
            var example = await datasets.FindExampleAsync(call.Project, first, call.Aborted) ?? throw LangSmithRefusal.NotFound($"Example {first}");
            await LayAsync(call, example.Dataset, [.. items.Select(item => new ExampleUpload(item))]);
        }
        return new(new JsonObject { ["message"] = $"{items.Count} examples updated" });
    }

    public async Task<LangSmithAnswer> DeleteAsync(LangSmithCall call)
    {
        await RemoveAsync(call, [call.RouteId("id")]);
        return new(new JsonObject { ["message"] = "Example deleted" });
    }

    /// <summary><c>DELETE /examples?example_ids=…</c></summary>
    public async Task<LangSmithAnswer> DeleteManyAsync(LangSmithCall call)
    {
        await RemoveAsync(call, call.Ids("example_ids"));
        return new(new JsonObject { ["message"] = "Examples deleted" });
    }

    /// <summary><c>POST /v1/platform/datasets/examples/delete</c>. Earlier versions keep the examples here, whatever the body says, which is answered.</summary>
    public async Task<LangSmithAnswer> DeletePostedAsync(LangSmithCall call)
    {
        var ids = LangSmithCall.Ids(call.Object(), "example_ids");
        await RemoveAsync(call, ids);
        return new(new JsonObject { ["count"] = ids.Count, ["hard_deleted"] = false });
    }

    private async Task<(IReadOnlyList<Guid> Ids, DatasetVersion Version)> AddAsync(LangSmithCall call, Guid dataset, IReadOnlyList<ExampleUpload> items)
    {
        Bound(items);
        await DatasetAsync(call, dataset);
        var added = new List<ExampleDraft>();
        for (var i = 0; i < items.Count; i++)
        {
            var draft = await drafts.NewAsync(items[i], call.Project, dataset, call.Aborted);
            // Known before it is written: the answer names it.
            added.Add(draft.Id is null ? draft with { Id = Guid.CreateVersion7(call.Now.AddMilliseconds(i)) } : draft);
        }
        var version = LangSmithDatasetJson.Done(await datasets.ReviseAsync(call.Project, dataset, ExampleChanges.Add(added), call.Aborted), "Example");
        return ([.. added.Select(draft => draft.Id!.Value)], version);
    }

    private async Task<(IReadOnlyList<Guid> Ids, DatasetVersion Version)> LayAsync(LangSmithCall call, Guid dataset, IReadOnlyList<ExampleUpload> items)
    {
        Bound(items);
        var ids = items.Select((item, index) => LangSmithCall.Id(item.Said, "id") ?? throw LangSmithRefusal.Invalid($"[{index}].id", "is needed")).ToList();
        await DatasetAsync(call, dataset);
        var brought = new List<JsonObject>();
        foreach (var item in items)
        {
            brought.Add(await attachments.KeepAsync(call.Project, dataset, item.Files, call.Aborted));
        }
        var changed = await datasets.ReviseAsync(call.Project, dataset, known =>
        {
            var byId = known.ToDictionary(example => example.Id);
            return new ExampleChanges([.. items.Select((item, i) =>
                ExampleDrafts.Laid(item.Said, byId.TryGetValue(ids[i], out var example) ? ExampleDrafts.Of(example) : throw LangSmithRefusal.NotFound($"Example {ids[i]}"), brought[i]))], []);
        }, call.Aborted);
        return (ids, LangSmithDatasetJson.Done(changed, "Example"));
    }

    private async Task RemoveAsync(LangSmithCall call, IReadOnlyList<Guid> ids)
    {
        if (ids.Count > MostAtOnce)
        {
            throw LangSmithRefusal.Invalid("example_ids", $"may be at most {MostAtOnce}");
        }
        var examples = new List<Example>();
        foreach (var id in ids)
        {
            examples.Add(await datasets.FindExampleAsync(call.Project, id, call.Aborted) ?? throw LangSmithRefusal.NotFound($"Example {id}"));
        }
        foreach (var dataset in examples.GroupBy(example => example.Dataset))
        {
            LangSmithDatasetJson.Done(await datasets.ReviseAsync(call.Project, dataset.Key, new ExampleChanges([], [.. dataset.Select(example => example.Id)]), call.Aborted), "Dataset");
        }
    }

    private JsonObject Write(LangSmithCall call, Example example) => LangSmithDatasetJson.Write(example, attachments.Urls(call.Project, example, call.Context.Request));

    private async Task<Dataset> DatasetAsync(LangSmithCall call, Guid id) =>
        await datasets.FindAsync(call.Project, id, call.Aborted) ?? throw LangSmithRefusal.NotFound($"Dataset {id}");

    private static LangSmithAnswer Uploaded((IReadOnlyList<Guid> Ids, DatasetVersion Version) made, int status) => new(
        new JsonObject
        {
            ["count"] = made.Ids.Count,
            ["example_ids"] = new JsonArray([.. made.Ids.Select(id => (JsonNode)id.ToString())]),
            ["as_of"] = RunJson.Time(made.Version.CreatedAt),
        },
        status);

    private static Guid DatasetOf(JsonObject body) => LangSmithCall.Id(body, "dataset_id") ?? throw LangSmithRefusal.Invalid("dataset_id", "is needed");

    private static Guid OneDataset(IReadOnlyList<JsonObject> items)
    {
        var ids = items.Select(DatasetOf).Distinct().ToList();
        return ids.Count == 1 ? ids[0] : throw LangSmithRefusal.Invalid("dataset_id", "must be the same in all examples of a request");
    }

    private static IReadOnlyList<JsonObject> Objects(JsonArray items) =>
        [.. items.Select((item, index) => item as JsonObject ?? throw LangSmithRefusal.Invalid($"[{index}]", "must be an object"))];

    private static void Bound(IReadOnlyList<ExampleUpload> items)
    {
        if (items.Count is 0 or > MostAtOnce)
        {
            throw LangSmithRefusal.Invalid("examples", $"must be 1 to {MostAtOnce} in a request");
        }
    }

    private static bool Has(Example example, JsonObject wanted)
    {
        var metadata = LangSmithDatasetJson.Parse(example.Metadata);
        return wanted.All(pair => JsonNode.DeepEquals(metadata[pair.Key], pair.Value));
    }
}
