using System.Globalization;

namespace Bellwether.Pricing;

/// <summary>
/// A price that the operator set: a contract rate, or a model that the shipped table does not know. Of the overrides that fit
/// a call, the exact model goes before a prefix, then the latest <see cref="ValidFrom"/> wins. Amounts: USD per million tokens.
/// </summary>
/// <param name="Provider">Id in the price table, or empty for every provider.</param>
/// <param name="Model">Exact name, or a prefix with a trailing <c>*</c>.</param>
/// <param name="ValidFrom">First day on which it holds, UTC.</param>
public sealed record PriceOverride(
    string Id,
    string Provider,
    string Model,
    DateOnly ValidFrom,
    decimal? Input,
    decimal? Output,
    decimal? CacheRead,
    decimal? CacheWrite,
    decimal? CacheWrite1h)
{
    public bool Fits(string provider, string model, DateTimeOffset at) =>
        (Provider.Length == 0 || Provider == provider)
        && DateOnly.FromDateTime(at.UtcDateTime) >= ValidFrom
        && (IsPrefix ? model.StartsWith(Model[..^1], StringComparison.OrdinalIgnoreCase) : model.Equals(Model, StringComparison.OrdinalIgnoreCase));

    public bool IsPrefix => Model.EndsWith('*');

    public PriceRow ToRow() => new()
    {
        From = ValidFrom,
        Input = Flat(Input),
        Output = Flat(Output),
        CacheRead = Flat(CacheRead),
        CacheWrite = Flat(CacheWrite),
        CacheWrite1h = Flat(CacheWrite1h),
    };

    internal static readonly string VersionPrefix = "override@";

    public string Version => string.Create(CultureInfo.InvariantCulture, $"{VersionPrefix}{ValidFrom:yyyy-MM-dd}/{Id}");

    /// <summary>In words, for the audit trail: <c>gpt-4o of any provider from 2026-11-01: input 2.5, output 10</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Model} of {(Provider.Length == 0 ? "any provider" : Provider)} from {ValidFrom:yyyy-MM-dd}: {Amounts()}");

    private string Amounts() => string.Join(", ", new (string Name, decimal? Usd)[]
        {
            ("input", Input), ("output", Output), ("cache read", CacheRead), ("cache write", CacheWrite), ("cache write 1h", CacheWrite1h),
        }
        .Where(amount => amount.Usd is not null)
        .Select(amount => string.Create(CultureInfo.InvariantCulture, $"{amount.Name} {amount.Usd}")));

    private static TokenPrice? Flat(decimal? usd) => usd is { } price ? TokenPrice.Flat(price) : null;
}
