using System.Data.Common;
using System.Globalization;

namespace Bellwether.Pricing;

/// <summary>The table of overrides; every change is in the price book before the call returns.</summary>
public sealed class PriceOverrideStore(DbDataSource database, PriceBook book, TimeProvider clock)
{
    /// <summary>Reads the overrides into the price book.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, provider, model, valid_from, input, output, cache_read, cache_write, cache_write_1h FROM price_overrides";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var overrides = new List<PriceOverride>();
        while (await reader.ReadAsync(cancellationToken))
        {
            overrides.Add(new PriceOverride(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetString(2),
                DateOnly.Parse(reader.GetString(3), CultureInfo.InvariantCulture),
                Amount(reader, 4), Amount(reader, 5), Amount(reader, 6), Amount(reader, 7), Amount(reader, 8)));
        }
        book.Use(overrides);
    }

    public async Task<PriceOverride> AddAsync(PriceOverrideDraft draft, string author, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var added = new PriceOverride(
            Guid.CreateVersion7(now).ToString("n"), draft.Provider ?? "", draft.Model.Trim(),
            draft.ValidFrom ?? DateOnly.FromDateTime(now.UtcDateTime),
            draft.Input, draft.Output, draft.CacheRead, draft.CacheWrite, draft.CacheWrite1h);
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = """
                INSERT INTO price_overrides (id, provider, model, valid_from, input, output, cache_read, cache_write, cache_write_1h, created_at, created_by)
                VALUES (@id, @provider, @model, @from, @input, @output, @cache_read, @cache_write, @cache_write_1h, @at, @by)
                """;
            Set(command, "@id", added.Id);
            Set(command, "@provider", added.Provider);
            Set(command, "@model", added.Model);
            Set(command, "@from", added.ValidFrom.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            Set(command, "@input", Text(added.Input));
            Set(command, "@output", Text(added.Output));
            Set(command, "@cache_read", Text(added.CacheRead));
            Set(command, "@cache_write", Text(added.CacheWrite));
            Set(command, "@cache_write_1h", Text(added.CacheWrite1h));
            Set(command, "@at", now.ToString("O", CultureInfo.InvariantCulture));
            Set(command, "@by", author);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await LoadAsync(cancellationToken);
        return added;
    }

    /// <summary>False when there is none with that id.</summary>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        int removed;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM price_overrides WHERE id = @id";
            Set(command, "@id", id);
            removed = await command.ExecuteNonQueryAsync(cancellationToken);
        }
        await LoadAsync(cancellationToken);
        return removed > 0;
    }

    private static decimal? Amount(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : decimal.Parse(reader.GetString(column), CultureInfo.InvariantCulture);

    private static string? Text(decimal? amount) => amount?.ToString(CultureInfo.InvariantCulture);

    private static void Set(DbCommand command, string name, string? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = (object?)value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }
}

/// <summary>What a caller sends to add an override; amounts in USD per million tokens.</summary>
public sealed record PriceOverrideDraft(
    string? Provider,
    string Model,
    DateOnly? ValidFrom,
    decimal? Input,
    decimal? Output,
    decimal? CacheRead,
    decimal? CacheWrite,
    decimal? CacheWrite1h)
{
    /// <summary>What is wrong with it, by field; empty when nothing is.</summary>
    public Dictionary<string, string[]> Problems(PriceTable table)
    {
        var problems = new Dictionary<string, string[]>();
        if (string.IsNullOrWhiteSpace(Model) || Model.Length > 200)
        {
            problems["model"] = ["Name a model, or a prefix with a trailing *; at most 200 characters."];
        }
        if (!string.IsNullOrEmpty(Provider) && table.Provider(Provider) is null)
        {
            problems["provider"] = [$"'{Provider}' is not in the price table. Leave it empty for every provider."];
        }
        if (Input is null && Output is null)
        {
            problems["input"] = ["Set the input price, the output price, or both."];
        }
        foreach (var (name, amount) in new[] { ("input", Input), ("output", Output), ("cacheRead", CacheRead), ("cacheWrite", CacheWrite), ("cacheWrite1h", CacheWrite1h) })
        {
            if (amount is < 0 or > 1_000_000)
            {
                problems[name] = ["Between 0 and 1,000,000 USD per million tokens."];
            }
        }
        return problems;
    }
}
