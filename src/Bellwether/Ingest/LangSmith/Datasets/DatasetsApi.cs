using System.Text.Json.Nodes;
using Bellwether.Datasets;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary><c>/datasets</c>: the datasets themselves, their versions and splits.</summary>
internal sealed class DatasetsApi(DatasetStore datasets, LangSmithProjects projects, ExampleAttachments attachments)
{
    private const int MostListed = 10_000;
    private const int MostVersions = 1_000;
    private static readonly string[] s_own = ["extra", "inputs_schema_definition", "outputs_schema_definition", "transformations"];

    public async Task<LangSmithAnswer> CreateAsync(LangSmithCall call)
    {
        var body = call.Object();
        var draft = Draft(body, new DatasetDraft(LangSmithCall.Text(body, "name")) { Id = LangSmithCall.Id(body, "id") });
        return new(Write(LangSmithDatasetJson.Done(await datasets.CreateAsync(call.Project, draft, call.Aborted), "Dataset")));
    }

    public async Task<LangSmithAnswer> ListAsync(LangSmithCall call)
    {
        var metadata = call.Parameter("metadata") is { Length: > 0 } json ? LangSmithDatasetJson.Parse(json) : null;
        var (offset, limit) = (call.Offset(), call.Limit());
        if (offset > MostListed)
        {
            throw LangSmithRefusal.Invalid("offset", $"may be at most {MostListed}");
        }
        var query = new DatasetQuery(call.Project, metadata is null ? offset + limit : MostListed)
        {
            Name = call.Parameter("name") is { Length: > 0 } name ? name : null,
            NameContains = call.Parameter("name_contains"),
            Ids = call.Ids("id") is { Count: > 0 } ids ? ids : null,
        };
        var found = (await datasets.ListAsync(query, call.Aborted)).Where(dataset => metadata is null || Has(dataset, metadata));
        return new(new JsonArray([.. found.Skip(offset).Take(limit).Select(dataset => (JsonNode)Write(dataset))]));
    }

    public async Task<LangSmithAnswer> ReadAsync(LangSmithCall call) => new(Write(await KnownAsync(call)));

    /// <summary>What is absent or null stays as it is.</summary>
    public async Task<LangSmithAnswer> ChangeAsync(LangSmithCall call)
    {
        var dataset = await KnownAsync(call);
        var draft = Draft(call.Object(), new DatasetDraft(dataset.Name) { Description = dataset.Description, Kind = dataset.Kind, Metadata = dataset.Metadata });
        return new(Write(LangSmithDatasetJson.Done(await datasets.UpdateAsync(call.Project, dataset.Id, draft, call.Aborted), "Dataset")));
    }

    public async Task<LangSmithAnswer> DeleteAsync(LangSmithCall call)
    {
        var dataset = await KnownAsync(call);
        await datasets.DeleteAsync(call.Project, dataset.Id, call.Aborted);
        attachments.Remove(call.Project, dataset.Id);
        return new(new JsonObject { ["message"] = "Dataset deleted" });
    }

    /// <summary><c>GET /datasets/{id}/versions</c>, newest first.</summary>
    public async Task<LangSmithAnswer> VersionsAsync(LangSmithCall call)
    {
        var dataset = await KnownAsync(call);
        var versions = await datasets.VersionsAsync(dataset.Id, MostVersions, call.Aborted);
        return new(new JsonArray([.. versions.Skip(call.Offset()).Take(call.Limit()).Select(version => (JsonNode)WriteVersion(dataset, version))]));
    }

    /// <summary><c>GET /datasets/{id}/version?as_of=…|tag=…</c></summary>
    public async Task<LangSmithAnswer> VersionAsync(LangSmithCall call)
    {
        var dataset = await KnownAsync(call);
        var wanted = call.Parameter("tag") is { Length: > 0 } tag ? tag : call.Parameter("as_of");
        return new(WriteVersion(dataset, await DatasetVersions.FindAsync(datasets, dataset, wanted, call.Aborted) ?? throw LangSmithRefusal.NotFound("Dataset version")));
    }

    /// <summary><c>PUT /datasets/{id}/tags {"as_of","tag"}</c>: a name for a version; one that is given again moves.</summary>
    public async Task<LangSmithAnswer> TagAsync(LangSmithCall call)
    {
        var dataset = await KnownAsync(call);
        var body = call.Object();
        var tag = LangSmithCall.Text(body, "tag");
        if (tag.Length is 0 or > 200 || tag == DatasetVersions.Latest)
        {
            throw LangSmithRefusal.Invalid("tag", "must be a text of 1 to 200 characters, and not latest");
        }
        var version = await DatasetVersions.FindAsync(datasets, dataset, LangSmithCall.Text(body, "as_of"), call.Aborted) ?? throw LangSmithRefusal.NotFound("Dataset version");
        var metadata = LangSmithDatasetJson.Parse(dataset.Metadata);
        var own = metadata[LangSmithDatasetJson.OwnMember] as JsonObject ?? [];
        var tags = own["tags"]?.DeepClone() as JsonObject ?? [];
        tags[tag] = version.Number;
        own = (JsonObject)own.DeepClone();
        own["tags"] = tags;
        metadata[LangSmithDatasetJson.OwnMember] = own;
        var draft = new DatasetDraft(dataset.Name) { Description = dataset.Description, Kind = dataset.Kind, Metadata = LangSmithDatasetJson.Text(metadata) };
        var changed = LangSmithDatasetJson.Done(await datasets.UpdateAsync(call.Project, dataset.Id, draft, call.Aborted), "Dataset");
        return new(WriteVersion(changed, version));
    }

    /// <summary><c>GET /datasets/{id}/versions/diff?from_version=…&amp;to_version=…</c></summary>
    public async Task<LangSmithAnswer> DiffAsync(LangSmithCall call)
    {
        var dataset = await KnownAsync(call);
        var before = await ExamplesAtAsync("from_version");
        var after = await ExamplesAtAsync("to_version");
        return new(new JsonObject
        {
            ["examples_added"] = Ids(after.Values.Where(example => !before.ContainsKey(example.Id))),
            ["examples_removed"] = Ids(before.Values.Where(example => !after.ContainsKey(example.Id))),
            ["examples_modified"] = Ids(after.Values.Where(example => before.TryGetValue(example.Id, out var was) && was.Since != example.Since)),
        });

        async Task<Dictionary<Guid, Example>> ExamplesAtAsync(string parameter)
        {
            var version = await DatasetVersions.FindAsync(datasets, dataset, call.Parameter(parameter), call.Aborted) ?? throw LangSmithRefusal.NotFound("Dataset version");
            return (await datasets.ExamplesAsync(new ExampleQuery(dataset.Id, version.Number), call.Aborted)).ToDictionary(example => example.Id);
        }

        static JsonArray Ids(IEnumerable<Example> examples) => new([.. examples.Select(example => (JsonNode)example.Id.ToString())]);
    }

    public async Task<LangSmithAnswer> SplitsAsync(LangSmithCall call)
    {
        var dataset = await KnownAsync(call);
        var version = call.Parameter("as_of") is { Length: > 0 } wanted ? (await DatasetVersions.FindAsync(datasets, dataset, wanted, call.Aborted))?.Number ?? 0 : dataset.Version;
        var examples = await datasets.ExamplesAsync(new ExampleQuery(dataset.Id, version), call.Aborted);
        return new(new JsonArray([.. examples.SelectMany(example => example.Splits).Distinct().Order(StringComparer.Ordinal).Select(split => (JsonNode)split)]));
    }

    /// <summary><c>PUT /datasets/{id}/splits {"split_name","examples","remove"}</c></summary>
    public async Task<LangSmithAnswer> ChangeSplitsAsync(LangSmithCall call)
    {
        var body = call.Object();
        var split = LangSmithCall.Text(body, "split_name");
        if (split.Length is 0 or > 200)
        {
            throw LangSmithRefusal.Invalid("split_name", "must be a text of 1 to 200 characters");
        }
        await EditSplitsAsync(call, LangSmithCall.Ids(body, "examples"), [split], LangSmithCall.Flag(body, "remove") ?? false);
        return new(new JsonArray((JsonNode)split));
    }

    /// <summary><c>PATCH /v1/platform/datasets/{id}/examples/metadata {"example_ids","operations":[{"key":"dataset_split","operation","values"}]}</c></summary>
    public async Task<LangSmithAnswer> EditMetadataAsync(LangSmithCall call)
    {
        var body = call.Object();
        var ids = LangSmithCall.Ids(body, "example_ids");
        foreach (var item in body["operations"] as JsonArray ?? throw LangSmithRefusal.Invalid("operations", "must be a list"))
        {
            var operation = item as JsonObject ?? throw LangSmithRefusal.Invalid("operations", "must be a list of objects");
            var remove = LangSmithCall.Text(operation, "operation").ToLowerInvariant() switch
            {
                "array_add" => false,
                "array_remove" => true,
                _ => throw LangSmithRefusal.Invalid("operations", "operation must be array_add or array_remove"),
            };
            if (LangSmithCall.Text(operation, "key") != LangSmithDatasetJson.SplitMember)
            {
                throw LangSmithRefusal.Invalid("operations", $"key can be {LangSmithDatasetJson.SplitMember} only");
            }
            await EditSplitsAsync(call, ids, LangSmithCall.Texts(operation, "values"), remove);
        }
        return new(new JsonObject { ["count"] = ids.Count });
    }

    private async Task EditSplitsAsync(LangSmithCall call, IReadOnlyList<Guid> ids, IReadOnlyList<string> splits, bool remove)
    {
        var dataset = await KnownAsync(call);
        var changed = await datasets.ReviseAsync(call.Project, dataset.Id, examples => new ExampleChanges(
            [.. examples.Where(example => ids.Contains(example.Id)).Select(example => ExampleDrafts.Of(example) with { Splits = [.. remove ? example.Splits.Except(splits) : example.Splits.Union(splits)] })], []), call.Aborted);
        LangSmithDatasetJson.Done(changed, "Dataset");
    }

    private async Task<Dataset> KnownAsync(LangSmithCall call)
    {
        var id = call.RouteId("id");
        return await datasets.FindAsync(call.Project, id, call.Aborted) ?? throw LangSmithRefusal.NotFound($"Dataset {id}");
    }

    private JsonObject Write(Dataset dataset) => LangSmithDatasetJson.Write(dataset, projects.OfDataset(dataset.Project, dataset.Id).Count());

    private static JsonObject WriteVersion(Dataset dataset, DatasetVersion version) => new()
    {
        ["as_of"] = RunJson.Time(version.CreatedAt),
        ["tags"] = new JsonArray([.. DatasetVersions.TagsOf(dataset, version).Select(tag => (JsonNode)tag)]),
    };

    private static DatasetDraft Draft(JsonObject body, DatasetDraft draft)
    {
        var metadata = LangSmithDatasetJson.Parse(draft.Metadata);
        var own = metadata[LangSmithDatasetJson.OwnMember]?.DeepClone() as JsonObject ?? [];
        foreach (var member in s_own)
        {
            if (body[member] is { } value)
            {
                own[member] = value.DeepClone();
            }
        }
        if ((LangSmithCall.Fields(body, "metadata") ?? JsonFields.Get(body["extra"], "metadata")?.DeepClone() as JsonObject) is { } said)
        {
            metadata = said;
        }
        metadata[LangSmithDatasetJson.OwnMember] = own;
        return draft with
        {
            Name = LangSmithCall.Text(body, "name") is { Length: > 0 } name ? name : draft.Name,
            Description = LangSmithCall.Text(body, "description") is { Length: > 0 } description ? description : draft.Description,
            Kind = LangSmithCall.Text(body, "data_type", 40) is { Length: > 0 } kind ? kind : draft.Kind,
            Metadata = LangSmithDatasetJson.Text(metadata),
        };
    }

    private static bool Has(Dataset dataset, JsonObject wanted)
    {
        var metadata = LangSmithDatasetJson.Parse(dataset.Metadata);
        return wanted.All(pair => JsonNode.DeepEquals(metadata[pair.Key], pair.Value));
    }
}
