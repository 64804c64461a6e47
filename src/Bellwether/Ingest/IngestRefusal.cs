using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>Ends the handling of a request; the message says why and is safe to show. How it looks on the wire is the dialect's.</summary>
internal class IngestRefusal(int status, string reason, string message) : Exception(message)
{
    private const int FailedSeconds = 5;
    private const int LongestSeconds = 30;

    public int Status { get; } = status;
    /// <summary>One of few words, for the metric.</summary>
    public string Reason { get; } = reason;
    /// <summary>For the header <c>Retry-After</c>; 0 where sending the same again is no use.</summary>
    public int RetryAfterSeconds { get; protected init; }
    /// <summary>True for trouble of ours that nobody foresaw, which is worth a line in the log.</summary>
    public bool IsUnforeseen { get; private init; }

    /// <summary>Of a body that was not read.</summary>
    public static IngestRefusal Of(BodyRefusal refusal) => new(refusal.Status, refusal.Reason, refusal.Message);

    /// <summary>Of records that the intake did not take. Without <c>Retry-After</c> some clients drop what they sent; with it at a 413 they would send the same again.</summary>
    public static IngestRefusal Busy(string reason, string message, int seconds) => reason == "too_large"
        ? new(StatusCodes.Status413PayloadTooLarge, reason, message)
        : new(StatusCodes.Status503ServiceUnavailable, reason, message) { RetryAfterSeconds = Math.Clamp(seconds, 1, LongestSeconds) };

    /// <summary>What an exception of a handler is to its client; null when nobody waits for an answer any more.</summary>
    /// <param name="error">Of the handler.</param>
    /// <param name="context">The request.</param>
    /// <param name="invalid">The dialect's status for input that cannot be used.</param>
    public static IngestRefusal? Of(Exception error, HttpContext context, int invalid) => error switch
    {
        IngestRefusal refusal => refusal,
        TelemetryQueryException mistake => new(invalid, "invalid", $"{mistake.Field}: {mistake.Message}"),
        BadHttpRequestException http => new(http.StatusCode, "bad_http", "The request is not valid HTTP."),
        StoreNotOpenException => Busy("starting", "The server is starting.", 1),
        _ when context.RequestAborted.IsCancellationRequested || context.Response.HasStarted => null,
        _ => new(StatusCodes.Status503ServiceUnavailable, "failed", "The request could not be handled now.") { RetryAfterSeconds = FailedSeconds, IsUnforeseen = true },
    };
}
