using Bellwether.Primitives;
using Bellwether.Storage.DuckDb;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Bellwether.Storage;

/// <summary>Composition of the engines. The server picks one per store.</summary>
public static partial class StorageFeature
{
    /// <summary>Telemetry on embedded DuckDB, in the folder <c>telemetry</c> of the data folder.</summary>
    public static IServiceCollection AddDuckDbTelemetry(this IServiceCollection services)
    {
        services.AddBellwetherOptions<DuckDbOptions>("Telemetry:Store");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DuckDbOptions>, DuckDbOptionsValidator>());
        services.TryAddSingleton<ITelemetryStore, DuckDbTelemetryStore>();
        return services;
    }
}
