using System.Data.Common;
using System.Globalization;

namespace Bellwether.State;

/// <summary>Runs one parameterised statement. Values travel only as parameters; both engines read <c>@name</c>.</summary>
public static class StateSql
{
    /// <summary>Runs a statement on a connection of its own and returns the number of rows it changed.</summary>
    public static async Task<int> ExecuteAsync(
        this DbDataSource state, string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var connection = await state.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(sql, cancellationToken, parameters);
    }

    /// <summary>Runs a statement in the connection's open transaction, if there is one.</summary>
    public static async Task<int> ExecuteAsync(
        this DbConnection connection, string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Reads every row of a query that is known to be short.</summary>
    public static async Task<List<T>> QueryAsync<T>(
        this DbDataSource state, string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var connection = await state.OpenConnectionAsync(cancellationToken);
        return await connection.QueryAsync(sql, read, cancellationToken, parameters);
    }

    public static async Task<List<T>> QueryAsync<T>(
        this DbConnection connection, string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Runs <paramref name="work"/> in one transaction: all of its statements, or none.</summary>
    public static async Task<T> TransactAsync<T>(this DbDataSource state, Func<DbConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await state.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await work(connection);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    /// <summary>The same, with everything undone when <paramref name="holds"/> does not hold of the result: a refusal found half way.</summary>
    public static async Task<T> TransactAsync<T>(this DbDataSource state, Func<DbConnection, Task<T>> work, Func<T, bool> holds, CancellationToken cancellationToken)
    {
        await using var connection = await state.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var result = await work(connection);
        if (holds(result))
        {
            await transaction.CommitAsync(cancellationToken);
        }
        return result;
    }

    public static Task TransactAsync(this DbDataSource state, Func<DbConnection, Task> work, CancellationToken cancellationToken) =>
        state.TransactAsync(async connection => { await work(connection); return true; }, cancellationToken);

    /// <summary>Times are kept as whole milliseconds since 1970 UTC: the one form that sorts and compares alike on both engines.</summary>
    public static long ToState(this DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static DateTimeOffset Time(this DbDataReader reader, int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    public static DateTimeOffset? TimeOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Time(column);

    public static string? TextOrNull(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static byte[] Bytes(this DbDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);

    private static DbCommand Command(DbConnection connection, string sql, (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value switch
            {
                null => DBNull.Value,
                DateTimeOffset time => time.ToState(),
                Enum e => e.ToString().ToLower(CultureInfo.InvariantCulture),
                _ => value,
            };
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
