using System.Data.Common;
using System.Text.Json;
using Bellwether.State;

namespace Bellwether.Providers;

/// <summary>A provider as set on the Settings page; its key sealed.</summary>
public sealed record ProviderRow(
    string Name, ProviderKind Kind, Uri BaseUrl, byte[]? SealedKey, IReadOnlyList<string> Models, string? PriceProvider, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>The rows of <c>provider</c> and <c>provider_route</c>.</summary>
public sealed class ProviderSettingsStore(DbDataSource state)
{
    /// <summary>Binds a sealed key to its row: copied to another provider's row it does not open.</summary>
    public static string Purpose(string name) => $"provider/{name}";

    public Task<List<ProviderRow>> ProvidersAsync(CancellationToken cancellationToken) =>
        state.QueryAsync(
            "SELECT name, kind, base_url, api_key, models, price_provider, created_at, updated_at FROM provider ORDER BY created_at, name",
            row => new ProviderRow(
                row.GetString(0),
                Enum.Parse<ProviderKind>(row.GetString(1), ignoreCase: true),
                new Uri(row.GetString(2)),
                row.IsDBNull(3) ? null : row.Bytes(3),
                JsonSerializer.Deserialize(row.GetString(4), ProviderSettingsJson.Default.IReadOnlyListString) ?? [],
                row.TextOrNull(5),
                row.Time(6),
                row.Time(7)),
            cancellationToken);

    public async Task<IReadOnlyDictionary<string, string>> RoutesAsync(CancellationToken cancellationToken)
    {
        var rows = await state.QueryAsync(
            "SELECT pattern, provider FROM provider_route ORDER BY pattern", row => (row.GetString(0), row.GetString(1)), cancellationToken);
        return rows.ToDictionary(row => row.Item1, row => row.Item2, StringComparer.Ordinal);
    }

    public static Task<int> UpsertAsync(DbConnection connection, ProviderRow row, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            """
            INSERT INTO provider (name, kind, base_url, api_key, models, price_provider, created_at, updated_at)
            VALUES (@name, @kind, @baseUrl, @key, @models, @price, @createdAt, @updatedAt)
            ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, base_url = excluded.base_url, api_key = excluded.api_key,
                models = excluded.models, price_provider = excluded.price_provider, updated_at = excluded.updated_at
            """,
            cancellationToken,
            ("@name", row.Name), ("@kind", row.Kind), ("@baseUrl", row.BaseUrl.OriginalString), ("@key", row.SealedKey),
            ("@models", JsonSerializer.Serialize(row.Models, ProviderSettingsJson.Default.IReadOnlyListString)),
            ("@price", row.PriceProvider), ("@createdAt", row.CreatedAt), ("@updatedAt", row.UpdatedAt));

    public static async Task<bool> DeleteAsync(DbConnection connection, string name, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync("DELETE FROM provider WHERE name = @name", cancellationToken, ("@name", name)) == 1;

    public static Task<int> UpsertRouteAsync(DbConnection connection, string pattern, string provider, DateTimeOffset now, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            """
            INSERT INTO provider_route (pattern, provider, created_at) VALUES (@pattern, @provider, @now)
            ON CONFLICT (pattern) DO UPDATE SET provider = excluded.provider
            """,
            cancellationToken,
            ("@pattern", pattern), ("@provider", provider), ("@now", now));

    public static async Task<bool> DeleteRouteAsync(DbConnection connection, string pattern, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync("DELETE FROM provider_route WHERE pattern = @pattern", cancellationToken, ("@pattern", pattern)) == 1;
}
