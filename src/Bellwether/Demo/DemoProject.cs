using System.Data.Common;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Demo;

/// <summary>Makes sure that the demo's project exists and gives its traffic a key that lives as long as the process.</summary>
internal sealed class DemoProject(DbDataSource state, TimeProvider clock) : IStatePolicy
{
    private const string KeyName = "Demo traffic";

    /// <summary>The key of this run; null before the state is loaded.</summary>
    public Secret? Key { get; private set; }

    public Task LoadAsync(CancellationToken cancellationToken) => Key is null ? SeedAsync(cancellationToken) : Task.CompletedTask;

    private Task SeedAsync(CancellationToken cancellationToken) => state.TransactAsync(
        async connection =>
        {
            var now = clock.GetUtcNow();
            var token = KeyToken.Create();
            await connection.ExecuteAsync(
                "INSERT INTO project (id, name, settings, created_at) VALUES (@id, 'Demo', '{}', @now) ON CONFLICT (id) DO NOTHING",
                cancellationToken,
                ("@id", DemoFeature.Project.Value), ("@now", now));
            // Only the hash of an earlier run's key is known, so that run's key is of no use to anyone any more.
            await connection.ExecuteAsync(
                "UPDATE api_key SET revoked_at = @now WHERE project = @project AND name = @name AND revoked_at IS NULL",
                cancellationToken,
                ("@now", now), ("@project", DemoFeature.Project.Value), ("@name", KeyName));
            await ApiKeyStore.InsertAsync(
                connection,
                new StoredKey(
                    new ApiKey
                    {
                        Id = IdentityIds.Key(now),
                        Name = KeyName,
                        Project = DemoFeature.Project,
                        Role = Role.Viewer,
                        Hint = KeyToken.Hint(token),
                        CreatedAt = now,
                        CreatedBy = "demo",
                    },
                    KeyToken.Hash(token)),
                cancellationToken);
            Key = new Secret(token);
        },
        cancellationToken);
}
