using System.Data.Common;
using Bellwether.Detection;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Guardrails;

/// <summary>A value that has a token.</summary>
/// <param name="Token">Without its brackets.</param>
public sealed record VaultEntry(ProjectId Project, string Token, PersonalDataType Type, string Value, DateTimeOffset At);

/// <summary>A token revealed to a person.</summary>
/// <param name="CreatedAt">When its value was seen first.</param>
public sealed record RevealedToken(string Token, string Type, string Value, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>The rows of the vault.</summary>
public sealed class VaultStore(DbDataSource state, VaultBox box, AuditTrail audit, TimeProvider clock) : ISealedRows
{
    private const int RewrapAtOnce = 500;

    /// <summary>Writes all or none; what is there already is kept for longer.</summary>
    public Task WriteAsync(IReadOnlyList<VaultEntry> entries, TimeSpan keepFor, CancellationToken cancellationToken) => state.TransactAsync(
        async connection =>
        {
            foreach (var entry in entries)
            {
                var (made, keyId) = box.Seal(entry.Project, entry.Token, entry.Value);
                await connection.ExecuteAsync(
                    """
                    INSERT INTO vault_token (project, token, type, value, key_id, created_at, expires_at)
                    VALUES (@project, @token, @type, @value, @key, @at, @expires)
                    ON CONFLICT (project, token) DO UPDATE SET expires_at = excluded.expires_at
                    """,
                    cancellationToken,
                    ("@project", entry.Project.Value), ("@token", entry.Token), ("@type", entry.Type.Name()), ("@value", made), ("@key", keyId),
                    ("@at", entry.At), ("@expires", entry.At + keepFor));
            }
        },
        cancellationToken);

    /// <summary>The value of a token, with a row in the audit trail that says who saw it. Null: unknown, expired, or of another project.</summary>
    public async Task<RevealedToken?> RevealAsync(Actor actor, ProjectId project, string token, CancellationToken cancellationToken)
    {
        if (!actor.May(Role.Administrator, project)) { return null; }
        RevealedToken? revealed = null;
        await state.TransactAsync(
            async connection =>
            {
                var rows = await connection.QueryAsync(
                    "SELECT type, value, key_id, created_at, expires_at FROM vault_token WHERE project = @project AND token = @token AND expires_at > @now",
                    row => (Type: row.GetString(0), Value: row.Bytes(1), KeyId: row.GetString(2), Created: row.Time(3), Expires: row.Time(4)),
                    cancellationToken, ("@project", project.Value), ("@token", token), ("@now", clock.GetUtcNow()));
                if (rows.Count == 1 && box.Open(project, token, rows[0].Value, rows[0].KeyId) is { } value)
                {
                    revealed = new RevealedToken($"[{token}]", rows[0].Type, value, rows[0].Created, rows[0].Expires);
                    await audit.WriteAsync(connection, actor, project, "vault.token_revealed", token, rows[0].Type, cancellationToken);
                }
            },
            cancellationToken);
        return revealed;
    }

    public Task<int> RemoveExpiredAsync(CancellationToken cancellationToken) =>
        state.ExecuteAsync("DELETE FROM vault_token WHERE expires_at <= @now", cancellationToken, ("@now", clock.GetUtcNow()));

    public async Task<bool> RewrapAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (found, sealedAgain) = await state.TransactAsync(RewrapSomeAsync, cancellationToken);
            if (found == 0) { return true; }
            // What does not open stays as it is, and keeps the older key alive.
            if (sealedAgain == 0) { return false; }
        }

        async Task<(int, int)> RewrapSomeAsync(DbConnection connection)
        {
            var rows = await connection.QueryAsync(
                "SELECT project, token, value, key_id FROM vault_token WHERE key_id <> @key LIMIT @limit",
                row => (Project: new ProjectId(row.GetString(0)), Token: row.GetString(1), Value: row.Bytes(2), KeyId: row.GetString(3)),
                cancellationToken, ("@key", box.KeyId), ("@limit", RewrapAtOnce));
            var count = 0;
            foreach (var row in rows)
            {
                if (box.Open(row.Project, row.Token, row.Value, row.KeyId) is not { } value) { continue; }
                var (made, keyId) = box.Seal(row.Project, row.Token, value);
                count += await connection.ExecuteAsync(
                    "UPDATE vault_token SET value = @value, key_id = @key WHERE project = @project AND token = @token", cancellationToken,
                    ("@value", made), ("@key", keyId), ("@project", row.Project.Value), ("@token", row.Token));
            }
            return (rows.Count, count);
        }
    }
}
