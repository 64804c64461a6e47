using Bellwether.Identity;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>What a request came in with, beside its events.</summary>
/// <param name="Key">The key of the whole; null when there is none that is valid, and events may still have their own.</param>
/// <param name="Host">The address by which we were called.</param>
/// <param name="Traces">Ids of the traces whose own step is in the same request.</param>
internal sealed record AnalyticsRequest(AnalyticsCounters Counters, ApiKey? Key, DateTimeOffset Now, TimeSpan OldestAge, string Host, IReadOnlySet<string> Traces);

/// <summary>How a request ended. Each dialect says it in its own words.</summary>
/// <param name="Reason">A fixed word for metrics; empty when it was taken.</param>
/// <param name="Message">For the sender, with the field at fault in front.</param>
internal sealed record AnalyticsReply(int Status, string Reason, string Message, int? RetryAfterSeconds = null)
{
    public static readonly AnalyticsReply NoKey = new(StatusCodes.Status401Unauthorized, "key", "The Bellwether key is missing, unknown, revoked or expired.");

    /// <summary>Events that were acknowledged, kept or not.</summary>
    public int Taken { get; init; }

    public int Rejected { get; init; }

    /// <summary>The first events that were rejected, by their place in the request.</summary>
    public IReadOnlyList<(int Index, string Problem)> Failures { get; init; } = [];

    public bool IsTaken => Reason.Length == 0;

    public static AnalyticsReply Bad(string message) => new(StatusCodes.Status400BadRequest, "invalid", message);

    public static AnalyticsReply Of(BodyRefusal refusal) => new(refusal.Status, refusal.Reason, refusal.Message);

    // Never 500, and never without a time to come back: that loses data at the senders.
    public static AnalyticsReply Busy(string reason, string message, int seconds) => new(StatusCodes.Status503ServiceUnavailable, reason, message, Math.Clamp(seconds, 1, 30));

    // Sent again what is too large would be as large.
    public static AnalyticsReply Of(IntakeRefusal refusal) => refusal.Code == "too_large"
        ? new(StatusCodes.Status413PayloadTooLarge, refusal.Code, refusal.Message)
        : Busy(refusal.Code, refusal.Message, refusal.RetryAfterSeconds);
}
