using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>A run as LangSmith's API answers it.</summary>
internal static class RunJson
{
    // What only the payload knows; a list that asks for none of it reads none.
    private static readonly string[] s_ofPayload =
        ["inputs", "outputs", "inputs_preview", "outputs_preview", "extra", "metadata", "events", "dotted_order", "parent_run_ids", "serialized", "manifest", "attachments", "s3_urls"];
    private const int PreviewLength = 250;

    public static bool NeedsPayload(IReadOnlySet<string>? select) => select is null || s_ofPayload.Any(select.Contains);

    public static bool NeedsFeedback(IReadOnlySet<string>? select) => select is null || select.Contains("feedback_stats");

    /// <param name="run">The run.</param>
    /// <param name="payload">Its texts; null where they were not asked for.</param>
    /// <param name="feedback">What was said of it.</param>
    /// <param name="session">Id of its project.</param>
    /// <param name="select">The fields to write; null for all.</param>
    public static JsonObject Write(Observation run, ObservationPayload? payload, IReadOnlyList<Annotation> feedback, Guid session, IReadOnlySet<string>? select)
    {
        var said = RunAttributes.Read(payload);
        var trace = RunIds.Trace(run);
        var parent = RunIds.Parent(run);
        var end = RunFacts.End(run);
        var order = DottedOrder(said, run, trace, parent);
        var json = new JsonObject
        {
            ["id"] = run.Id.ToString(),
            ["name"] = run.Name,
            ["run_type"] = RunFacts.Type(run),
            ["status"] = RunFacts.Status(run),
            ["start_time"] = Time(run.StartTime),
            ["end_time"] = Time(end),
            ["latency_seconds"] = end is null ? null : run.Timings.TotalMs / 1_000,
            ["first_token_time"] = run.Timings.TtftMs is { } ttft ? Time(run.StartTime.AddMilliseconds(ttft)) : null,
            ["error"] = run.ErrorMessage.Length == 0 ? null : JsonFields.Text(said["error"]) is { Length: > 0 } whole ? whole : run.ErrorMessage,
            ["trace_id"] = trace.ToString(),
            ["parent_run_id"] = parent?.ToString(),
            ["parent_run_ids"] = Parents(order, parent),
            ["is_root"] = parent is null,
            ["dotted_order"] = order,
            ["session_id"] = session.ToString(),
            ["project_id"] = session.ToString(),
            ["thread_id"] = run.Session.Length > 0 ? run.Session : null,
            ["reference_example_id"] = RunFacts.Property(run, RunFacts.ExampleProperty) is { Length: > 0 } example ? example : null,
            ["tags"] = new JsonArray([.. RunFacts.Tags(run).Select(tag => (JsonNode)tag)]),
            ["total_tokens"] = run.Usage.TotalTokens,
            ["prompt_tokens"] = run.Usage.InputTokens ?? 0,
            ["completion_tokens"] = run.Usage.OutputTokens ?? 0,
            ["total_cost"] = run.Cost?.TotalUsd,
            ["prompt_cost"] = run.Cost?.InputUsd,
            ["completion_cost"] = run.Cost?.OutputUsd,
            ["app_path"] = $"/requests/{run.Id}",
            ["execution_order"] = 1,
            ["child_run_ids"] = null,
            ["feedback_stats"] = FeedbackJson(feedback),
        };
        if (payload is not null)
        {
            var extra = said["extra"]?.DeepClone() as JsonObject ?? [];
            if (extra["metadata"] is not JsonObject metadata)
            {
                extra["metadata"] = metadata = [];
            }
            foreach (var (name, value) in RunFacts.Metadata(run))
            {
                if (!metadata.ContainsKey(name))
                {
                    metadata[name] = value;
                }
            }
            json["extra"] = extra;
            json["metadata"] = metadata.DeepClone();
            json["events"] = said["events"]?.DeepClone() ?? new JsonArray();
            json["inputs"] = Texts(payload.Input, "input");
            json["outputs"] = payload.Output.IsEmpty ? null : Texts(payload.Output, "output");
            json["inputs_preview"] = Preview(payload.Input);
            json["outputs_preview"] = Preview(payload.Output);
            json["serialized"] = null;
        }
        if (select is null)
        {
            return json;
        }
        foreach (var name in json.Select(member => member.Key).ToList())
        {
            if (name != "id" && !select.Contains(name))
            {
                json.Remove(name);
            }
        }
        return json;
    }

    /// <summary>Counts, mean and values by key, as LangSmith's pages and experiments show them.</summary>
    public static JsonObject FeedbackJson(IEnumerable<Annotation> feedback)
    {
        var stats = new JsonObject();
        foreach (var key in feedback.GroupBy(said => said.Name).OrderBy(key => key.Key, StringComparer.Ordinal))
        {
            var numbers = key.Where(said => said.Number is { } number && double.IsFinite(number)).Select(said => said.Number!.Value).ToList();
            var values = new JsonObject();
            foreach (var value in key.Where(said => said.Category.Length > 0).GroupBy(said => said.Category))
            {
                values[value.Key] = value.Count();
            }
            stats[key.Key] = new JsonObject
            {
                ["n"] = key.Count(),
                ["avg"] = numbers.Count > 0 ? numbers.Average() : null,
                ["values"] = values,
            };
        }
        return stats;
    }

    public static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    // Runs of other dialects have none: root and run are known, what is between them is not.
    private static string DottedOrder(JsonObject said, Observation run, Guid trace, Guid? parent)
    {
        if (JsonFields.Text(said["dotted_order"]) is { Length: > 0 } order)
        {
            return order;
        }
        var time = run.StartTime.UtcDateTime.ToString("yyyyMMdd'T'HHmmssffffff'Z'", CultureInfo.InvariantCulture);
        return parent is null ? time + run.Id
            : parent == trace ? $"{time}{trace}.{time}{run.Id}"
            : $"{time}{trace}.{time}{parent}.{time}{run.Id}";
    }

    private static JsonArray Parents(string order, Guid? parent)
    {
        var ids = order.Split('.').SkipLast(1).Where(segment => segment.Length > 36).Select(segment => segment[^36..]).ToList();
        if (ids.Count == 0 && parent is { } known)
        {
            ids.Add(known.ToString());
        }
        return new JsonArray([.. ids.Select(id => (JsonNode)id)]);
    }

    // Texts of other dialects may be no JSON, and what was cut is none either.
    private static JsonObject Texts(ReadOnlyMemory<byte> text, string name) =>
        text.IsEmpty ? [] : RunBatch.Parse(text.Span) switch
        {
            JsonObject fields => fields,
            { } value => new JsonObject { [name] = value },
            null => new JsonObject { [name] = System.Text.Encoding.UTF8.GetString(text.Span) },
        };

    private static string? Preview(ReadOnlyMemory<byte> text) =>
        text.IsEmpty ? null : JsonFields.Short(System.Text.Encoding.UTF8.GetString(text.Span[..Math.Min(text.Length, PreviewLength * 4)]), PreviewLength);
}
