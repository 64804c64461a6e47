using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Datasets;
using Bellwether.State;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary><c>/v1/datasets</c>: upload, versions and examples.</summary>
internal sealed class PhoenixDatasets(DatasetStore datasets)
{
    public async Task<PhoenixAnswer> ListAsync(PhoenixCall call)
    {
        var limit = call.Limit(usual: 100, most: 1_000);
        var query = new DatasetQuery(call.Project, limit + 1)
        {
            Name = call.Query("name") is { Length: > 0 } name ? name : null,
            After = call.Query("cursor") is { Length: > 0 } cursor ? Id("Dataset", cursor, "cursor") : null,
        };
        var found = await datasets.ListAsync(query, call.CancellationToken);
        return PhoenixAnswer.Page(found.Take(limit).Select(Json), found.Count > limit ? PhoenixIds.Of("Dataset", found[limit - 1].Id) : null);
    }

    public async Task<PhoenixAnswer> GetAsync(PhoenixCall call) => PhoenixAnswer.Data(Json(await FindAsync(call, "id")));

    public async Task<PhoenixAnswer> DeleteAsync(PhoenixCall call) =>
        await datasets.DeleteAsync(call.Project, Id("Dataset", call.Route("id"), null), call.CancellationToken)
            ? new PhoenixAnswer(null, StatusCodes.Status204NoContent)
            : throw PhoenixRefusal.NotFound("The dataset");

    public async Task<PhoenixAnswer> VersionsAsync(PhoenixCall call)
    {
        var dataset = await FindAsync(call, "id");
        var versions = await datasets.VersionsAsync(dataset.Id, call.Limit(usual: 100, most: 1_000), call.CancellationToken);
        return PhoenixAnswer.Page(
            versions.Select(version => (JsonNode)new JsonObject
            {
                ["version_id"] = PhoenixIds.Of("DatasetVersion", version.Id), ["description"] = null, ["metadata"] = new JsonObject(), ["created_at"] = PhoenixSpanJson.Time(version.CreatedAt),
            }),
            null);
    }

    public async Task<PhoenixAnswer> ExamplesAsync(PhoenixCall call)
    {
        var dataset = await FindAsync(call, "id");
        var version = (call.Query("version_id") is { Length: > 0 } wanted
            ? await datasets.FindVersionAsync(dataset.Id, Id("DatasetVersion", wanted, "version_id"), call.CancellationToken)
            : await datasets.FindVersionAsync(dataset.Id, dataset.Version, call.CancellationToken)) ?? throw PhoenixRefusal.NotFound("The dataset's version");
        var splits = call.QueryAll("split");
        var examples = await datasets.ExamplesAsync(new ExampleQuery(dataset.Id, version.Number) { Splits = splits.Length > 0 ? splits : null }, call.CancellationToken);
        return PhoenixAnswer.Data(new JsonObject
        {
            ["dataset_id"] = PhoenixIds.Of("Dataset", dataset.Id),
            ["version_id"] = PhoenixIds.Of("DatasetVersion", version.Id),
            ["filtered_splits"] = new JsonArray([.. splits.Select(split => (JsonNode)split)]),
            ["examples"] = new JsonArray([.. examples.Select(Json)]),
        });
    }

    public async Task<PhoenixAnswer> UploadAsync(PhoenixCall call)
    {
        var body = (JsonObject)call.Body!;
        var action = JsonFields.Text(body["action"]) is { Length: > 0 } said ? said : "create";
        if (action is not ("create" or "append" or "update"))
        {
            throw PhoenixRefusal.Invalid("action: must be create, append or update");
        }
        var examples = PhoenixUpload.Read(body).ConvertAll(datasets.AsStored);
        var name = JsonFields.Text(body["name"]);
        var dataset = await datasets.FindAsync(call.Project, name, call.CancellationToken);
        var isNew = dataset is null;
        if (dataset is null || action == "create")
        {
            // The name that is taken is told by the store, also when two clients create it at the same moment.
            var made = await datasets.CreateAsync(call.Project, new DatasetDraft(name) { Description = JsonFields.Text(body["description"]), Metadata = "{}" }, call.CancellationToken);
            dataset = made.Outcome == ChangeOutcome.Done ? made.Value! : throw PhoenixRefusal.Of(made, "The dataset");
        }
        var changes = ExampleChanges.Add(examples);
        var revised = action == "update"
            ? await datasets.ReviseAsync(call.Project, dataset.Id, known => changes = PhoenixUpload.Match(known, examples), call.CancellationToken)
            : await datasets.ReviseAsync(call.Project, dataset.Id, changes, call.CancellationToken);
        if (revised.Outcome != ChangeOutcome.Done)
        {
            if (isNew)
            {
                await datasets.DeleteAsync(call.Project, dataset.Id, call.CancellationToken);
            }
            throw PhoenixRefusal.Of(revised, "The dataset");
        }
        return PhoenixAnswer.Data(new JsonObject
        {
            ["dataset_id"] = PhoenixIds.Of("Dataset", dataset.Id),
            ["version_id"] = PhoenixIds.Of("DatasetVersion", revised.Value!.Id),
            ["num_created_examples"] = changes.Write.Count(draft => draft.Id is null),
            ["num_updated_examples"] = changes.Write.Count(draft => draft.Id is not null),
            ["num_deleted_examples"] = changes.Remove.Count,
        });
    }

    /// <summary>The dataset that the path names.</summary>
    public async Task<Dataset> FindAsync(PhoenixCall call, string route) =>
        await datasets.FindAsync(call.Project, Id("Dataset", call.Route(route), null), call.CancellationToken) ?? throw PhoenixRefusal.NotFound("The dataset");

    /// <param name="type">What it is the id of.</param>
    /// <param name="text">The id.</param>
    /// <param name="field">Where it stands; null for the path, of which nothing is found then.</param>
    public static Guid Id(string type, string text, string? field) =>
        PhoenixIds.Read(type, text) ?? throw (field is null ? PhoenixRefusal.NotFound("The " + type.ToLower(CultureInfo.InvariantCulture)) : PhoenixRefusal.Invalid($"{field}: is no id of a {type}"));

    /// <summary>JSON that was checked when it was stored.</summary>
    public static JsonNode? Parse(string json) => json.Length == 0 ? null : JsonNode.Parse(json, documentOptions: new() { MaxDepth = 256 });

    private static JsonNode Json(Dataset dataset) => new JsonObject
    {
        ["id"] = PhoenixIds.Of("Dataset", dataset.Id),
        ["name"] = dataset.Name,
        ["description"] = dataset.Description.Length > 0 ? dataset.Description : null,
        ["metadata"] = Parse(dataset.Metadata),
        ["created_at"] = PhoenixSpanJson.Time(dataset.CreatedAt),
        ["updated_at"] = PhoenixSpanJson.Time(dataset.UpdatedAt),
        ["example_count"] = dataset.ExampleCount,
    };

    private static JsonNode Json(Example example)
    {
        var id = PhoenixIds.Of("DatasetExample", example.Id);
        return new JsonObject
        {
            ["id"] = example.ExternalId.Length > 0 ? example.ExternalId : id,
            ["node_id"] = id,
            ["input"] = Parse(example.Input) ?? new JsonObject(),
            ["output"] = Parse(example.Output) ?? new JsonObject(),
            ["metadata"] = Parse(example.Metadata),
            ["updated_at"] = PhoenixSpanJson.Time(example.UpdatedAt),
        };
    }
}
