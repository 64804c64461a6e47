using System.Text;
using Bellwether.Exchange;
using Bellwether.Primitives;
using Bellwether.Providers;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Bellwether.Gateway;

public static class GatewayFeature
{
    // A caller's network may pause; a caller that only pretends to send is gone soon after.
    private static readonly TimeSpan s_bodyGrace = TimeSpan.FromSeconds(5);

    /// <summary>Needs <c>IKeyring</c>, <c>ITelemetryIntake</c>, <c>IProviderDirectory</c> and <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddBellwetherOptions<GatewayOptions>("Gateway");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>());
        services.AddMetrics();
        services.AddProviders();
        services.TryAddSingleton<InFlightCalls>();
        services.TryAddSingleton<Readiness>();
        services.TryAddSingleton<CallRegistry>();
        services.TryAddSingleton<GatewayMeters>();
        services.TryAddSingleton<ExchangeStages>();
        services.TryAddSingleton<CallAdmission>();
        services.TryAddSingleton<CallRecorder>();
        services.TryAddSingleton<Replies>();
        services.TryAddSingleton<AnswerEnd>();
        services.TryAddSingleton<GuardedRelay>();
        services.TryAddSingleton<AnswerRelay>();
        services.TryAddSingleton<Tunnel>();
        services.AddBellwetherOptions<NetworkOptions>("Network");
        services.TryAddSingleton<TargetHosts>();
        services.TryAddSingleton<UpstreamAttempts>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IExchangeStage, QuotaStage>());
        services.TryAddSingleton<CallForwarder>();
        services.TryAddSingleton<CallHandler>();
        services.TryAddSingleton(provider => new CallReplay(provider.GetRequiredService<CallHandler>(), provider.GetRequiredService<TelemetryReader>()));
        services.TryAddSingleton(provider => new OwnCalls(provider.GetRequiredService<CallHandler>()));
        services.AddHostedService<GatewayDrain>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<GatewayOptions>>(static (kestrel, gateway) =>
        {
            kestrel.AddServerHeader = false;
            // Our own check answers in the dialect; Kestrel's is the wall behind it.
            kestrel.Limits.MaxRequestHeaderCount = Math.Max(1_000, 2 * gateway.Value.MaxHeaderCount);
            kestrel.Limits.MaxRequestHeadersTotalSize = Math.Max(128 * 1024, 2 * gateway.Value.MaxHeaderBytes);
            kestrel.Limits.MaxResponseBufferSize = 64 * 1024;
            kestrel.Limits.RequestHeadersTimeout = gateway.Value.HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = gateway.Value.KeepAliveTimeout;
            kestrel.Limits.MinRequestBodyDataRate = gateway.Value.MinimumBodyRate == 0 ? null : new MinDataRate(gateway.Value.MinimumBodyRate, s_bodyGrace);
            // Providers' header values go back byte for byte.
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        });
        services.AddOptions<HostOptions>().PostConfigure<IOptions<GatewayOptions>>(static (host, gateway) =>
        {
            var needed = gateway.Value.ReadinessDelay + gateway.Value.DrainGrace + TimeSpan.FromSeconds(30);
            if (host.ShutdownTimeout < needed)
            {
                host.ShutdownTimeout = needed;
            }
        });
        return services;
    }

    /// <summary>
    /// The gateway's paths. Call it before anything else, and <c>UseRouting</c> after it: a web application that does not call
    /// <c>UseRouting</c> itself runs routing first, for every call.
    /// </summary>
    public static IApplicationBuilder UseGateway(this IApplicationBuilder app) => app.UseMiddleware<GatewayMiddleware>();
}
