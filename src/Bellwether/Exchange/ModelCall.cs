using System.Collections.Immutable;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Exchange;

/// <summary>
/// One call in flight: what the caller asked, in its own bytes, and what is known of it so far. The gateway fills it, stages
/// read and change it, and the observation is made from it when the call ends. Not thread-safe; lives for one call.
/// </summary>
public sealed class ModelCall
{
    /// <summary>Id of the observation that this call becomes.</summary>
    public required Guid Id { get; init; }
    /// <summary>UTC instant at which the request was accepted.</summary>
    public required DateTimeOffset StartTime { get; init; }
    /// <summary>The same instant on the monotonic clock (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public required long StartTimestamp { get; init; }
    public required Dialect Dialect { get; init; }
    /// <summary>As <c>Observation.Surface</c>: <c>openai</c>, <c>anthropic</c>, <c>azure</c>, <c>gemini</c>.</summary>
    public required string Surface { get; init; }
    /// <summary>As <c>Observation.Operation</c>.</summary>
    public required string Operation { get; init; }
    /// <summary>Method and path template, with ids taken out: <c>POST /v1/chat/completions</c>.</summary>
    public required string Route { get; init; }

    /// <summary>Who calls; null until the key was checked.</summary>
    public ApiKey? Key { get; set; }
    /// <summary>True for a call that the product makes for itself, such as a judge's.</summary>
    public bool IsOwn => Key?.Id.StartsWith(Observation.OwnKeyPrefix, StringComparison.Ordinal) == true;
    public ProjectId Project => Key?.Project ?? ProjectId.Default;

    /// <summary>The request body in plain JSON; empty for opaque calls, whose bodies are streamed. A guard that changes the text sets a new one.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }
    /// <summary>What the scan of <see cref="Body"/> found.</summary>
    public RequestFacts Facts { get; set; } = new();
    /// <summary>The model asked for: from the body, or from the path where the dialect names it there; empty when none is named.</summary>
    public string Model { get; set; } = "";
    public bool Stream { get; set; }

    /// <summary>Name of the provider to use. Null lets the gateway choose, by what the caller wishes; a stage that sets it overrules the caller.</summary>
    public string? ProviderName { get; set; }

    /// <summary>The end user as the caller named it; empty when unknown.</summary>
    public string User { get; set; } = "";
    public string Session { get; set; } = "";
    /// <summary>The caller's feature name; the route when it set none.</summary>
    public string Endpoint { get; set; } = "";
    public string RequestId { get; set; } = "";
    public string TraceId { get; set; } = "";
    public string ParentId { get; set; } = "";
    /// <summary>What steps below this call name as their parent; empty when the caller placed it nowhere.</summary>
    public string SpanId { get; set; } = "";
    /// <summary>The prompt that the body was made from, as the caller names it.</summary>
    public string PromptName { get; set; } = "";
    public string PromptVersion { get; set; } = "";
    public int RetryCount { get; set; }
    /// <summary>Null when the caller said nothing of a cache.</summary>
    public CacheWish? Cache { get; set; }
    /// <summary>Null when the caller set itself no limit.</summary>
    public CallerQuota? Quota { get; set; }
    public ImmutableArray<KeyValuePair<string, string>> Properties { get; set; } = [];

    /// <summary>Judges the answer; null lets it pass as it comes. Set by the stage that judged the prompt.</summary>
    public IAnswerGuard? AnswerGuard { get; set; }

    /// <summary>
    /// What a stage still has to do that changes nothing of how the call goes: done while the provider is busy with it, at the latest
    /// before the call is recorded. Null when there is nothing.
    /// </summary>
    public Action? Later { get; set; }

    /// <summary>What guards found, on the way there and back; recorded with the call.</summary>
    public ImmutableArray<CallFinding> Findings { get; set; } = [];
}
