using Bellwether.Telemetry;

namespace Bellwether.Pricing;

/// <summary>What a call costs at the price that was in force when it was made.</summary>
internal static class CallPricing
{
    public static Cost? Price(IPriceBook prices, PricedCall call)
    {
        var cost = prices.Quote(call.PriceProvider, call.Model, call.Usage, call.StartTime, call.ServiceTier);
        // An answer may carry a name of the provider's own making; the asked-for name is the second best.
        return cost is null && call.RequestModel != call.Model
            ? prices.Quote(call.PriceProvider, call.RequestModel, call.Usage, call.StartTime, call.ServiceTier)
            : cost;
    }

    /// <summary>As <see cref="Price"/>, but a cost that came with the call from outside stays as it is.</summary>
    public static Cost? PriceAgain(PriceBook prices, PricedCall call) =>
        call.Cost is { } cost && !prices.Made(cost.PriceVersion) ? cost : Price(prices, call);
}
