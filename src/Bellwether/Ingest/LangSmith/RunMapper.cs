using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>
/// A LangSmith run as an observation. Everything but the texts is kept in the attributes too, so that a later patch can be laid
/// over the whole run and not over what we made of it.
/// </summary>
internal static class RunMapper
{
    private const int LongestName = 200;
    private const int LongestValue = 1_000;
    private const int MostProperties = 64;
    private static readonly string[] s_texts = ["inputs", "outputs", "serialized", "child_runs"];

    /// <param name="prior">The version that is known, or null.</param>
    public static TelemetryRecord Map(RunWrite write, (Observation Observation, ObservationPayload Payload)? prior, ApiKey key, DateTimeOffset now)
    {
        var run = Known(prior?.Payload);
        JsonFields.Overlay(run, write.Fields);
        var inputs = run["inputs"];
        var outputs = run["outputs"];
        var before = prior?.Observation;
        var extra = run["extra"];
        var metadata = JsonFields.Get(extra, "metadata");
        var invocation = JsonFields.Get(extra, "invocation_params");
        var model = JsonFields.First(JsonFields.Get(metadata, "ls_model_name"), JsonFields.Get(invocation, "model"), JsonFields.Get(invocation, "model_name"), JsonFields.Get(inputs, "model"));
        var answered = JsonFields.First(JsonFields.Get(outputs, "model"), model);
        var kind = Kind(JsonFields.Text(run["run_type"]));
        var isModel = kind is ObservationKind.Llm or ObservationKind.Embedding;
        var start = JsonFields.Time(run["start_time"]) ?? before?.StartTime ?? TimeOf(write.Id) ?? now;
        var end = JsonFields.Time(run["end_time"]);
        var error = JsonFields.Scalar(run["error"]);
        // A parent repeats the usage of its children in its outputs: only the model's own step counts.
        var usage = isModel ? RunUsage.Read(outputs, metadata) : Usage.None;
        var chat = isModel ? RunMessages.Input(inputs, model) : null;
        var finish = "";
        var answer = isModel ? RunMessages.Output(outputs, out finish) : null;
        var provider = JsonFields.Text(JsonFields.Get(metadata, "ls_provider"));
        var observation = new Observation
        {
            Id = write.Id,
            Project = key.Project,
            StartTime = start,
            Kind = kind,
            State = error.Length > 0 ? ObservationState.ProviderError : end is null ? ObservationState.Running : ObservationState.Ok,
            TraceId = Hex(JsonFields.Id(run["trace_id"]) ?? Root(run) ?? (run["parent_run_id"] is null ? write.Id : null)),
            SpanId = write.Id.ToString(),
            ParentId = (JsonFields.Id(run["parent_run_id"]) ?? Parent(run))?.ToString() ?? "",
            Name = Short(JsonFields.Text(run["name"]), LongestName),
            Operation = kind switch { ObservationKind.Llm => "chat", ObservationKind.Embedding => "embeddings", _ => "" },
            Surface = "langsmith",
            Provider = Short(provider, LongestName),
            PriceProvider = Short(provider, LongestName),
            RequestModel = isModel ? Short(model, LongestName) : "",
            Model = isModel ? Short(answered, LongestName) : "",
            Endpoint = Short(JsonFields.First(run["session_name"], run["address"]), LongestName),
            User = Short(JsonFields.First(JsonFields.Get(metadata, "user_id"), JsonFields.Get(metadata, "ls_user_id")), LongestName),
            Session = Short(JsonFields.First(JsonFields.Get(metadata, "session_id"), JsonFields.Get(metadata, "thread_id"), JsonFields.Get(metadata, "conversation_id")), LongestName),
            KeyId = key.Id,
            FinishReason = Short(finish, LongestName),
            ErrorType = error.Length > 0 ? ErrorTypes.Unavailable : "",
            ErrorMessage = Short(error, LongestValue),
            Timings = Timings(run, start, end),
            Usage = usage.IsKnown ? usage : before?.Usage ?? Usage.None,
            MessageCount = (chat?["messages"] as JsonArray)?.Count ?? before?.MessageCount ?? 0,
            ToolCallCount = (answer?["tool_calls"] as JsonArray)?.Count ?? before?.ToolCallCount ?? 0,
            Properties = Properties(run, metadata),
        };
        var payload = new ObservationPayload
        {
            Input = inputs is null ? prior?.Payload.Input ?? default : Bytes(chat ?? inputs),
            Output = outputs is null ? prior?.Payload.Output ?? default : Bytes(answer ?? outputs),
            OutputAssembled = outputs is null ? prior?.Payload.OutputAssembled ?? false : answer is not null,
            Attributes = Rest(run),
        };
        if (outputs is null && before is not null)
        {
            observation = observation with { FinishReason = before.FinishReason, Model = observation.Model.Length > 0 ? before.Model : "" };
        }
        return TelemetryRecord.Of(observation, payload, mayReplace: true);
    }

    private static JsonObject Known(ObservationPayload? payload) =>
        payload is { Attributes.IsEmpty: false } && RunBatch.Parse(payload.Attributes.Span) is JsonObject known ? known : [];

    private static byte[] Rest(JsonObject run)
    {
        foreach (var name in s_texts)
        {
            run.Remove(name);
        }
        return Bytes(run);
    }

    private static byte[] Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, JsonTexts.Default.JsonNode);

    private static ObservationKind Kind(string type) => type switch
    {
        "llm" => ObservationKind.Llm,
        "embedding" => ObservationKind.Embedding,
        "tool" => ObservationKind.Tool,
        "retriever" => ObservationKind.Retrieval,
        _ => ObservationKind.Chain,
    };

    private static Timings Timings(JsonObject run, DateTimeOffset start, DateTimeOffset? end)
    {
        double? first = null;
        foreach (var item in run["events"] as JsonArray ?? [])
        {
            if (JsonFields.Text(JsonFields.Get(item, "name")) == "new_token" && JsonFields.Time(JsonFields.Get(item, "time")) is { } time)
            {
                first = Math.Max(0, (time - start).TotalMilliseconds);
                break;
            }
        }
        var total = end is { } known ? Math.Max(0, (known - start).TotalMilliseconds) : 0;
        return new Timings { TotalMs = total, UpstreamMs = total, TtftMs = first };
    }

    // 20260101T120000000000Z<trace id>.20260101T120000000001Z<parent>.20260101T120000000002Z<own>
    private static Guid? Root(JsonObject run) => Segment(JsonFields.Text(run["dotted_order"]).Split('.')[0]);

    private static Guid? Parent(JsonObject run)
    {
        var segments = JsonFields.Text(run["dotted_order"]).Split('.');
        return segments.Length < 2 ? null : Segment(segments[^2]);
    }

    private static Guid? Segment(string segment) => segment.Length > 36 && Guid.TryParse(segment[^36..], out var id) ? id : null;

    // Version 7 has its time in the first 48 bits; of other ids nothing is known.
    private static DateTimeOffset? TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var ms = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
        return id.Version == 7 && ms < 253_402_300_799_000 ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
    }

    private static string Hex(Guid? id) => id?.ToString("N") ?? "";

    private static ImmutableArray<KeyValuePair<string, string>> Properties(JsonObject run, JsonNode? metadata)
    {
        var found = new List<KeyValuePair<string, string>>();
        Add("langsmith.project", JsonFields.First(run["session_name"], run["session_id"], run["address"]));
        Add("reference_example_id", JsonFields.Text(run["reference_example_id"]));
        foreach (var tag in run["tags"] as JsonArray ?? [])
        {
            if (JsonFields.Text(tag) is { Length: > 0 } name)
            {
                Add("tag." + name, "true");
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
                found.Add(new(Short(name, LongestName), Short(value, LongestValue)));
            }
        }
    }

    private static string Short(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }
        var cut = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return text[..cut];
    }
}
