namespace Bellwether.Exchange;

/// <summary>What the caller allows itself (<c>Helicone-RateLimit-Policy</c>), and where it stands once the limits were looked at.</summary>
/// <param name="Text">As it was sent.</param>
/// <param name="Limit">Requests, or US cents, in one window.</param>
/// <param name="Window">Length of a window, at least a minute.</param>
/// <param name="InCents">True: cost is counted, after the call; false: calls are.</param>
/// <param name="Segment">Empty for all calls of the project together, <c>user</c>, or the name of a property.</param>
public sealed record CallerQuota(string Text, long Limit, TimeSpan Window, bool InCents, string Segment)
{
    /// <summary>What is left of the window; null when the policy did not apply to the call.</summary>
    public long? Remaining { get; set; }
    /// <summary>Seconds until the window ends.</summary>
    public int ResetSeconds { get; set; }
}
