namespace Bellwether.Exchange;

/// <summary>
/// Why a request is turned down, before it is written in the dialect of its endpoint. <see cref="Type"/> and
/// <see cref="Code"/> are OpenAI's fields; the other dialects get what corresponds.
/// </summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">OpenAI's <c>error.type</c>: <c>invalid_request_error</c>, <c>rate_limit_error</c> …</param>
/// <param name="Code">OpenAI's <c>error.code</c> and the observation's error code: <c>invalid_json</c> …</param>
/// <param name="Message">For the person who reads it: what is wrong and what to do. Holds nothing that the caller did not send or may not know.</param>
/// <param name="ErrorType">One of <c>ErrorTypes</c>.</param>
public sealed record Refusal(int Status, string Type, string Code, string Message, string ErrorType)
{
    /// <summary>The field at fault, as <c>error.param</c>.</summary>
    public string? Param { get; init; }
    /// <summary>Sent as <c>Retry-After</c>; 1 to 60, since SDKs ignore or give up on more. Null: not sent.</summary>
    public int? RetryAfterSeconds { get; init; }
    /// <summary>Sent as <c>x-should-retry</c>. Null: the SDK decides by status.</summary>
    public bool? ShouldRetry { get; init; }
}
