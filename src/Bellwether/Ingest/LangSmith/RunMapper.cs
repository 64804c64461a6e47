using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>A LangSmith run as an observation.</summary>
internal static class RunMapper
{
    private const int LongestName = 256;
    private const int LongestMessage = 1_000;

    /// <param name="write">What a request says of the run.</param>
    /// <param name="prior">The version that is known, or null.</param>
    /// <param name="sender">Its sender.</param>
    /// <param name="corrected">True when its start was not believed.</param>
    public static TelemetryRecord Map(RunWrite write, TelemetryRecord? prior, OtlpSender sender, out bool corrected)
    {
        var before = prior?.Observation;
        var run = RunAttributes.Read(prior?.Payload);
        JsonFields.Overlay(run, write.Fields);
        var metadata = JsonFields.Get(run["extra"], "metadata");
        var outputs = run["outputs"];
        var kind = Kind(JsonFields.Text(run["run_type"]), before);
        var isModel = kind is ObservationKind.Llm or ObservationKind.Embedding;
        var model = isModel ? Model(run, metadata, before) : "";
        var provider = ProviderNames.Normalise(Field(before?.Provider, JsonFields.Get(metadata, "ls_provider")));
        var error = run["error"] is JsonObject or JsonArray ? System.Text.Encoding.UTF8.GetString(JsonFields.Bytes(run["error"]!)) : JsonFields.Scalar(run["error"]);
        var failed = error.Length > 0;
        var classified = failed ? SpanErrors.Classify(ErrorName(error), error, 0) : "";
        var start = RunClock.Start(run, write.Id, before, sender, out corrected);
        var texts = RunTexts.Of(run, isModel, model, prior);
        var observation = new Observation
        {
            Id = write.Id,
            Project = sender.Key.Project,
            KeyId = sender.Key.Id,
            StartTime = start,
            Kind = kind,
            State = failed ? classified == ErrorTypes.Timeout ? ObservationState.Timeout : ObservationState.ProviderError
                : JsonFields.Time(run["end_time"]) is null ? ObservationState.Running : ObservationState.Ok,
            TraceId = Hex(Trace(run)) is { Length: > 0 } trace ? trace
                : before?.TraceId is { Length: > 0 } known ? known
                : run["parent_run_id"] is null ? Hex(write.Id) : "",
            SpanId = write.Id.ToString(),
            ParentId = (JsonFields.Id(run["parent_run_id"]) ?? Segment(run, -2))?.ToString() ?? before?.ParentId ?? "",
            Name = Field(before?.Name, run["name"]),
            Operation = kind switch { ObservationKind.Llm => "chat", ObservationKind.Embedding => "embeddings", _ => "" },
            Surface = sender.Surface,
            Provider = isModel ? provider : "",
            PriceProvider = isModel ? ProviderNames.PriceId(provider) : "",
            RequestModel = model,
            Model = isModel ? Field(before?.Model is { Length: > 0 } and var told && told != before.RequestModel ? told : model, JsonFields.Get(outputs, "model")) : "",
            Endpoint = Field(before?.Endpoint, run["session_name"], run["address"]),
            User = Field(before?.User, JsonFields.Get(metadata, "user_id"), JsonFields.Get(metadata, "ls_user_id")),
            Session = Field(before?.Session, JsonFields.Get(metadata, "session_id"), JsonFields.Get(metadata, "thread_id"), JsonFields.Get(metadata, "conversation_id")),
            ResponseId = isModel ? Field(before?.ResponseId, RunTexts.ResponseId(outputs)) : "",
            FinishReason = isModel ? ProviderNames.FinishReason(Field(before?.FinishReason, RunTexts.FinishReason(outputs))) : "",
            ErrorType = classified,
            ErrorCode = failed ? ErrorName(error) is { Length: > 0 } name ? name : "error" : "",
            ErrorMessage = JsonFields.Short(error, LongestMessage),
            Timings = RunClock.Timings(run, start),
            // A parent repeats the usage of its children in its outputs: only the model's own step counts.
            Usage = isModel ? RunUsage.Read(outputs, metadata) ?? (before?.Usage.Estimated == false ? before.Usage : Usage.None) : Usage.None,
            Cost = isModel ? RunUsage.Cost(outputs, metadata) ?? (before?.Cost?.PriceVersion == RunUsage.ClientPrice ? before.Cost : null) : null,
            RequestBytes = texts.Payload.Input.Length,
            ResponseBytes = texts.Payload.Output.Length,
            MessageCount = texts.Messages ?? before?.MessageCount ?? 0,
            ToolCallCount = texts.ToolCalls ?? before?.ToolCallCount ?? 0,
            Properties = RunAttributes.Properties(run, metadata),
        };
        return TelemetryRecord.Of(observation, texts.Payload with { Attributes = RunAttributes.Write(run) }, mayReplace: true);
    }

    /// <summary>The trace that a run names; null when it names none.</summary>
    public static Guid? Trace(JsonObject run) => JsonFields.Id(run["trace_id"]) ?? Segment(run, 0);

    private static ObservationKind Kind(string type, Observation? before) => type switch
    {
        "llm" => ObservationKind.Llm,
        "embedding" => ObservationKind.Embedding,
        "tool" => ObservationKind.Tool,
        "retriever" => ObservationKind.Retrieval,
        "" => before?.Kind ?? ObservationKind.Chain,
        _ => ObservationKind.Chain,
    };

    private static string Model(JsonObject run, JsonNode? metadata, Observation? before)
    {
        var invocation = JsonFields.Get(run["extra"], "invocation_params") ?? JsonFields.Get(metadata, "ls_invocation_params");
        return Field(before?.RequestModel, JsonFields.Get(metadata, "ls_model_name"), JsonFields.Get(invocation, "model"), JsonFields.Get(invocation, "model_name"), JsonFields.Get(run["inputs"], "model"));
    }

    // What is not said any more is what was said.
    private static string Field(string? before, params ReadOnlySpan<JsonNode?> said) =>
        JsonFields.First(said) is { Length: > 0 } text ? JsonFields.Short(text, LongestName) : before ?? "";

    // JS: "RateLimitError: 429 …\n    at …"; Python: "RateLimitError('…')Traceback …"
    private static string ErrorName(string error)
    {
        var end = 0;
        while (end < error.Length && end < LongestName && (char.IsAsciiLetterOrDigit(error[end]) || error[end] is '_' or '.'))
        {
            end++;
        }
        return end > 0 && end < error.Length && error[end] is ':' or '(' ? error[..end] : "";
    }

    // 20260101T120000000000Z<trace id>.20260101T120000000001Z<parent>.20260101T120000000002Z<own>
    private static Guid? Segment(JsonObject run, int index)
    {
        var order = JsonFields.Text(run["dotted_order"]);
        if (order.Length == 0)
        {
            return null;
        }
        var segments = order.Split('.');
        var at = index < 0 ? segments.Length + index : index;
        return at >= 0 && segments[at] is { Length: > 36 } segment && Guid.TryParse(segment[^36..], System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : null;
    }

    private static string Hex(Guid? id) => id?.ToString("N") ?? "";
}
