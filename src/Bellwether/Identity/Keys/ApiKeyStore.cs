using System.Data.Common;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Identity;

/// <summary>A key row with its hash.</summary>
public sealed record StoredKey(ApiKey Key, byte[] Hash);

/// <summary>The rows of <c>api_key</c>. A key is never deleted: an observation may name it for as long as it is kept.</summary>
public sealed class ApiKeyStore(DbDataSource state)
{
    public Task<List<StoredKey>> AllAsync(CancellationToken cancellationToken) =>
        state.QueryAsync(
            """
            SELECT id, hash, hint, name, project, all_projects, role, gateway, api, models, created_at, created_by, expires_at, revoked_at
            FROM api_key ORDER BY created_at DESC, id DESC
            """,
            Read,
            cancellationToken);

    public static Task<int> InsertAsync(DbConnection connection, StoredKey row, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            """
            INSERT INTO api_key (id, hash, hint, name, project, all_projects, role, gateway, api, models, created_at, created_by, expires_at)
            VALUES (@id, @hash, @hint, @name, @project, @allProjects, @role, @gateway, @api, @models, @createdAt, @createdBy, @expiresAt)
            """,
            cancellationToken,
            ("@id", row.Key.Id), ("@hash", row.Hash), ("@hint", row.Key.Hint), ("@name", row.Key.Name), ("@project", row.Key.Project.Value),
            ("@allProjects", row.Key.AllProjects), ("@role", row.Key.Role), ("@gateway", row.Key.Gateway), ("@api", row.Key.Api),
            ("@models", JsonSerializer.Serialize(row.Key.Models, IdentityJson.Default.IReadOnlyListString)),
            ("@createdAt", row.Key.CreatedAt), ("@createdBy", row.Key.CreatedBy), ("@expiresAt", row.Key.ExpiresAt));

    /// <returns>False when no unrevoked key of this project has the id.</returns>
    public static async Task<bool> RevokeAsync(
        DbConnection connection, ProjectId project, string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(
            "UPDATE api_key SET revoked_at = @now WHERE id = @id AND project = @project AND revoked_at IS NULL",
            cancellationToken,
            ("@now", now), ("@id", id), ("@project", project.Value)) == 1;

    private static StoredKey Read(DbDataReader row) => new(
        new ApiKey
        {
            Id = row.GetString(0),
            Hint = row.GetString(2),
            Name = row.GetString(3),
            Project = new ProjectId(row.GetString(4)),
            AllProjects = row.GetBoolean(5),
            Role = Enum.Parse<Role>(row.GetString(6), ignoreCase: true),
            Gateway = row.GetBoolean(7),
            Api = row.GetBoolean(8),
            Models = JsonSerializer.Deserialize(row.GetString(9), IdentityJson.Default.IReadOnlyListString) ?? [],
            CreatedAt = row.Time(10),
            CreatedBy = row.GetString(11),
            ExpiresAt = row.TimeOrNull(12),
            RevokedAt = row.TimeOrNull(13),
        },
        row.Bytes(1));
}
