using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.Extensions.Options;

namespace Bellwether.Identity;

/// <summary>What a one-time link is for.</summary>
public enum LinkKind
{
    /// <summary>Makes a new account with the role it names.</summary>
    Invitation,
    /// <summary>Sets a new password for the account it names.</summary>
    Reset,
    /// <summary>Printed at the first start, or by <c>--reset-link</c>: makes an administrator, or takes over the account whose sign-in name is given.</summary>
    Operator,
}

/// <summary>A link that can still be used.</summary>
public sealed record SignInLink(LinkKind Kind, string? AccountId, Role Role, IReadOnlyList<string> Projects, DateTimeOffset ExpiresAt);

/// <summary>A link as given out once.</summary>
/// <param name="Path">Path and query on this server: <c>/signin?link=…</c>.</param>
public sealed record IssuedLink(Secret Path, DateTimeOffset ExpiresAt);

/// <summary>One-time links. Only their hash is stored, so that a copy of the database opens nothing.</summary>
public sealed class SignInLinks(DbDataSource state, IOptions<IdentityOptions> options, TimeProvider clock)
{
    private const string Columns = "kind, account, role, projects, expires_at";

    public async Task<IssuedLink> IssueAsync(
        DbConnection connection, Actor actor, LinkKind kind, string? accountId, Role role, IReadOnlyList<string> projects, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var expires = now + options.Value.LinkLifetime;

        // A newer link for the same account or the operator makes the older ones useless: two are one too many.
        await connection.ExecuteAsync(
            "DELETE FROM sign_in_link WHERE expires_at < @now OR (kind = @kind AND (kind = 'operator' OR account = @account))",
            cancellationToken,
            ("@now", now), ("@kind", kind), ("@account", accountId ?? ""));
        await connection.ExecuteAsync(
            """
            INSERT INTO sign_in_link (hash, kind, account, role, projects, created_at, created_by, expires_at)
            VALUES (@hash, @kind, @account, @role, @projects, @now, @actor, @expires)
            """,
            cancellationToken,
            ("@hash", Hash(token)), ("@kind", kind), ("@account", accountId), ("@role", role),
            ("@projects", JsonSerializer.Serialize(projects, IdentityJson.Default.IReadOnlyListString)),
            ("@now", now), ("@actor", actor.Id), ("@expires", expires));
        return new IssuedLink(new Secret($"/signin?link={token}"), expires);
    }

    /// <summary>Looks at a link without using it: mail scanners and previews open links too.</summary>
    public async Task<SignInLink?> FindAsync(string? token, CancellationToken cancellationToken) =>
        token is not { Length: 64 } ? null : (await state.QueryAsync(
            $"SELECT {Columns} FROM sign_in_link WHERE hash = @hash AND used_at IS NULL AND expires_at > @now",
            Read,
            cancellationToken,
            ("@hash", Hash(token)), ("@now", clock.GetUtcNow()))).FirstOrDefault();

    /// <summary>Uses a link up. The update decides, so that of two uses at once only one gets it.</summary>
    public async Task<SignInLink?> TakeAsync(DbConnection connection, string token, CancellationToken cancellationToken) =>
        (await connection.QueryAsync(
            $"UPDATE sign_in_link SET used_at = @now WHERE hash = @hash AND used_at IS NULL AND expires_at > @now RETURNING {Columns}",
            Read,
            cancellationToken,
            ("@hash", Hash(token)), ("@now", clock.GetUtcNow()))).FirstOrDefault();

    private static SignInLink Read(DbDataReader row) => new(
        Enum.Parse<LinkKind>(row.GetString(0), ignoreCase: true),
        row.TextOrNull(1),
        Enum.Parse<Role>(row.GetString(2), ignoreCase: true),
        JsonSerializer.Deserialize(row.GetString(3), IdentityJson.Default.IReadOnlyListString) ?? [],
        row.Time(4));

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
