using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>An observation of Langfuse's as one of ours.</summary>
internal static class LangfuseStep
{
    private const int LongestName = 256;
    private const int LongestMessage = 1_000;
    private const int LongestParameters = 4_096;

    /// <summary>The trace that a step belongs to: the one that it names, or once named, or itself.</summary>
    public static string TraceId(LangfuseWrite write, JsonObject step) => LangfuseIds.TraceId(JsonFields.Text(step["traceId"]) is { Length: > 0 } trace ? trace : write.Id);

    /// <param name="write">What a request says of it.</param>
    /// <param name="step">The same laid together with what is known.</param>
    /// <param name="isNewer">Whether the request is newer than what is known.</param>
    /// <param name="prior">The version that is known.</param>
    /// <param name="trace">What its trace says; null when no trace was sent yet.</param>
    /// <param name="sender">Its sender.</param>
    /// <param name="corrected">True when its start was not believed.</param>
    public static TelemetryRecord Map(LangfuseWrite write, JsonObject step, bool isNewer, TelemetryRecord? prior, LangfuseFacts? trace, OtlpSender sender, out bool corrected)
    {
        var before = prior?.Observation;
        var name = LangfuseKinds.Name(step);
        var (kind, operation) = LangfuseKinds.Of(name);
        var isModel = kind is ObservationKind.Llm or ObservationKind.Embedding;
        var metadata = step["metadata"];
        var provider = isModel ? ProviderNames.Normalise(JsonFields.First(JsonFields.Get(metadata, "ls_provider"), JsonFields.Get(metadata, "provider"))) : "";
        var model = isModel ? Field(before?.Model, step["model"]) : "";
        var start = LangfuseClock.Start(step["startTime"], before, write.At, sender, out corrected);
        var output = step["output"];
        var usage = isModel ? LangfuseUsage.Read(step) ?? Usage.None : Usage.None;
        var texts = LangfuseTexts.Of(step, isModel, model, prior, isNewer);
        var end = JsonFields.Time(step["endTime"]);
        var failed = JsonFields.Text(step["level"]) == "ERROR";
        var message = JsonFields.Text(step["statusMessage"]);
        var classified = failed ? SpanErrors.Classify(JsonFields.Short(message, LongestName), message, 0) : "";
        var facts = trace ?? LangfuseFacts.None;
        var traceId = TraceId(write, step);
        var observation = new Observation
        {
            Id = LangfuseIds.Step(sender.Key.Project, write.Id),
            Project = sender.Key.Project,
            KeyId = sender.Key.Id,
            StartTime = start,
            Kind = kind,
            // Many generations are told once, whole and without an end.
            State = failed ? classified == ErrorTypes.Timeout ? ObservationState.Timeout : ObservationState.ProviderError
                : end is not null || name == "EVENT" || usage.IsKnown || !texts.Payload.Output.IsEmpty ? ObservationState.Ok
                : ObservationState.Running,
            TraceId = traceId,
            SpanId = write.Id,
            ParentId = LangfuseIds.StepName(JsonFields.Text(step["parentObservationId"])) is { Length: > 0 } parent ? parent
                : trace is not null ? LangfuseIds.TraceSpan(traceId)
                : before?.ParentId ?? "",
            Name = Field(before?.Name, step["name"]),
            Operation = operation,
            Surface = sender.Surface,
            Provider = provider,
            PriceProvider = ProviderNames.PriceId(provider),
            RequestModel = model,
            Model = model,
            Endpoint = facts.Name.Length > 0 ? facts.Name : before?.Endpoint ?? "",
            User = facts.User.Length > 0 ? facts.User : before?.User ?? "",
            Session = facts.Session.Length > 0 ? facts.Session : before?.Session ?? "",
            ResponseId = isModel ? Field(before?.ResponseId, RunTexts.ResponseId(output)) : "",
            FinishReason = isModel ? ProviderNames.FinishReason(output is not null ? RunTexts.FinishReason(output) : before?.FinishReason ?? "") : "",
            PromptName = Field("", step["promptName"]),
            PromptVersion = JsonFields.Short(JsonFields.Scalar(step["promptVersion"]), LongestName),
            Parameters = Parameters(step["modelParameters"]),
            ErrorType = classified,
            ErrorCode = failed ? "error" : "",
            ErrorMessage = failed ? JsonFields.Short(message, LongestMessage) : "",
            Timings = Timings(step, start, end, usage),
            Usage = usage,
            Cost = isModel ? LangfuseUsage.Cost(step) : null,
            RequestBytes = texts.Payload.Input.Length,
            ResponseBytes = texts.Payload.Output.Length,
            MessageCount = texts.Messages ?? before?.MessageCount ?? 0,
            ToolCallCount = texts.ToolCalls ?? before?.ToolCallCount ?? 0,
            Properties = LangfuseAttributes.Join(LangfuseAttributes.Properties(step), facts.Properties),
        };
        return TelemetryRecord.Of(observation, texts.Payload with { Attributes = LangfuseAttributes.Write(step) }, mayReplace: true);
    }

    private static Timings Timings(JsonObject step, DateTimeOffset start, DateTimeOffset? end, Usage usage)
    {
        start = JsonFields.Time(step["startTime"]) ?? start;
        if (end is not { } ended || ended < start)
        {
            return default;
        }
        var total = (ended - start).TotalMilliseconds;
        var ttft = JsonFields.Time(step["completionStartTime"]) is { } first && first >= start && first <= ended ? (first - start).TotalMilliseconds : (double?)null;
        var generating = total - (ttft ?? 0);
        return new Timings
        {
            TotalMs = total,
            UpstreamMs = total,
            TtftMs = ttft,
            TokensPerSecond = usage.OutputTokens is > 0 and var tokens && generating > 0 ? tokens / (generating / 1000) : null,
        };
    }

    private static string Parameters(JsonNode? said) =>
        said is JsonObject { Count: > 0 } set && System.Text.Encoding.UTF8.GetString(JsonFields.Bytes(set)) is { Length: <= LongestParameters } text ? text : "";

    // What is not said any more is what was said.
    private static string Field(string? before, JsonNode? said) => JsonFields.Text(said) is { Length: > 0 } text ? JsonFields.Short(text, LongestName) : before ?? "";
}
