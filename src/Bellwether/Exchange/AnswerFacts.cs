using Bellwether.Telemetry;

namespace Bellwether.Exchange;

/// <summary>What one chunk told.</summary>
public readonly record struct ChunkVerdict
{
    /// <summary>True once the stream said that it is over (<c>[DONE]</c>, <c>message_stop</c>, <c>response.completed</c> …). Stays true.</summary>
    public bool Terminal { get; init; }
    /// <summary>True when this chunk held the first content, tool-call or reasoning delta.</summary>
    public bool FirstDelta { get; init; }
    /// <summary>True once the answer turned out to be an error. Stays true.</summary>
    public bool Error { get; init; }
}

/// <summary>Everything that was read from an answer. Texts are empty where the answer did not say.</summary>
public sealed record AnswerFacts
{
    public static readonly AnswerFacts None = new();

    /// <summary>As the provider counted, made inclusive; <see cref="Usage.None"/> when it sent none.</summary>
    public Usage Usage { get; init; } = Usage.None;
    public string Model { get; init; } = "";
    public string ResponseId { get; init; } = "";
    /// <summary>Of the first choice, as the provider says it.</summary>
    public string FinishReason { get; init; } = "";
    public string ServiceTier { get; init; } = "";

    /// <summary>True when the body, or an event of the stream, is an error.</summary>
    public bool IsError { get; init; }
    /// <summary>The provider's own type of error (<c>rate_limit_error</c>, <c>RESOURCE_EXHAUSTED</c>), not of our taxonomy.</summary>
    public string ErrorType { get; init; } = "";
    public string ErrorCode { get; init; } = "";
    /// <summary>At most 1,000 characters.</summary>
    public string ErrorMessage { get; init; } = "";

    public int ToolCallCount { get; init; }

    /// <summary>What belongs into <see cref="ObservationPayload.Output"/>: the plain body, or the assembled stream.</summary>
    public ReadOnlyMemory<byte> Output { get; init; }
    public bool OutputAssembled { get; init; }
    public bool OutputTruncated { get; init; }

    /// <summary>Content, tool-call and reasoning deltas that were not empty. Not a count of tokens.</summary>
    public long DeltaCount { get; init; }
    /// <summary>Timestamp given with the chunk that held the first content, tool-call or reasoning delta; null when nothing was streamed.</summary>
    public long? FirstDeltaTimestamp { get; init; }
    public long? LastDeltaTimestamp { get; init; }
    /// <summary>Median gap between deltas, in units of the timestamps, within 3 %; null with fewer than two deltas.</summary>
    public long? GapP50 { get; init; }
    public long? GapP95 { get; init; }

    /// <summary>True when the body, or a complete event, was not the JSON that it should be.</summary>
    public bool Malformed { get; init; }
    /// <summary>True when the stream said that it is over. Some servers leave the mark out: look at <see cref="IsComplete"/>.</summary>
    public bool Terminated { get; init; }
    /// <summary>True when the model finished: the end mark or a finish reason was seen, or a plain body was read whole.</summary>
    public bool IsComplete { get; init; }
}
