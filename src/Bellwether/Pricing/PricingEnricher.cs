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
        var cost = prices.Quote(call.PriceProvider, call.Model, call.Usage, call.StartTime, call.ServiceTier);
        // An answer may carry a name of the provider's own making; the asked-for name is the second best.
        if (cost is null && call.RequestModel != call.Model)
        {
            cost = prices.Quote(call.PriceProvider, call.RequestModel, call.Usage, call.StartTime, call.ServiceTier);
        }
        return cost is null ? record : record.With(call with { Cost = cost }, record.Payload);
    }
}
