using Bellwether.Primitives;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Bellwether.Telemetry;

/// <summary>Observations from the moment they are handed over: journal, pipeline, reading, the API over them, /metrics and health.</summary>
public static class TelemetryFeature
{
    /// <summary>Needs an <see cref="ITelemetryStore"/>, a <see cref="DataFolder"/> and a <see cref="TimeProvider"/> from the caller.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddBellwetherOptions<TelemetryOptions>("Telemetry");
        services.TryAddSingleton<IJournalFiles, JournalFiles>();
        services.TryAddSingleton<DeadLetters>();
        services.TryAddSingleton<PipelineMeters>();
        services.TryAddSingleton<CaptureFilters>();
        services.TryAddSingleton<TelemetryIntake>();
        services.TryAddSingleton<ITelemetryIntake>(provider => provider.GetRequiredService<TelemetryIntake>());
        services.TryAddSingleton<ChangeFeed>();
        services.TryAddSingleton<IChangeFeed>(provider => provider.GetRequiredService<ChangeFeed>());
        services.TryAddSingleton<StoreWriter>();
        services.TryAddSingleton<BatchBuilder>();
        services.TryAddSingleton<TelemetryPipeline>();
        services.AddHostedService(provider => provider.GetRequiredService<TelemetryPipeline>());
        services.TryAddSingleton<DiskMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<DiskMonitor>());

        services.TryAddSingleton<TelemetryReader>();
        services.TryAddSingleton<GroupReader>();
        services.TryAddSingleton<TelemetryEraser>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITelemetryCopies, DeadLetterCopies>());
        services.AddBellwetherOptions<RetentionOptions>("Retention");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RetentionOptions>, RetentionOptionsValidator>());
        services.TryAddSingleton<TelemetryRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<TelemetryRetention>());
        services.TryAddSingleton<TelemetryRepricer>();
        services.TryAddSingleton<Readiness>();
        services.TryAddSingleton<InFlightCalls>();
        services.TryAddSingleton<AiMetrics>();
        services.AddMetrics();
        services.TryAddSingleton<MeterReadings>();
        services.TryAddSingleton<RefusalTally>();
        services.TryAddSingleton(provider => new SystemMonitor(
            provider.GetRequiredService<TelemetryIntake>(), provider.GetRequiredService<StoreWriter>(), provider.GetRequiredService<DiskMonitor>(),
            provider.GetRequiredService<DeadLetters>(), provider.GetRequiredService<PipelineMeters>(), provider.GetRequiredService<InFlightCalls>(),
            provider.GetRequiredService<RefusalTally>(), provider.GetRequiredService<Readiness>(), provider.GetRequiredService<IOptions<TelemetryOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, TelemetryJson.Default));
        return services;
    }

    public static void MapTelemetry(this IEndpointRouteBuilder routes)
    {
        // Both count from now on and not from the first time that someone looks.
        routes.ServiceProvider.GetRequiredService<MeterReadings>();
        routes.ServiceProvider.GetRequiredService<RefusalTally>();
        MetricsApi.Map(routes);
        HealthApi.Map(routes);
        ObservationsApi.Map(routes);
        GroupsApi.Map(routes);
        OperationsApi.Map(routes);
    }
}
