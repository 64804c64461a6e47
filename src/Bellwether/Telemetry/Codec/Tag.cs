namespace Bellwether.Telemetry;

/// <summary>Field numbers of a journalled record. A number is never given to another field; docs/journal.md lists them.</summary>
internal static class Tag
{
    public const int MayReplace = 1, Project = 2, Id = 3, Time = 4;

    public const int Kind = 5, State = 6, TraceId = 7, ParentId = 8, Name = 9, Operation = 10, Surface = 11, Provider = 12,
        PriceProvider = 13, RequestModel = 14, Model = 15, Endpoint = 16, User = 17, Session = 18, KeyId = 19, RequestId = 20,
        ProviderRequestId = 21, ResponseId = 22, Stream = 23, ServiceTier = 24, FinishReason = 25, SystemFingerprint = 26,
        Parameters = 27, RetryCount = 28, HttpStatus = 29, ErrorType = 30, ErrorCode = 31, ErrorMessage = 32, RequestBytes = 33,
        ResponseBytes = 34, MessageCount = 35, ToolCallCount = 36, Property = 37, SpanId = 38, PromptName = 39, PromptVersion = 48;

    public const int TotalMs = 40, QueueMs = 41, UpstreamMs = 42, PostMs = 43, TtftMs = 44, GapP50Ms = 45, GapP95Ms = 46, TokensPerSecond = 47;

    public const int InputTokens = 50, OutputTokens = 51, CacheReadTokens = 52, CacheWriteTokens = 53, CacheWrite1hTokens = 54,
        ReasoningTokens = 55, InputAudioTokens = 56, OutputAudioTokens = 57, CacheAudioReadTokens = 58, InputImageTokens = 59,
        OutputImageTokens = 60, ToolRequests = 61, Estimated = 62;

    public const int InputUsd = 65, OutputUsd = 66, PriceVersion = 67;

    public const int Input = 70, Output = 71, OutputAssembled = 72, InputTruncated = 73, OutputTruncated = 74, Headers = 75, SearchText = 76, Attributes = 77;

    /// <summary>Present in annotations only, always: it tells the two kinds of record apart.</summary>
    public const int AnnotatedId = 80;
    public const int AnnotationSource = 81, AnnotationNumber = 82, AnnotationCategory = 83, AnnotationText = 84, AnnotationAuthor = 85, AnnotationTrace = 86, AnnotationSession = 87, AnnotationRetracted = 88;

    /// <summary>One above the highest number that is in use.</summary>
    public const int Count = AnnotationRetracted + 1;
}
