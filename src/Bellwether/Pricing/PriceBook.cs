using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Telemetry;

namespace Bellwether.Pricing;

/// <summary>The shipped table with the operator's overrides before it.</summary>
public sealed class PriceBook : IPriceBook
{
    // Model names come from callers: past this many the table is searched each time instead of remembered.
    private const int MostRemembered = 10_000;

    private readonly PriceTable _table = PriceTable.Shipped;
    private readonly ConcurrentDictionary<(string Provider, string Model), (PriceProvider Provider, PriceModel Model)?> _found = new();
    private volatile StrongBox _overrides = new([]);

    /// <summary>The overrides in force, newest day first.</summary>
    public ImmutableArray<PriceOverride> Overrides => _overrides.Items;

    public PriceTable Table => _table;

    /// <summary>Swaps the overrides as a whole.</summary>
    public void Use(IEnumerable<PriceOverride> overrides) => _overrides = new(
        [.. overrides.OrderBy(entry => entry.IsPrefix).ThenByDescending(entry => entry.Model.Length).ThenByDescending(entry => entry.ValidFrom)]);

    public Cost? Quote(string provider, string model, Usage usage, DateTimeOffset at, string serviceTier = "")
    {
        if (Price(provider, model, usage, at) is not var (_, quote, version))
        {
            return null;
        }
        // A fee per call is part of what asking costs.
        return new Cost(quote.InputUsd + quote.RequestUsd, quote.OutputUsd, version);
    }

    /// <summary>As <see cref="Quote"/>, with the table's name of the model and the fee per call apart.</summary>
    public (string Model, PriceQuote Quote, string Version)? Price(string provider, string model, Usage usage, DateTimeOffset at)
    {
        if (model.Length == 0 || !usage.IsKnown)
        {
            return null;
        }
        foreach (var own in _overrides.Items)
        {
            if (own.Fits(provider, model, at))
            {
                return PriceCalculator.Calculate(own.ToRow(), usage) is { } quoted ? (model, quoted, own.Version) : null;
            }
        }
        if (Find(provider, model) is not var (owner, found) || found.RowAt(at) is not (>= 0 and var index))
        {
            return null;
        }
        return PriceCalculator.Calculate(found.Rows[index], usage) is { } quote
            ? (found.Id, quote, string.Create(CultureInfo.InvariantCulture, $"{_table.Source}@{_table.Date}/{owner.Id}/{found.Id}#{index}"))
            : null;
    }

    /// <summary>Whether a price version is one of this book's, of today's table or an earlier one; others came with the call from outside.</summary>
    public bool Made(string priceVersion) =>
        priceVersion.StartsWith(_table.Source + "@", StringComparison.Ordinal) || priceVersion.StartsWith(PriceOverride.VersionPrefix, StringComparison.Ordinal);

    private (PriceProvider Provider, PriceModel Model)? Find(string provider, string model)
    {
        if (_found.TryGetValue((provider, model), out var found))
        {
            return found;
        }
        found = _table.Find(provider, model);
        if (_found.Count < MostRemembered)
        {
            _found[(provider, model)] = found;
        }
        return found;
    }

    // A volatile field cannot be a struct such as ImmutableArray.
    private sealed record StrongBox(ImmutableArray<PriceOverride> Items);
}
