using System.Collections.Immutable;
using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>What the price of a call depends on, and the cost that is stored with it.</summary>
public sealed record PricedCall
{
    public required DateTimeOffset StartTime { get; init; }
    public required string PriceProvider { get; init; }
    public required string Model { get; init; }
    public required string RequestModel { get; init; }
    public required string ServiceTier { get; init; }
    public required Usage Usage { get; init; }
    public required Cost? Cost { get; init; }

    public static PricedCall Of(Observation call) => new()
    {
        StartTime = call.StartTime,
        PriceProvider = call.PriceProvider,
        Model = call.Model,
        RequestModel = call.RequestModel,
        ServiceTier = call.ServiceTier,
        Usage = call.Usage,
        Cost = call.Cost,
    };
}

/// <summary>Which stored calls to price again; an empty <see cref="Where"/> means all of the window.</summary>
public sealed record RepriceRequest(ProjectId Project, TimeRange Window, ImmutableArray<Filter> Where)
{
    /// <summary>Only say what would change.</summary>
    public bool DryRun { get; init; }
}

/// <summary>What pricing again came to. Amounts in USD.</summary>
/// <param name="Calls">Calls with usage that were looked at.</param>
/// <param name="Changed">Those whose cost or price version is another one now.</param>
/// <param name="BeforeUsd">What the changed calls cost before; those without a price count nothing.</param>
/// <param name="AfterUsd">What they cost now.</param>
/// <param name="NewlyPriced">Of the changed, those that had no price.</param>
/// <param name="NoLongerPriced">Of the changed, those that have no price any more.</param>
public sealed record RepriceResult(long Calls, long Changed, decimal BeforeUsd, decimal AfterUsd, long NewlyPriced, long NoLongerPriced)
{
    public static readonly RepriceResult None = new(0, 0, 0, 0, 0, 0);

    public decimal DifferenceUsd => AfterUsd - BeforeUsd;

    public RepriceResult Add(RepriceResult other) => new(
        Calls + other.Calls, Changed + other.Changed, BeforeUsd + other.BeforeUsd, AfterUsd + other.AfterUsd,
        NewlyPriced + other.NewlyPriced, NoLongerPriced + other.NoLongerPriced);
}
