using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Datasets;

/// <summary>Datasets of examples and the experiments over them, whichever client's API they come by.</summary>
public static class DatasetsFeature
{
    /// <summary>Needs state.</summary>
    public static IServiceCollection AddDatasets(this IServiceCollection services)
    {
        services.TryAddSingleton<DatasetStore>();
        services.TryAddSingleton<ExperimentStore>();
        services.TryAddSingleton<RunStore>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IExperimentSource, StoredExperiments>());
        services.TryAddSingleton<ExperimentReader>();
        return services;
    }
}
