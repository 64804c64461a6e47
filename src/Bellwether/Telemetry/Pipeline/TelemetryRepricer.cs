namespace Bellwether.Telemetry;

/// <summary>Prices stored calls again, those that are on their way to the store included.</summary>
internal sealed class TelemetryRepricer(ITelemetryStore store, TelemetryPipeline pipeline)
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(30);

    /// <summary>Throws <see cref="TimeoutException"/> when the store does not keep up with the journal.</summary>
    public async Task<RepriceResult> RepriceAsync(RepriceRequest request, Func<PricedCall, Cost?> price, CancellationToken cancellationToken)
    {
        // What the enricher priced before the prices changed is found only when it is stored.
        await pipeline.WhenStoredAsync(cancellationToken).WaitAsync(s_longestWait, cancellationToken);
        return await store.RepriceAsync(request, price, cancellationToken);
    }
}
