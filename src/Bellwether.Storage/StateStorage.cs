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
