using System.Data.Common;
using System.Globalization;
using Bellwether.Identity;
using Bellwether.State;

namespace Bellwether.Pricing;

/// <summary>The table of overrides; every change leaves an audit row and is in the price book before the call returns.</summary>
public sealed class PriceOverrideStore(DbDataSource database, PriceBook book, AuditTrail audit, TimeProvider clock) : IStatePolicy
{
    public async Task LoadAsync(CancellationToken cancellationToken) => book.Use(await database.QueryAsync(
        "SELECT id, provider, model, valid_from, input, output, cache_read, cache_write, cache_write_1h FROM price_overrides",
        reader => new PriceOverride(
            reader.GetString(0),
            reader.GetString(1),
            reader.GetString(2),
            DateOnly.Parse(reader.GetString(3), CultureInfo.InvariantCulture),
            Amount(reader, 4), Amount(reader, 5), Amount(reader, 6), Amount(reader, 7), Amount(reader, 8)),
        cancellationToken));

    public async Task<PriceOverride> AddAsync(PriceOverrideDraft draft, Actor actor, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var added = new PriceOverride(
            Guid.CreateVersion7(now).ToString("n"), draft.Provider ?? "", draft.Model.Trim(),
            draft.ValidFrom ?? DateOnly.FromDateTime(now.UtcDateTime),
            draft.Input, draft.Output, draft.CacheRead, draft.CacheWrite, draft.CacheWrite1h);
        await database.TransactAsync(
            async connection =>
            {
                await connection.ExecuteAsync(
                    """
                    INSERT INTO price_overrides (id, provider, model, valid_from, input, output, cache_read, cache_write, cache_write_1h, created_at, created_by)
                    VALUES (@id, @provider, @model, @from, @input, @output, @cache_read, @cache_write, @cache_write_1h, @at, @by)
                    """,
                    cancellationToken,
                    ("@id", added.Id), ("@provider", added.Provider), ("@model", added.Model),
                    ("@from", added.ValidFrom.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
                    ("@input", Text(added.Input)), ("@output", Text(added.Output)), ("@cache_read", Text(added.CacheRead)),
                    ("@cache_write", Text(added.CacheWrite)), ("@cache_write_1h", Text(added.CacheWrite1h)),
                    ("@at", now), ("@by", actor.Id));
                await audit.WriteAsync(connection, actor, null, "price.set", added.Id, $"before: {Before(added)}; after: {added}", cancellationToken);
            },
            cancellationToken);
        await LoadAsync(cancellationToken);
        return added;
    }

    /// <summary>False when there is none with that id.</summary>
    public async Task<bool> RemoveAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        var was = book.Overrides.FirstOrDefault(own => own.Id == id);
        var removed = await database.TransactAsync(
            async connection =>
            {
                var done = await connection.ExecuteAsync("DELETE FROM price_overrides WHERE id = @id", cancellationToken, ("@id", id)) > 0;
                if (done)
                {
                    await audit.WriteAsync(connection, actor, null, "price.removed", id, $"before: {was}; after: the next price that fits", cancellationToken);
                }
                return done;
            },
            cancellationToken);
        await LoadAsync(cancellationToken);
        return removed;
    }

    // What held for exactly these calls until now; a prefix means many models, whose prices would not fit here.
    private string Before(PriceOverride added)
    {
        var at = new DateTimeOffset(added.ValidFrom, TimeOnly.MinValue, TimeSpan.Zero);
        if (book.Overrides.FirstOrDefault(own => own.Model.Equals(added.Model, StringComparison.OrdinalIgnoreCase) && own.Provider == added.Provider && own.ValidFrom <= added.ValidFrom) is { } own)
        {
            return own.ToString();
        }
        return !added.IsPrefix && book.Table.Find(added.Provider, added.Model) is var (provider, model) && model.RowAt(at) is >= 0 and var row
            ? string.Create(CultureInfo.InvariantCulture, $"shipped price of {provider.Id}/{model.Id}, input {model.Rows[row].Input?.Base}, output {model.Rows[row].Output?.Base}")
            : added.IsPrefix ? "shipped prices" : "no price";
    }

    private static decimal? Amount(DbDataReader reader, int column) =>
        reader.TextOrNull(column) is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string? Text(decimal? amount) => amount?.ToString(CultureInfo.InvariantCulture);
}
