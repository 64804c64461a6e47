using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Bellwether.Storage.Sqlite;

/// <summary>The <see cref="DbDataSource"/> that Microsoft.Data.Sqlite does not have: pooled connections to one file, in WAL mode with full syncs.</summary>
public sealed class SqliteStateSource(string file, TimeSpan busyTimeout) : DbDataSource
{
    public override string ConnectionString { get; } = new SqliteConnectionStringBuilder
    {
        DataSource = file,
        ForeignKeys = true,
        DefaultTimeout = (int)Math.Ceiling(busyTimeout.TotalSeconds),
    }.ToString();

    protected override DbConnection CreateDbConnection() => new SqliteConnection(ConnectionString);

    protected override DbConnection OpenDbConnection()
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            Prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // The engine has no asynchronous calls; a state statement takes microseconds to a few milliseconds.
    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken = default) => new(OpenDbConnection());

    protected override void Dispose(bool disposing)
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
        base.Dispose(disposing);
    }

    // WAL stays with the file; the others belong to the connection and cost no disk access.
    private void Prepare(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"PRAGMA busy_timeout = {(long)busyTimeout.TotalMilliseconds}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        command.ExecuteNonQuery();
    }
}
