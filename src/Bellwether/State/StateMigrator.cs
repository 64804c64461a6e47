using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Bellwether.State;

/// <summary>The state store and this program do not fit together; the message says what to do.</summary>
public sealed class StateMigrationException(string message) : Exception(message);

/// <summary>
/// Brings the tables up to this program's version, in one transaction: a failed step leaves the store as it was, and a second
/// process that starts at the same moment waits and then finds nothing to do.
/// </summary>
public sealed class StateMigrator(
    DbDataSource state, StateDialect dialect, IReadOnlyList<Migration> migrations, TimeProvider clock, ILogger<StateMigrator> logger)
{
    /// <returns>The names of the steps that were applied now.</returns>
    public Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellationToken) =>
        state.TransactAsync(connection => ApplyAsync(connection, cancellationToken), cancellationToken);

    private async Task<IReadOnlyList<string>> ApplyAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (dialect.MigrationLock is { Length: > 0 } take)
        {
            await connection.ExecuteAsync(take, cancellationToken);
        }

        await connection.ExecuteAsync(
            """
            CREATE TABLE IF NOT EXISTS state_migration (
                feature TEXT NOT NULL, number INTEGER NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL,
                PRIMARY KEY (feature, number))
            """,
            cancellationToken);
        var applied = await connection.QueryAsync(
            "SELECT feature, number, checksum FROM state_migration ORDER BY feature, number",
            row => (Feature: row.GetString(0), Number: row.GetInt32(1), Checksum: row.GetString(2)),
            cancellationToken);

        foreach (var (feature, number, checksum) in applied)
        {
            var known = migrations.FirstOrDefault(m => m.Feature == feature && m.Number == number)
                ?? throw new StateMigrationException(
                    $"The state store has migration {feature}/{number:0000}, which this version of Bellwether does not know: it was "
                    + "written by a newer version. Start that version, or restore the backup made before the upgrade.");
            if (known.Checksum != checksum)
            {
                throw new StateMigrationException(
                    $"Migration {known.Name} was applied with other contents than this version of Bellwether carries "
                    + $"(checksum {checksum[..12]}, now {known.Checksum[..12]}). An applied migration must never be edited: add a new one.");
            }
        }

        var done = new List<string>();
        foreach (var migration in migrations.Where(m => !applied.Exists(a => a.Feature == m.Feature && a.Number == m.Number)))
        {
            await connection.ExecuteAsync(migration.Sql.Replace("{blob}", dialect.BlobType, StringComparison.Ordinal), cancellationToken);
            await connection.ExecuteAsync(
                "INSERT INTO state_migration (feature, number, checksum, applied_at) VALUES (@feature, @number, @checksum, @at)",
                cancellationToken,
                ("@feature", migration.Feature), ("@number", migration.Number), ("@checksum", migration.Checksum), ("@at", clock.GetUtcNow()));
            Log.Migrated(logger, migration.Name, dialect.Name);
            done.Add(migration.Name);
        }

        return done;
    }
}
