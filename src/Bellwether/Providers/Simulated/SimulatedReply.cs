namespace Bellwether.Providers;

/// <summary>A request as the simulated provider sees it, whatever carried it.</summary>
/// <param name="Path">Decoded path with any prefix: <c>/v1/chat/completions</c>, <c>/openai/deployments/x/embeddings</c>.</param>
/// <param name="Query">With the leading <c>?</c>, or empty.</param>
/// <param name="Anthropic">True when the request carries <c>anthropic-version</c>, which tells <c>GET /v1/models</c> apart.</param>
public sealed record SimulatedRequest(string Method, string Path, string Query, ReadOnlyMemory<byte> Body, bool Anthropic = false);

/// <summary>An answer as a script: what to send and when, counted from the arrival of the request. Transports only play it.</summary>
public sealed record SimulatedReply
{
    public required int Status { get; init; }
    public required string ContentType { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
    /// <summary>When status and headers go out.</summary>
    public TimeSpan HeadersAt { get; init; }
    /// <summary>Set for plain answers; null for streams. After a <see cref="SimulatedChunk.Reset"/> less than this was sent, as with a real broken connection.</summary>
    public long? ContentLength { get; init; }
    /// <summary>Made lazily, so that a long stream needs no memory.</summary>
    public required IEnumerable<SimulatedChunk> Chunks { get; init; }

    public static SimulatedReply Whole(int status, string contentType, byte[] body, TimeSpan at, params KeyValuePair<string, string>[] headers) => new()
    {
        Status = status,
        ContentType = contentType,
        Headers = headers,
        HeadersAt = at,
        ContentLength = body.Length,
        Chunks = [new SimulatedChunk(at, body)],
    };
}

/// <summary>A piece of the body, written and flushed as one.</summary>
/// <param name="At">Time since the request arrived, not since the piece before: a late timer then delays one piece, not all that follow.</param>
/// <param name="Reset">Break the connection instead of sending <paramref name="Bytes"/>.</param>
public readonly record struct SimulatedChunk(TimeSpan At, ReadOnlyMemory<byte> Bytes, bool Reset = false);
