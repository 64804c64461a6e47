using System.Data.Common;
using Bellwether.Storage.Sql;
using DuckDB.NET.Data;

namespace Bellwether.Storage.DuckDb;

/// <summary>One connection, used by one thread at a time.</summary>
internal sealed class DuckDbSession(DuckDBConnection connection) : IDisposable
{
    /// <summary>Of the job that is running: interrupts the statement that is running.</summary>
    public CancellationToken Cancellation { get; set; }

    public static DuckDbSession Open(string connectionString)
    {
        var connection = new DuckDBConnection(connectionString);
        connection.Open();
        return new DuckDbSession(connection);
    }

    public int Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    public int Execute(SqlText sql)
    {
        using var command = Command(sql);
        return command.ExecuteNonQuery();
    }

    public void Read(SqlText sql, Action<DbDataReader> row)
    {
        using var command = Command(sql);
        Cancellation.ThrowIfCancellationRequested();
        using var registration = Cancellation.Register(static state => ((DuckDBCommand)state!).Cancel(), command);
        try
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                row(reader);
            }
        }
        catch (DuckDBException) when (Cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(Cancellation);
        }
    }

    public long? Scalar(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar() is long value ? value : null;
    }

    public DuckDBAppender Appender(string catalog, string table) => connection.CreateAppender(catalog, "main", table);

    /// <summary>Runs the work in a transaction: a snapshot for readers, all or nothing for the writer. DuckDB lets it write one attached file.</summary>
    public T InTransaction<T>(Func<T> work)
    {
        using var transaction = connection.BeginTransaction();
        var result = work();
        transaction.Commit();
        return result;
    }

    public void InTransaction(Action work)
    {
        using var transaction = connection.BeginTransaction();
        work();
        transaction.Commit();
    }

    public void Dispose() => connection.Dispose();

    private DuckDBCommand Command(SqlText sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql.ToString();
        foreach (var value in sql.Values)
        {
            command.Parameters.Add(new DuckDBParameter(value));
        }
        return command;
    }
}
