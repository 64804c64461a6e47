using System.Text.Json.Nodes;
using Bellwether.Datasets;

namespace Bellwether.Ingest;

/// <summary>Finds a version as LangSmith's clients name it: by an instant, by a tag, or <c>latest</c>.</summary>
internal static class DatasetVersions
{
    public static readonly string Latest = "latest";

    /// <returns>Null when there is no such version, or none at all.</returns>
    public static async Task<DatasetVersion?> FindAsync(DatasetStore datasets, Dataset dataset, string wanted, CancellationToken cancellationToken)
    {
        if (wanted.Length == 0 || wanted == Latest)
        {
            return await datasets.FindVersionAsync(dataset.Id, dataset.Version, cancellationToken);
        }
        if (JsonFields.Number(Tags(dataset)[wanted]) is { } number)
        {
            return await datasets.FindVersionAsync(dataset.Id, (int)number, cancellationToken);
        }
        var time = JsonFields.Time(JsonValue.Create(wanted)) ?? throw LangSmithRefusal.Invalid("as_of", "must be an instant such as 2026-11-26T12:00:00Z, or a tag of the dataset");
        // Versions are kept by the millisecond, and clients name them by the time that they were answered with.
        return await datasets.FindVersionAsync(dataset.Id, time, cancellationToken);
    }

    public static IEnumerable<string> TagsOf(Dataset dataset, DatasetVersion version)
    {
        if (version.Number == dataset.Version)
        {
            yield return Latest;
        }
        foreach (var (tag, number) in Tags(dataset))
        {
            if (JsonFields.Number(number) == version.Number)
            {
                yield return tag;
            }
        }
    }

    private static JsonObject Tags(Dataset dataset) =>
        JsonFields.Get(LangSmithDatasetJson.Parse(dataset.Metadata)[LangSmithDatasetJson.OwnMember], "tags") as JsonObject ?? [];
}
