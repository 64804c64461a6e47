using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// Everything of a run but its texts, as it was said: a later patch is laid over the run and not over what we made of it.
/// </summary>
internal static class RunAttributes
{
    private const int MostBytes = 256 * 1024;
    private const int MostEvents = 100;
    private const int MostNames = 50;
    private const int MostProperties = 64;
    private const int LongestName = 200;
    private const int LongestValue = 1_000;
    private static readonly string[] s_texts = ["inputs", "outputs", "serialized", "child_runs"];

    public static JsonObject Read(ObservationPayload? payload) =>
        payload is { Attributes.IsEmpty: false } && RunBatch.Parse(payload.Attributes.Span) is JsonObject known ? known : [];

    public static byte[] Write(JsonObject run)
    {
        foreach (var name in s_texts)
        {
            run.Remove(name);
        }
        TrimEvents(run);
        var bytes = JsonFields.Bytes(run);
        if (bytes.Length <= MostBytes)
        {
            return bytes;
        }
        Cut(run, bytes.Length);
        return JsonFields.Bytes(run);
    }

    public static ImmutableArray<KeyValuePair<string, string>> Properties(JsonObject run, JsonNode? metadata)
    {
        var found = new List<KeyValuePair<string, string>>();
        Add(RunFacts.ProjectProperty, JsonFields.First(run["session_name"], run["session_id"], run["address"]));
        Add(RunFacts.ExampleProperty, JsonFields.Id(run["reference_example_id"])?.ToString() ?? "");
        var type = JsonFields.Text(run["run_type"]);
        Add(RunFacts.TypeProperty, type is "prompt" or "parser" ? type : "");
        foreach (var tag in run["tags"] as JsonArray ?? [])
        {
            if (JsonFields.Text(tag) is { Length: > 0 } name)
            {
                Add(RunFacts.TagPrefix + name, "true");
            }
        }
        foreach (var (name, value) in metadata as JsonObject ?? [])
        {
            Add(name, JsonFields.Scalar(value));
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

    // A stream has an event for every token, with the token in it: the first says when the answer began, the others are the output.
    private static void TrimEvents(JsonObject run)
    {
        if (run["events"] is not JsonArray events)
        {
            return;
        }
        var kept = new List<JsonNode?>();
        var token = false;
        foreach (var item in events)
        {
            if (kept.Count < MostEvents && (!token || !RunClock.IsToken(item)))
            {
                token |= RunClock.IsToken(item);
                kept.Add(item);
            }
        }
        if (kept.Count == events.Count)
        {
            return;
        }
        run["bellwether.events_left_out"] = (JsonFields.Count(run["bellwether.events_left_out"]) ?? 0) + events.Count - kept.Count;
        events.Clear();
        kept.ForEach(events.Add);
    }

    // The largest go first, and their names stay.
    private static void Cut(JsonObject run, long size)
    {
        var extra = run["extra"] as JsonObject;
        var metadata = extra?["metadata"] as JsonObject;
        var members = run.Where(member => member.Value != extra || extra is null).Select(member => (Owner: run, member.Key, member.Value))
            .Concat((extra ?? []).Where(member => member.Value != metadata || metadata is null).Select(member => (Owner: extra!, member.Key, member.Value)))
            .Concat((metadata ?? []).Select(member => (Owner: metadata!, member.Key, member.Value)))
            .Select(member => (member.Owner, Name: member.Key, Size: (member.Value is { } value ? JsonFields.Bytes(value).Length : 4) + (3 * member.Key.Length) + 4))
            .OrderByDescending(member => member.Size)
            .ToList();
        var names = new JsonArray();
        foreach (var (owner, name, bytes) in members)
        {
            if (size <= MostBytes)
            {
                break;
            }
            owner.Remove(name);
            size -= bytes;
            if (names.Count < MostNames)
            {
                names.Add((JsonNode)JsonFields.Short(name, LongestName));
            }
        }
        run["bellwether.cut"] = names;
    }
}
