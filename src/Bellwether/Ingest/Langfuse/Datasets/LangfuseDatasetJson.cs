using System.Text.Json.Nodes;
using Bellwether.Datasets;
using Bellwether.State;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>Datasets and their items as Langfuse's API writes them. They are Bellwether's own, which other dialects read too.</summary>
internal static class LangfuseDatasetJson
{
    // Of an item's or dataset's metadata, what only Langfuse's clients know.
    private const string OwnMember = "langfuse";

    public static JsonObject Write(Dataset dataset) => new()
    {
        ["id"] = dataset.Id.ToString(),
        ["name"] = dataset.Name,
        ["description"] = dataset.Description.Length > 0 ? dataset.Description : null,
        ["metadata"] = Metadata(dataset.Metadata),
        ["inputSchema"] = null,
        ["expectedOutputSchema"] = null,
        ["projectId"] = dataset.Project.Value,
        ["createdAt"] = LangfuseView.Time(dataset.CreatedAt),
        ["updatedAt"] = LangfuseView.Time(dataset.UpdatedAt),
    };

    public static JsonObject Write(Example item, Dataset dataset)
    {
        var own = Own(item.Metadata);
        return new JsonObject
        {
            ["id"] = IdOf(item),
            ["status"] = "ACTIVE",
            ["input"] = Value(item.Input),
            ["expectedOutput"] = Value(item.Output),
            ["metadata"] = Metadata(item.Metadata),
            ["sourceTraceId"] = own["sourceTraceId"]?.DeepClone(),
            ["sourceObservationId"] = own["sourceObservationId"]?.DeepClone(),
            ["datasetId"] = dataset.Id.ToString(),
            ["datasetName"] = dataset.Name,
            ["createdAt"] = LangfuseView.Time(item.CreatedAt),
            ["updatedAt"] = LangfuseView.Time(item.UpdatedAt),
            ["mediaReferences"] = new JsonArray(),
        };
    }

    /// <summary>As its client named it.</summary>
    public static string IdOf(Example item) => item.ExternalId.Length > 0 ? item.ExternalId : item.Id.ToString();

    /// <summary>Metadata may be any JSON there and is an object here: what is none stands inside.</summary>
    /// <param name="said">What the client said.</param>
    /// <param name="own">What else is to be kept.</param>
    public static string Kept(JsonNode? said, JsonObject own)
    {
        var kept = said is JsonObject ? (JsonObject)said.DeepClone() : [];
        if (said is not (null or JsonObject))
        {
            own["metadata"] = said.DeepClone();
        }
        kept.Remove(OwnMember);
        if (own.Count > 0)
        {
            kept[OwnMember] = own;
        }
        return LangSmithDatasetJson.Text(kept);
    }

    /// <summary>What a change of datasets came to; anything but "done" is the answer.</summary>
    public static T Done<T>(Change<T> change, string what) where T : class => change.Outcome switch
    {
        ChangeOutcome.Done => change.Value!,
        ChangeOutcome.Invalid => throw LangfuseDoor.Invalid(change.Errors.Keys.First(), string.Join("; ", change.Errors.Values.First())),
        ChangeOutcome.Conflict => throw new IngestRefusal(StatusCodes.Status409Conflict, "conflict", $"{change.Errors.Keys.First()}: {change.Errors.Values.First()[0]}"),
        ChangeOutcome.NotFound or ChangeOutcome.Forbidden => throw LangfuseDoor.NotFound(what),
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };

    private static JsonNode? Metadata(string stored)
    {
        var all = LangSmithDatasetJson.Parse(stored);
        var plain = (all[OwnMember] as JsonObject)?["metadata"]?.DeepClone();
        all.Remove(OwnMember);
        all.Remove(LangSmithDatasetJson.OwnMember);
        return plain ?? (all.Count > 0 ? all : null);
    }

    private static JsonObject Own(string stored) => LangSmithDatasetJson.Parse(stored)[OwnMember] as JsonObject ?? [];

    private static JsonNode? Value(string json) => json.Length == 0 ? null : RunBatch.Parse(System.Text.Encoding.UTF8.GetBytes(json));
}
