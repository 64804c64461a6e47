using System.Data.Common;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.Extensions.Options;

namespace Bellwether.Identity;

/// <summary>What this start created and the operator must be told once; nothing of it is kept in clear.</summary>
public sealed class FirstStart
{
    /// <summary>A working gateway key for the printed snippet; null on later starts and when a bootstrap key was given.</summary>
    public Secret? SnippetKey { get; internal set; }

    /// <summary>Path and query of a one-time sign-in link for an administrator, <c>/signin?link=…</c>; null once an administrator can sign in.</summary>
    public Secret? SignInPath { get; internal set; }
}

/// <summary>Makes an empty store usable: the default project and a first key, and a link for as long as nobody can administer.</summary>
public sealed class IdentityStartup(
    DbDataSource state, FirstStart first, Keyring keyring, Projects projects, Accounts accounts, SignInLinks links,
    IOptions<BootstrapOptions> bootstrap, IOptions<IdentityOptions> options, TimeProvider clock) : IStatePolicy
{
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        first.SnippetKey = await state.TransactAsync(connection => SeedAsync(connection, now, cancellationToken), cancellationToken);
        await projects.LoadAsync(cancellationToken);
        await keyring.LoadAsync(cancellationToken);
        await accounts.LoadAsync(cancellationToken);
        if (!accounts.HasOperator || options.Value.ResetLink)
        {
            var issued = await state.TransactAsync(
                connection => links.IssueAsync(connection, Actor.System, LinkKind.Operator, null, Role.Administrator, [], cancellationToken),
                cancellationToken);
            first.SignInPath = issued.Path;
        }
    }

    private async Task<Secret?> SeedAsync(DbConnection connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The insert decides, so that of two processes that start at once only one seeds.
        var empty = await connection.ExecuteAsync(
            "INSERT INTO project (id, name, settings, created_at) VALUES (@id, 'Default', '{}', @now) ON CONFLICT (id) DO NOTHING",
            cancellationToken,
            ("@id", ProjectId.Default.Value), ("@now", now)) == 1;
        if (!empty)
        {
            return null;
        }

        if (bootstrap.Value.ApiKey is { Length: > 0 } given)
        {
            await InsertAsync(connection, given, "Bootstrap", Role.Administrator, allProjects: true, now, cancellationToken);
            return null;
        }

        var token = KeyToken.Create();
        await InsertAsync(connection, token, "First key", Role.Viewer, allProjects: false, now, cancellationToken);
        return new Secret(token);
    }

    private static Task<int> InsertAsync(
        DbConnection connection, string token, string name, Role role, bool allProjects, DateTimeOffset now, CancellationToken cancellationToken) =>
        ApiKeyStore.InsertAsync(
            connection,
            new StoredKey(
                new ApiKey
                {
                    Id = IdentityIds.Key(now),
                    Name = name,
                    Project = ProjectId.Default,
                    Role = role,
                    AllProjects = allProjects,
                    Hint = KeyToken.Hint(token),
                    CreatedAt = now,
                    CreatedBy = "start",
                },
                KeyToken.Hash(token)),
            cancellationToken);
}
