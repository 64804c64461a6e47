using Bellwether.Telemetry;

namespace Bellwether.Pricing;

/// <summary>Stores with each call what it cost at the price in force when it was made.</summary>
internal sealed class PricingEnricher(IPriceBook prices) : IObservationEnricher
{
    public int Order => 200;

    public TelemetryRecord Enrich(TelemetryRecord record)
    {
        if (record.Observation is not { Cost: null, Usage.IsKnown: true } call)
        {
            return record;
        }
        var cost = CallPricing.Price(prices, PricedCall.Of(call));
        return cost is null ? record : record.With(call with { Cost = cost }, record.Payload);
    }
}
