using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Bellwether.Exports;

/// <summary>Files of every observation that matches a filter, made in the background.</summary>
public static class ExportsFeature
{
    /// <summary>Needs telemetry and a data folder.</summary>
    public static IServiceCollection AddExports(this IServiceCollection services)
    {
        services.AddBellwetherOptions<ExportsOptions>("Exports");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ExportsOptions>, ExportsOptionsValidator>());
        services.TryAddSingleton<ExportStore>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITelemetryCopies, ExportCopies>());
        services.TryAddSingleton<ExportRun>();
        services.TryAddSingleton<ExportWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<ExportWorker>());
        services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ExportJson.Default));
        return services;
    }

    public static void MapExports(this IEndpointRouteBuilder routes) => ExportsApi.Map(routes);
}
