using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Ingest;

/// <summary>Receivers of OpenTelemetry: traces, logs and metrics over HTTP and gRPC.</summary>
public static class OtlpFeature
{
    private static readonly Dictionary<string, OtlpSignal> s_methods = new(StringComparer.Ordinal)
    {
        ["/opentelemetry.proto.collector.trace.v1.TraceService/Export"] = OtlpSignal.Traces,
        ["/opentelemetry.proto.collector.logs.v1.LogsService/Export"] = OtlpSignal.Logs,
        ["/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"] = OtlpSignal.Metrics,
    };

    /// <summary>Needs telemetry and identity.</summary>
    public static IServiceCollection AddOtlp(this IServiceCollection services)
    {
        services.AddBellwetherOptions<OtlpPorts>("Otlp");
        services.AddMetrics();
        services.TryAddSingleton<OtlpMeters>();
        services.TryAddSingleton<SpanIndex>();
        services.TryAddSingleton<LogMapper>();
        services.TryAddSingleton<OtlpReceiver>();
        services.TryAddSingleton<OtlpHttp>();
        services.TryAddSingleton<OtlpGrpc>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IObservationEnricher, DuplicateCallEnricher>());
        services.TryAddSingleton<OtlpListeners>();
        services.AddSingleton<IStartupFilter>(static provider => provider.GetRequiredService<OtlpListeners>());
        services.AddOptions<KestrelServerOptions>().Configure<OtlpListeners>(static (kestrel, listeners) =>
            kestrel.ConfigureEndpointDefaults(endpoint =>
            {
                // gRPC without TLS cannot be told from HTTP/1.1 on a shared port.
                if (listeners.GrpcPort != 0 && endpoint.IPEndPoint?.Port == listeners.GrpcPort)
                {
                    endpoint.Protocols = HttpProtocols.Http2;
                }
            }));
        return services;
    }

    /// <summary>Answers calls of gRPC that name another method than those of <see cref="MapOtlp"/>. First of all: whatever takes unknown paths answers with HTTP.</summary>
    public static IApplicationBuilder UseOtlp(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (!OtlpGrpc.IsCall(context.Request) || s_methods.ContainsKey(context.Request.Path.Value ?? ""))
        {
            return next(context);
        }
        context.RequestServices.GetRequiredService<OtlpGrpc>().Unimplemented(context);
        return Task.CompletedTask;
    });

    public static void MapOtlp(this IEndpointRouteBuilder routes)
    {
        foreach (var (path, signal, surface) in new[]
        {
            ("/v1/traces", OtlpSignal.Traces, "otlp"), ("/v1/logs", OtlpSignal.Logs, "otlp"), ("/v1/metrics", OtlpSignal.Metrics, "otlp"),
            // Below each base that LangSmith's SDK may have been given.
            ("/otel/v1/traces", OtlpSignal.Traces, "langsmith"), ("/api/otel/v1/traces", OtlpSignal.Traces, "langsmith"),
            ("/api/v1/otel/v1/traces", OtlpSignal.Traces, "langsmith"), ("/langsmith/otel/v1/traces", OtlpSignal.Traces, "langsmith"),
            ("/api/public/otel/v1/traces", OtlpSignal.Traces, "langfuse"),
        })
        {
            Map(routes, path, context => context.RequestServices.GetRequiredService<OtlpHttp>().HandleAsync(context, signal, surface));
        }
        foreach (var (path, signal) in s_methods)
        {
            Map(routes, path, context => context.RequestServices.GetRequiredService<OtlpGrpc>().HandleAsync(context, signal));
        }
    }

    // The receivers check keys themselves: senders put them in places that the API's scheme does not know.
    private static void Map(IEndpointRouteBuilder routes, string path, RequestDelegate handler) =>
        routes.MapPost(path, handler).AllowAnonymous().ExcludeFromDescription();
}
