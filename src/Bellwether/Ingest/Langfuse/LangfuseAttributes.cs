using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Everything of a trace or step but its texts, as it was said: what comes later is laid over this and not over what we made of it.</summary>
internal static class LangfuseAttributes
{
    private const int MostBytes = 256 * 1024;
    private const int MostProperties = 64;
    private const int LongestName = 200;
    private const int LongestValue = 1_000;
    private static readonly string[] s_texts = ["input", "output"];
    // When the newest of what was laid together was made.
    private static readonly string s_at = "bellwether.at";

    public static JsonObject Read(TelemetryRecord? prior) =>
        prior is { Payload.Attributes.IsEmpty: false } && LooseJson.TryParse(prior.Payload.Attributes.Span, out var node) && node is JsonObject known ? known : [];

    /// <summary>Lays what a request says and what is known together; the newer of the two says the last word.</summary>
    public static JsonObject Merge(LangfuseWrite write, TelemetryRecord? prior, out bool isNewer)
    {
        var known = Read(prior);
        var said = write.Fold();
        var at = JsonFields.Time(known[s_at]);
        isNewer = at is null || write.At >= at;
        LangfuseWrite.Earliest(known, said);
        if (said["timestamp"] is not null)
        {
            known.Remove("timestamp");
        }
        var (below, above) = isNewer ? (known, said) : (said, known);
        JsonFields.Overlay(below, above);
        below[s_at] = (isNewer ? write.At : at!.Value).ToString("O", CultureInfo.InvariantCulture);
        return below;
    }

    public static byte[] Write(JsonObject step)
    {
        foreach (var name in s_texts)
        {
            step.Remove(name);
        }
        var bytes = JsonFields.Bytes(step);
        if (bytes.Length <= MostBytes)
        {
            return bytes;
        }
        // Only what nothing is read from can be so long: metadata, and parameters.
        var cut = new JsonArray();
        foreach (var (name, value) in step.Where(member => member.Value is JsonObject or JsonArray || JsonFields.Text(member.Value).Length > LongestValue)
            .OrderByDescending(member => JsonFields.Bytes(member.Value!).Length).ToArray())
        {
            step.Remove(name);
            cut.Add((JsonNode)JsonFields.Short(name, LongestName));
            step["bellwether.cut"] = cut.DeepClone();
            bytes = JsonFields.Bytes(step);
            if (bytes.Length <= MostBytes)
            {
                break;
            }
        }
        return bytes.Length <= MostBytes ? bytes : JsonFields.Bytes(new JsonObject { ["bellwether.cut"] = cut.DeepClone() });
    }

    /// <summary>What is said of a step itself; of a trace also its tags.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Properties(JsonObject step)
    {
        var found = new List<KeyValuePair<string, string>>();
        if (step["tags"] is JsonArray tags)
        {
            Add("tags", string.Join(',', tags.Select(JsonFields.Text).Where(tag => tag.Length > 0)));
        }
        Add("release", JsonFields.Text(step["release"]));
        Add("version", JsonFields.Text(step["version"]));
        Add("environment", JsonFields.Text(step["environment"]));
        if (JsonFields.Text(step["level"]) is { Length: > 0 } level && level != "DEFAULT")
        {
            Add("level", level);
        }
        if (LangfuseKinds.Name(step) is "EVENT" or "CHAIN" or "EVALUATOR" or "GUARDRAIL")
        {
            Add(LangfuseView.TypeProperty, LangfuseKinds.Name(step).ToLowerInvariant());
        }
        if (step["metadata"] is JsonObject metadata)
        {
            foreach (var (name, value) in metadata)
            {
                Add(name, JsonFields.Scalar(value));
            }
        }
        else
        {
            Add("metadata", JsonFields.Scalar(step["metadata"]));
        }
        return [.. found.DistinctBy(property => property.Key)];

        void Add(string name, string value)
        {
            if (value.Length > 0 && name.Length > 0 && found.Count < MostProperties)
            {
                found.Add(new(JsonFields.Short(name, LongestName), JsonFields.Short(value, LongestValue)));
            }
        }
    }

    /// <summary>A step's own and those of its trace that it does not have itself.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Join(ImmutableArray<KeyValuePair<string, string>> own, ImmutableArray<KeyValuePair<string, string>> trace) =>
        trace.IsEmpty ? own : [.. own.Concat(trace).DistinctBy(property => property.Key).Take(MostProperties)];
}
