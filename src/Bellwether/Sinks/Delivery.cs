using System.Collections.Immutable;
using Bellwether.Telemetry;

namespace Bellwether.Sinks;

internal enum DeliveryOutcome
{
    Delivered,
    /// <summary>The receiver is down or busy: the same batch goes again later.</summary>
    RetryLater,
    /// <summary>The receiver will never take this batch: it is dropped and counted.</summary>
    Rejected,
    /// <summary>The receiver wants nothing more (410): the sink stands still until the next start.</summary>
    Gone,
}

/// <param name="Detail">For the system page; never a secret, an address or a text of a prompt.</param>
/// <param name="RetryAfter">What the receiver asked for, if it did.</param>
internal readonly record struct Delivery(DeliveryOutcome Outcome, string Detail = "", TimeSpan? RetryAfter = null);

/// <summary>One receiver's language.</summary>
internal interface ISink
{
    /// <summary>Sends a batch of observations, the first sequence of which makes the delivery's id.</summary>
    Task<Delivery> SendAsync(long firstSequence, ImmutableArray<TelemetryRecord> batch, CancellationToken cancellationToken);
}
