using Bellwether.Primitives;
using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Bellwether.State;

/// <summary>The state store: what users and operators set. The engine comes from Bellwether.Storage as <see cref="DbDataSource"/> and <see cref="StateDialect"/>.</summary>
public static class StateFeature
{
    /// <summary>Migrations, sealed secrets, the audit trail, and the loading of every <see cref="IStatePolicy"/> before the first request.</summary>
    public static IServiceCollection AddState(this IServiceCollection services)
    {
        services.AddBellwetherOptions<StateOptions>("State");
        services.AddBellwetherOptions<MasterKeyOptions>("");
        services.TryAddSingleton<MasterKeys>();
        services.TryAddSingleton<SecretBox>();
        services.TryAddSingleton(provider => new StateMigrator(
            provider.GetRequiredService<DbDataSource>(), provider.GetRequiredService<StateDialect>(), Migration.In(typeof(StateFeature).Assembly),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<StateMigrator>>()));
        services.TryAddSingleton<StateStartup>();
        services.AddHostedService(provider => provider.GetRequiredService<StateStartup>());
        return services;
    }

    /// <summary>Registers a snapshot for loading at start, in the order of registration.</summary>
    public static IServiceCollection AddStatePolicy<T>(this IServiceCollection services) where T : class, IStatePolicy
    {
        services.TryAddSingleton<T>();
        services.AddSingleton<IStatePolicy>(provider => provider.GetRequiredService<T>());
        return services;
    }
}
