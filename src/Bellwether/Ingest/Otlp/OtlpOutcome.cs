namespace Bellwether.Ingest;

/// <summary>What became of a request: items rejected one by one, or a refusal of the whole with seconds to wait.</summary>
internal sealed record OtlpOutcome(long Rejected, string Message, int RetryAfterSeconds = 0)
{
    public static readonly OtlpOutcome Ok = new(0, "");

    /// <summary>Something went wrong that is not the sender's fault.</summary>
    public static readonly OtlpOutcome Failed = new(0, "The request could not be handled now.", 5);

    public bool IsRefused => RetryAfterSeconds > 0;
}
