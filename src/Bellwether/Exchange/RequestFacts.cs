namespace Bellwether.Exchange;

/// <summary>What the scanner took from a request body. Texts are empty where the body has none.</summary>
public readonly record struct RequestFacts
{
    public RequestFacts() { }

    /// <summary>The model asked for; empty where the dialect names it in the path, or when the body names none.</summary>
    public string Model { get; init; } = "";
    /// <summary>True when the body asks for a stream; Gemini says so in the path instead.</summary>
    public bool Stream { get; init; }
    /// <summary>The end user: OpenAI's <c>user</c> or <c>safety_identifier</c>, Anthropic's <c>metadata.user_id</c>.</summary>
    public string User { get; init; } = "";
    public string ServiceTier { get; init; } = "";
    /// <summary>Messages, input items or contents; 1 for a plain text.</summary>
    public int MessageCount { get; init; }
    /// <summary>The limit on output tokens, under whichever name.</summary>
    public long? MaxTokens { get; init; }
    /// <summary>Sampling parameters as a small JSON object, or empty. Values longer than 128 bytes are left out.</summary>
    public string Parameters { get; init; } = "";
    /// <summary>First 16 hex digits of SHA-256 over the system texts; the same text gives the same print in every dialect. Empty without one.</summary>
    public string SystemFingerprint { get; init; } = "";
    /// <summary>True when the caller itself asked for usage in the stream.</summary>
    public bool UsageRequested { get; init; }
    /// <summary>
    /// The edit that makes the provider send usage at the end of the stream, or null when none is needed: not a stream, asked
    /// for already, or a dialect that always sends it. When it is applied, the extra chunk must be dropped again
    /// (<see cref="AnswerReader.Stream"/> with <c>dropInjectedUsage</c>).
    /// </summary>
    public BodySplice? UsageSplice { get; init; }
}

/// <summary>Replaces <paramref name="Length"/> bytes at <paramref name="Offset"/> of a body by <paramref name="Bytes"/>.</summary>
public readonly record struct BodySplice(int Offset, int Length, ReadOnlyMemory<byte> Bytes);

public enum RequestProblem
{
    None,
    InvalidJson,
    NotAnObject,
    /// <summary>A top-level key stands twice: readers disagree on which counts, so a guard could be led past the text that is used.</summary>
    DuplicateKey,
    /// <summary>Nested deeper than <see cref="RequestScanner.MaxDepth"/>.</summary>
    TooDeep,
    /// <summary>Invalid UTF-8, or half of a surrogate pair in an escape.</summary>
    InvalidText,
    WrongType,
}

/// <summary>
/// The outcome of a scan; <c>default</c> is a good one.
/// </summary>
/// <param name="Field">The top-level field at fault, as far as it is known: for <c>error.param</c>. It is the caller's own text: cut, printable, but not to be trusted.</param>
/// <param name="Message">For the caller. Holds nothing of the body but <paramref name="Field"/>.</param>
public readonly record struct RequestScan(RequestProblem Problem, string? Field, string Message)
{
    public bool IsOk => Problem == RequestProblem.None;
}
