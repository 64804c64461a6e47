using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>An event that tells of a call or a step, as an observation.</summary>
internal static class AnalyticsStep
{
    private const int LongestName = 256;
    private const int LongestMessage = 1_000;
    private const int LongestParameters = 4_096;
    private const int MostProperties = 64;
    private const double LongestSeconds = 7 * 86_400;
    // Of shorter ids the duplicates' finder wants nothing to know.
    private const int LeastIdLength = 16;

    // What has a place of its own; Mixpanel's events have it under plain names too.
    private static readonly HashSet<string> s_read = new(StringComparer.Ordinal)
    {
        "distinct_id", "time", "model", "provider", "endpoint", "name", "session", "session_id", "state", "error", "error_type", "is_error", "latency", "latency_ms",
        "input_tokens", "prompt_tokens", "output_tokens", "completion_tokens", "total_tokens", "reasoning_tokens", "cache_read_input_tokens", "cache_creation_input_tokens",
        "cost_usd", "input_cost_usd", "output_cost_usd", "total_cost_usd", "trace_id", "span_id", "parent_id", "http_status", "stream", "stop_reason", "completion_id",
    };

    /// <param name="said">The event.</param>
    /// <param name="role">What it tells of.</param>
    /// <param name="request">What it came in.</param>
    /// <param name="sender">Its sender.</param>
    /// <param name="corrected">True when its time was not believed.</param>
    public static TelemetryRecord Map(AnalyticsEvent said, AnalyticsRole role, AnalyticsRequest request, OtlpSender sender, out bool corrected)
    {
        var trace = JsonFields.Scalar(said.Get("trace_id"));
        var span = JsonFields.Scalar(said.Get("span_id", "generation_id"));
        var isTrace = said.Name is "$ai_trace" or "ai_trace";
        var seconds = Seconds(said);
        var start = Start(said, seconds ?? 0, sender, out corrected);
        var id = Id(said, trace, span, sender);
        var provider = role.IsModel ? ProviderNames.Normalise(said.Text("provider")) : "";
        var model = role.IsModel ? JsonFields.Short(said.Text("model"), LongestName) : "";
        var responseId = role.IsModel ? JsonFields.Short(JsonFields.First(said.Get("completion_id"), said.Get("response_id")), LongestName) : "";
        // A call by our own gateway is counted there. One with an id is recognised later, and told which call it was.
        var isCounted = role.IsModel && responseId.Length < LeastIdLength && IsOurs(said.Text("base_url"), request.Host);
        var usage = role.IsModel && !isCounted ? AnalyticsUsage.Read(said, provider) : Usage.None;
        var texts = AnalyticsTexts.Of(said, role.Kind == ObservationKind.Llm, model);
        var (state, type, message, status) = End(said);
        var observation = new Observation
        {
            Id = id,
            Project = sender.Key.Project,
            KeyId = sender.Key.Id,
            StartTime = start,
            Kind = isCounted ? ObservationKind.Chain : role.Kind ?? ObservationKind.Other,
            State = state,
            TraceId = trace.Length > 0 ? LangfuseIds.TraceId(trace) : id.ToString("N"),
            // Whatever belongs to a trace names the trace's id as its parent, also where the trace's own step has another.
            SpanId = LangfuseIds.StepName(isTrace && trace.Length > 0 ? trace : span),
            ParentId = isTrace ? "" : Parent(said, trace, span, request),
            Name = JsonFields.Short(JsonFields.First(said.Get("span_name", "name"), said.Get("trace_name")) is { Length: > 0 } name ? name : said.Name, LongestName),
            Operation = role.Operation,
            Surface = said.Source,
            Provider = provider,
            PriceProvider = ProviderNames.PriceId(provider),
            RequestModel = model,
            Model = model,
            Endpoint = JsonFields.Short(said.Text("endpoint", "trace_name"), LongestName),
            User = User(said, trace, span),
            Session = JsonFields.Short(JsonFields.Scalar(said.Get("session_id", "session") ?? said.Properties["$session_id"]), LongestName),
            ResponseId = responseId,
            Stream = JsonFields.Scalar(said.Get("stream")) == "true",
            ServiceTier = JsonFields.Short(said.Text("service_tier"), 64),
            FinishReason = role.IsModel ? ProviderNames.FinishReason(said.Text("stop_reason", "finish_reason")) : "",
            PromptName = JsonFields.Short(said.Text("prompt_name"), LongestName),
            PromptVersion = JsonFields.Short(JsonFields.Scalar(said.Get("prompt_version")), LongestName),
            Parameters = said.Get("model_parameters") is JsonObject { Count: > 0 } set && Encoding.UTF8.GetString(JsonFields.Bytes(set)) is { Length: <= LongestParameters } parameters ? parameters : "",
            HttpStatus = status,
            ErrorType = type,
            ErrorCode = state == ObservationState.Ok ? "" : "error",
            ErrorMessage = message,
            Timings = Timings(said, seconds, usage),
            Usage = usage,
            Cost = role.IsModel && !isCounted ? AnalyticsUsage.Cost(said) : null,
            RequestBytes = texts.Payload.Input.Length,
            ResponseBytes = texts.Payload.Output.Length,
            MessageCount = texts.Messages,
            ToolCallCount = texts.ToolCalls,
            Properties = Properties(said),
        };
        return TelemetryRecord.Of(observation, texts.Payload with { Attributes = Attributes(said, texts.Messages > 0) }, mayReplace: true);
    }

    // The sender's id of the event stays the same when it is sent again. Without any the same words at the same millisecond are the same
    // event; Mixpanel's times are seconds, in which two equal calls may well happen.
    private static Guid Id(AnalyticsEvent said, string trace, string span, OtlpSender sender)
    {
        if (Guid.TryParse(said.Id, System.Globalization.CultureInfo.InvariantCulture, out var own) && own != Guid.Empty)
        {
            return own;
        }
        var at = said.Time ?? DateTimeOffset.UnixEpoch;
        var project = sender.Key.Project.Value;
        return said.Id.Length > 0 ? ObservationIds.Of(said.Source, at, project, said.Name, said.DistinctId, said.Id)
            : span.Length > 0 ? ObservationIds.Of(said.Source + "-span", at, project, said.Name, trace, span)
            : said.Time is not null && said.Source == "posthog" ? ObservationIds.Of(said.Source + "-event", at, project, said.Name, said.DistinctId, said.Properties.ToJsonString())
            : Guid.CreateVersion7(sender.Now);
    }

    private static string Parent(AnalyticsEvent said, string trace, string span, AnalyticsRequest request) =>
        JsonFields.Scalar(said.Get("parent_id")) is { Length: > 0 } parent && parent != span ? LangfuseIds.StepName(parent)
            : trace.Length > 0 && trace != span && request.Traces.Contains(trace) ? LangfuseIds.StepName(trace)
            : "";

    private static double? Seconds(AnalyticsEvent said) =>
        (JsonFields.Number(said.Get("latency")) ?? JsonFields.Number(said.Get("latency_ms")) / 1_000) is { } seconds and >= 0 and <= LongestSeconds ? seconds : null;

    private static DateTimeOffset Start(AnalyticsEvent said, double seconds, OtlpSender sender, out bool corrected)
    {
        var before = TimeSpan.FromSeconds(said.TimeIsStart ? 0 : seconds);
        corrected = false;
        if (said.Time is { } time)
        {
            if (RunClock.IsBelieved(time, sender))
            {
                return time - before;
            }
            corrected = true;
        }
        return sender.Now - before;
    }

    private static Timings Timings(AnalyticsEvent said, double? seconds, Usage usage)
    {
        if (seconds is not { } total)
        {
            return default;
        }
        var first = JsonFields.Number(said.Get("time_to_first_token")) is { } ttft && ttft >= 0 && ttft <= total ? ttft : (double?)null;
        var generating = total - (first ?? 0);
        return new Timings
        {
            TotalMs = total * 1_000,
            UpstreamMs = total * 1_000,
            TtftMs = first * 1_000,
            TokensPerSecond = usage.OutputTokens is > 0 and var tokens && generating > 0 ? tokens / generating : null,
        };
    }

    private static (ObservationState State, string Type, string Message, int Status) End(AnalyticsEvent said)
    {
        var status = (int)Math.Clamp(JsonFields.Number(said.Get("http_status")) ?? 0, 0, 999);
        var error = said.Get("error");
        var message = error is JsonValue ? JsonFields.Text(error) : error?.ToJsonString() ?? "";
        var type = said.Text("error_type");
        var told = ObservationStates.TryParse(said.Text("state"), out var state) && state is not ObservationState.Running;
        if (told ? state == ObservationState.Ok : message.Length == 0 && type.Length == 0 && status < 400 && JsonFields.Scalar(said.Get("is_error")) != "true")
        {
            return (ObservationState.Ok, "", "", status);
        }
        var classified = SpanErrors.Classify(JsonFields.Short(type.Length > 0 ? type : message, LongestName), message, status);
        return (told ? state : classified == ErrorTypes.Timeout ? ObservationState.Timeout : ObservationState.ProviderError, classified, JsonFields.Short(message, LongestMessage), status);
    }

    // Clients that know nobody name the trace, the step or an id of the moment instead.
    private static string User(AnalyticsEvent said, string trace, string span)
    {
        var isNobody = said.DistinctId == trace || said.DistinctId == span || said.DistinctId == said.Id
            || (JsonFields.Scalar(said.Properties["$process_person_profile"]) == "false" && Guid.TryParse(said.DistinctId, out _));
        return isNobody ? "" : JsonFields.Short(said.DistinctId, LongestName);
    }

    private static bool IsOurs(string baseUrl, string host) =>
        host.Length > 0 && Uri.TryCreate(baseUrl, UriKind.Absolute, out var url) && url.Authority.Equals(host, StringComparison.OrdinalIgnoreCase);

    // The sender's own: without those of the dialect, whose names begin with a dollar, and those that were read.
    private static ImmutableArray<KeyValuePair<string, string>> Properties(AnalyticsEvent said)
    {
        var found = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in said.Properties["$groups"] as JsonObject ?? [])
        {
            Add("group." + name, JsonFields.Scalar(value));
        }
        foreach (var (name, value) in said.Properties)
        {
            var isRead = name is "" or ['$', ..] or "distinct_id"
                || (said.Source == "mixpanel" && (name.StartsWith("ai_", StringComparison.Ordinal) || name.StartsWith("mp_", StringComparison.Ordinal) || s_read.Contains(name) || AnalyticsTexts.Names.Contains(name)));
            if (!isRead)
            {
                Add(name, JsonFields.Scalar(value));
            }
        }
        return [.. found.DistinctBy(property => property.Key)];

        void Add(string name, string value)
        {
            if (value.Length > 0 && found.Count < MostProperties)
            {
                found.Add(new(JsonFields.Short(name, 200), JsonFields.Short(value, LongestMessage)));
            }
        }
    }

    private static byte[] Attributes(AnalyticsEvent said, bool hasChat)
    {
        var rest = said.Properties;
        if (hasChat)
        {
            // They are in the chat.
            rest.Remove("$ai_tools");
        }
        foreach (var name in AnalyticsTexts.Names)
        {
            rest.Remove("$ai_" + name);
            if (said.Source == "mixpanel")
            {
                rest.Remove("ai_" + name);
                rest.Remove(name);
            }
        }
        return LangfuseAttributes.Write(rest);
    }
}
