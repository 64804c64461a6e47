using System.Data.Common;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Storage.Postgres;
using Bellwether.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Bellwether.Storage;

/// <summary>The engine under the state store: PostgreSQL when a connection string is set, else an SQLite file in the data folder.</summary>
public static class StateStorage
{
    public static IServiceCollection AddStateStorage(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StateOptions>, ConnectionStringRule>());
        services.TryAddSingleton<DbDataSource>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<StateOptions>>().Value;
            return options.ConnectionString.Length > 0
                ? NpgsqlDataSource.Create(options.ConnectionString)
                : new SqliteStateSource(Path.Combine(provider.GetRequiredService<DataFolder>().Sub("state"), "state.db"), options.BusyTimeout);
        });
        services.TryAddSingleton<StateDialect>(provider =>
            provider.GetRequiredService<IOptions<StateOptions>>().Value.ConnectionString.Length > 0 ? new PostgresStateDialect() : new SqliteStateDialect());
        return services;
    }
}

/// <summary>What the driver does not understand would end the start later, and with less to go by.</summary>
internal sealed class ConnectionStringRule : IValidateOptions<StateOptions>
{
    public ValidateOptionsResult Validate(string? name, StateOptions options)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(options.ConnectionString);
            return ValidateOptionsResult.Success;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            return ValidateOptionsResult.Fail($"Bellwether:State:ConnectionString is not a connection string such as Host=db;Database=bellwether;Username=bellwether: {error.Message}");
        }
    }
}
