using System.Text;
using System.Text.Json.Nodes;
using Bellwether.Datasets;

namespace Bellwether.Ingest;

/// <summary>The examples of an upload: lists of equal length, one for each of their parts.</summary>
internal static class PhoenixUpload
{
    public static List<ExampleDraft> Read(JsonObject body)
    {
        if (body["inputs"] is not JsonArray inputs)
        {
            throw PhoenixRefusal.Invalid("inputs: must be an array of objects");
        }
        var outputs = Part(body, "outputs", inputs.Count);
        var metadata = Part(body, "metadata", inputs.Count);
        var splits = Part(body, "splits", inputs.Count);
        var spans = Part(body, "span_ids", inputs.Count);
        var ids = Part(body, "example_ids", inputs.Count);
        var examples = new List<ExampleDraft>(inputs.Count);
        for (var i = 0; i < inputs.Count; i++)
        {
            examples.Add(new ExampleDraft
            {
                Input = Object(inputs[i], "inputs", i),
                Output = Object(outputs?[i] ?? new JsonObject(), "outputs", i),
                Metadata = Object(metadata?[i] ?? new JsonObject(), "metadata", i),
                Splits = Splits(splits?[i], i),
                Source = JsonFields.Short(JsonFields.Text(spans?[i]), 64),
                ExternalId = JsonFields.Short(JsonFields.Text(ids?[i]), 200),
            });
        }
        if (examples.Where(example => example.ExternalId.Length > 0).GroupBy(example => example.ExternalId).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw PhoenixRefusal.Invalid($"example_ids: {JsonFields.Short(twice.Key, 40)} stands there twice");
        }
        return examples;
    }

    /// <summary>What makes the dataset the same as what was uploaded: examples are known by their own id, else by what they hold.</summary>
    public static ExampleChanges Match(IReadOnlyList<Example> known, IReadOnlyList<ExampleDraft> wanted)
    {
        var named = known.Where(example => example.ExternalId.Length > 0).ToDictionary(example => example.ExternalId, StringComparer.Ordinal);
        var unnamed = known.Where(example => example.ExternalId.Length == 0)
            .GroupBy(example => (example.Input, example.Output, example.Metadata))
            .ToDictionary(group => group.Key, group => new Queue<Example>(group));
        var kept = new HashSet<Guid>();
        var write = new List<ExampleDraft>();
        foreach (var draft in wanted)
        {
            var found = draft.ExternalId.Length > 0 ? named.GetValueOrDefault(draft.ExternalId)
                : unnamed.TryGetValue((draft.Input, draft.Output, draft.Metadata), out var same) && same.TryDequeue(out var first) ? first
                : null;
            if (found is null)
            {
                write.Add(draft);
                continue;
            }
            kept.Add(found.Id);
            if ((found.Input, found.Output, found.Metadata) != (draft.Input, draft.Output, draft.Metadata) || !found.Splits.SequenceEqual(draft.Splits))
            {
                write.Add(draft with { Id = found.Id });
            }
        }
        return new ExampleChanges(write, [.. known.Where(example => !kept.Contains(example.Id)).Select(example => example.Id)]);
    }

    private static JsonArray? Part(JsonObject body, string name, int count) => body[name] switch
    {
        null => null,
        JsonArray part when part.Count == count => part,
        JsonArray { Count: 0 } => null,
        JsonArray => throw PhoenixRefusal.Invalid($"{name}: must have as many items as inputs"),
        _ => throw PhoenixRefusal.Invalid($"{name}: must be an array"),
    };

    private static string Object(JsonNode? node, string name, int index) =>
        node is JsonObject ? Encoding.UTF8.GetString(JsonFields.Bytes(node)) : throw PhoenixRefusal.Invalid(FormattableString.Invariant($"{name}[{index}]: must be an object"));

    private static string[] Splits(JsonNode? node, int index) => node switch
    {
        null => [],
        JsonArray many when many.All(item => JsonFields.Text(item).Length > 0) => [.. many.Select(JsonFields.Text).Distinct().Order(StringComparer.Ordinal)],
        JsonValue when JsonFields.Text(node) is { Length: > 0 } one => [one],
        _ => throw PhoenixRefusal.Invalid(FormattableString.Invariant($"splits[{index}]: must be a text, a list of texts or null")),
    };
}
