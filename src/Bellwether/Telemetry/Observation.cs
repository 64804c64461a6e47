using System.Collections.Immutable;
using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>
/// One thing that happened: a model call, a tool call, a retrieval, a chain step (OpenTelemetry's span).
/// Metrics only: texts are in <see cref="ObservationPayload"/>, kept in a table of their own.
/// One row per <see cref="Id"/>; a later version of the same id replaces the earlier one.
/// </summary>
public sealed record Observation
{
    /// <summary>Version-7 GUID, so that ids sort by time.</summary>
    public required Guid Id { get; init; }
    public required ProjectId Project { get; init; }

    /// <summary>UTC instant at which the request was accepted.</summary>
    public required DateTimeOffset StartTime { get; init; }

    public required ObservationKind Kind { get; init; }
    public required ObservationState State { get; init; }

    /// <summary>W3C trace id (32 lower-case hex digits), the caller's if it sent <c>traceparent</c>.</summary>
    public string TraceId { get; init; } = "";
    /// <summary>What children name in their <see cref="ParentId"/>: the W3C span id (16 lower-case hex digits) or the id of a run; empty for calls of the gateway that name no place in a session.</summary>
    public string SpanId { get; init; } = "";
    /// <summary><see cref="SpanId"/> of the step that this one belongs to: the caller's span; empty for a root.</summary>
    public string ParentId { get; init; } = "";
    /// <summary>What to call it in a list: the route (<c>POST /v1/chat/completions</c>) or the span name.</summary>
    public string Name { get; init; } = "";

    /// <summary>OpenTelemetry <c>gen_ai.operation.name</c>: <c>chat</c>, <c>text_completion</c>, <c>embeddings</c>, <c>responses</c>, <c>moderations</c>, <c>generate_content</c>, <c>count_tokens</c>, <c>models</c>, <c>other</c>.</summary>
    public string Operation { get; init; } = "";
    /// <summary>The dialect it arrived in: <c>openai</c>, <c>anthropic</c>, <c>azure</c>, <c>gemini</c>.</summary>
    public string Surface { get; init; } = "";
    /// <summary>Configured name of the provider that was called (<c>openai</c>, <c>simulated</c> …), empty when none was.</summary>
    public string Provider { get; init; } = "";
    /// <summary>The provider's id in the price table (<c>openai</c>, <c>anthropic</c>, <c>google</c> …), which may differ from the configured name.</summary>
    public string PriceProvider { get; init; } = "";
    /// <summary>The model that the caller asked for.</summary>
    public string RequestModel { get; init; } = "";
    /// <summary>The model that answered; the requested one when the answer named none.</summary>
    public string Model { get; init; } = "";
    /// <summary>The caller's feature name (<c>x-bellwether-endpoint</c>); the route template when it set none.</summary>
    public string Endpoint { get; init; } = "";
    /// <summary>The end user as the caller named it; empty when unknown.</summary>
    public string User { get; init; } = "";
    public string Session { get; init; } = "";
    /// <summary>Id of the Bellwether key that was used, never the key.</summary>
    public string KeyId { get; init; } = "";
    /// <summary>The request id: the caller's when it sent a usable one, else made here.</summary>
    public string RequestId { get; init; } = "";
    /// <summary>The provider's own request id (<c>x-request-id</c>, <c>request-id</c>).</summary>
    public string ProviderRequestId { get; init; } = "";
    /// <summary>The provider's id of the answer (<c>chatcmpl-…</c>, <c>msg_…</c>).</summary>
    public string ResponseId { get; init; } = "";
    public bool Stream { get; init; }
    public string ServiceTier { get; init; } = "";
    /// <summary>As the provider says it: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>end_turn</c> …</summary>
    public string FinishReason { get; init; } = "";
    /// <summary>First 16 hex digits of SHA-256 over the system prompt, so that a change of prompt shows; empty without one.</summary>
    public string SystemFingerprint { get; init; } = "";
    /// <summary>Name and version of the managed prompt that was used, as the client says; empty when it says none.</summary>
    public string PromptName { get; init; } = "";
    public string PromptVersion { get; init; } = "";
    /// <summary>Sampling parameters of the request as a small JSON object (<c>temperature</c>, <c>max_tokens</c> …), or empty.</summary>
    public string Parameters { get; init; } = "";
    /// <summary>The SDK's own retry counter (<c>x-stainless-retry-count</c>): more than 0 marks a repeat of an earlier call.</summary>
    public int RetryCount { get; init; }
    /// <summary>HTTP status that the caller got; 0 when it got none.</summary>
    public int HttpStatus { get; init; }

    /// <summary>One of <see cref="ErrorTypes"/>, or empty.</summary>
    public string ErrorType { get; init; } = "";
    /// <summary>The provider's own error code, or ours for a refusal.</summary>
    public string ErrorCode { get; init; } = "";
    /// <summary>The error's message, at most 1,000 characters.</summary>
    public string ErrorMessage { get; init; } = "";

    public Timings Timings { get; init; }
    public Usage Usage { get; init; } = Usage.None;
    /// <summary>Null while unpriced and when no price is known: never 0 for "unknown".</summary>
    public Cost? Cost { get; init; }

    public int RequestBytes { get; init; }
    public long ResponseBytes { get; init; }
    public int MessageCount { get; init; }
    public int ToolCallCount { get; init; }

    /// <summary>What the validators said of the answer (<see cref="CheckMarks"/>); 0 when it was not checked. Made as it is stored, so it is not in the journal.</summary>
    public long Checks { get; init; }

    /// <summary>The caller's own key-value pairs (<c>x-bellwether-property-…</c>).</summary>
    public ImmutableArray<KeyValuePair<string, string>> Properties { get; init; } = [];

    /// <summary>Begins the <see cref="KeyId"/> of calls that the product makes for itself (judges, probes). No key from outside can have it.</summary>
    public static readonly string OwnKeyPrefix = "own:";

    /// <summary>Begins the <see cref="Endpoint"/> of such calls, so that panels can leave them out.</summary>
    public static readonly string OwnEndpointPrefix = "bellwether.";

    /// <summary>True for calls that the product made for itself: they are counted and paid for, and never judged.</summary>
    public bool IsOwn => KeyId.StartsWith(OwnKeyPrefix, StringComparison.Ordinal);

    /// <summary>True for calls of a model, false for the steps of a chain around them: only calls count in metrics.</summary>
    public bool IsCall => Kind is not (ObservationKind.Tool or ObservationKind.Retrieval or ObservationKind.Chain or ObservationKind.Agent);

    /// <summary>True when the call counts as failed in error rates. A client that left is not an error of the service.</summary>
    public bool IsError => State is ObservationState.ProviderError or ObservationState.Timeout or ObservationState.Aborted or ObservationState.Refused;
}

/// <summary>What kind of step an observation is. Stored as its lower-case name.</summary>
public enum ObservationKind { Llm, Embedding, Moderation, Tool, Retrieval, Chain, Agent, Other }

/// <summary>How a call ended. Stored as snake_case (<see cref="ObservationStates"/>).</summary>
public enum ObservationState
{
    Ok,
    /// <summary>The provider answered an error, could not be reached or broke off.</summary>
    ProviderError,
    /// <summary>The caller left before the end; what had been streamed is kept.</summary>
    ClientDisconnect,
    Timeout,
    /// <summary>We shut down before the end.</summary>
    Aborted,
    /// <summary>We refused the request: bad input, unknown key, limit, guard. The provider was not called.</summary>
    Refused,
    /// <summary>Not finished yet (ingested runs only).</summary>
    Running,
}

/// <summary>Wire names of <see cref="ObservationState"/>.</summary>
public static class ObservationStates
{
    public static string Name(ObservationState state) => state switch
    {
        ObservationState.Ok => "ok",
        ObservationState.ProviderError => "provider_error",
        ObservationState.ClientDisconnect => "client_disconnect",
        ObservationState.Timeout => "timeout",
        ObservationState.Aborted => "aborted",
        ObservationState.Refused => "refused",
        ObservationState.Running => "running",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static bool TryParse(string name, out ObservationState state)
    {
        foreach (var candidate in Enum.GetValues<ObservationState>())
        {
            if (Name(candidate) == name)
            {
                state = candidate;
                return true;
            }
        }
        state = default;
        return false;
    }
}

/// <summary>The error taxonomy of requirement M2.</summary>
public static class ErrorTypes
{
    public static readonly string RateLimited = "rate_limited";
    public static readonly string Timeout = "timeout";
    public static readonly string Unavailable = "unavailable";
    public static readonly string Auth = "auth";
    public static readonly string BadRequest = "bad_request";
    public static readonly string ContentFilter = "content_filter";
    public static readonly string ContextLength = "context_length";
    public static readonly string ClientDisconnect = "client_disconnect";
    public static readonly string ValidationMalformed = "validation.malformed";
    public static readonly string ValidationSchema = "validation.schema";
    /// <summary>The answer declines what was asked.</summary>
    public static readonly string SemanticRefusal = "semantic.refusal";
    /// <summary>Our own shutdown or crash cut the call.</summary>
    public static readonly string Aborted = "aborted";
    /// <summary>Followed by the guard's name.</summary>
    public static readonly string BlockedPrefix = "blocked.";
}
