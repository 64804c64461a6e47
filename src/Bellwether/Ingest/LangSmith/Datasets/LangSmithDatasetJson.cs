using System.Text;
using System.Text.Json.Nodes;
using Bellwether.Datasets;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>Datasets and examples as LangSmith's API writes them.</summary>
internal static class LangSmithDatasetJson
{
    /// <summary>Member of a dataset's metadata for what only LangSmith's clients know: schemas, extra, tags of versions.</summary>
    public static readonly string OwnMember = "langsmith";

    /// <summary>Where LangSmith keeps the splits of an example.</summary>
    public static readonly string SplitMember = "dataset_split";

    public static JsonObject Parse(string json) => RunBatch.Parse(Encoding.UTF8.GetBytes(json)) as JsonObject ?? [];

    public static string Text(JsonNode node) => Encoding.UTF8.GetString(JsonFields.Bytes(node));

    /// <param name="dataset">The dataset.</param>
    /// <param name="experiments">How many experiments there are on it.</param>
    public static JsonObject Write(Dataset dataset, int experiments)
    {
        var metadata = Parse(dataset.Metadata);
        var own = metadata[OwnMember] as JsonObject ?? [];
        metadata.Remove(OwnMember);
        return new JsonObject
        {
            ["id"] = dataset.Id.ToString(),
            ["tenant_id"] = RunIds.Tenant(dataset.Project).ToString(),
            ["name"] = dataset.Name,
            ["description"] = dataset.Description.Length > 0 ? dataset.Description : null,
            ["data_type"] = dataset.Kind.Length > 0 ? dataset.Kind : "kv",
            ["created_at"] = RunJson.Time(dataset.CreatedAt),
            ["modified_at"] = RunJson.Time(dataset.UpdatedAt),
            ["example_count"] = dataset.ExampleCount,
            ["session_count"] = experiments,
            ["last_session_start_time"] = null,
            ["extra"] = own["extra"]?.DeepClone(),
            ["metadata"] = metadata,
            ["inputs_schema_definition"] = own["inputs_schema_definition"]?.DeepClone(),
            ["outputs_schema_definition"] = own["outputs_schema_definition"]?.DeepClone(),
        };
    }

    /// <param name="example">The example.</param>
    /// <param name="attachments">Where its attachments are, when that is answered and it has some.</param>
    public static JsonObject Write(Example example, JsonObject? attachments)
    {
        var metadata = Parse(example.Metadata);
        metadata[SplitMember] = new JsonArray([.. example.Splits.Select(split => (JsonNode)split)]);
        return new JsonObject
        {
            ["id"] = example.Id.ToString(),
            ["dataset_id"] = example.Dataset.ToString(),
            ["name"] = $"#{example.Id.ToString()[..8]}",
            ["inputs"] = Fields(example.Input, "input"),
            ["outputs"] = example.Output.Length > 0 ? Fields(example.Output, "output") : null,
            ["metadata"] = metadata,
            ["created_at"] = RunJson.Time(example.CreatedAt),
            ["modified_at"] = RunJson.Time(example.UpdatedAt),
            ["source_run_id"] = JsonFields.Id(JsonValue.Create(example.Source))?.ToString(),
            ["attachment_urls"] = attachments,
        };
    }

    /// <summary>What a change of datasets came to; anything but "done" is the answer.</summary>
    public static T Done<T>(Change<T> change, string what) where T : class => change.Outcome switch
    {
        ChangeOutcome.Done => change.Value!,
        ChangeOutcome.Invalid => throw LangSmithRefusal.Invalid(change.Errors.Keys.First(), string.Join("; ", change.Errors.Values.First())),
        ChangeOutcome.NotFound => throw LangSmithRefusal.NotFound(what),
        ChangeOutcome.Forbidden => throw new LangSmithRefusal(StatusCodes.Status403Forbidden, "forbidden", "You may not do this."),
        ChangeOutcome.Conflict => throw LangSmithRefusal.Conflict($"{what} already exists: {change.Errors.Keys.First()} {change.Errors.Values.First()[0]}."),
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };

    // Other clients may keep a plain value.
    private static JsonObject Fields(string json, string name) =>
        RunBatch.Parse(Encoding.UTF8.GetBytes(json)) switch { JsonObject fields => fields, { } value => new JsonObject { [name] = value }, null => [] };
}
