using Bellwether.Telemetry;

namespace Bellwether.Pricing;

/// <summary>Stores with each call what it cost at the price in force when it was made.</summary>
internal sealed class PricingEnricher(IPriceBook prices) : IObservationEnricher
{
    public int Order => 200;

    public bool RunsForReaders => true;

    public TelemetryRecord Enrich(TelemetryRecord record)
    {
        // A client that could not load its prices says that a call cost zero, as OpenLIT does behind a firewall: that is no price.
        if (record.Observation is not { Cost: null or { TotalUsd: 0 }, Usage.IsKnown: true } call)
        {
            return record;
        }
        var cost = CallPricing.Price(prices, PricedCall.Of(call));
        return cost is null && call.Cost is null ? record : record.With(call with { Cost = cost }, record.Payload);
    }
}
