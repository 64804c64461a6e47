using System.Data.Common;
using Bellwether.Gateway;
using Bellwether.Pricing;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Evaluators;

/// <summary>Requirement Q4: evaluators that judge a share of the stored answers: patterns and conditions on this machine, judges through the gateway.</summary>
public static class EvaluatorsFeature
{
    /// <summary>Needs state, identity, telemetry, prices, providers and the gateway.</summary>
    public static IServiceCollection AddEvaluators(this IServiceCollection services)
    {
        services.AddBellwetherOptions<EvaluatorsOptions>("Evaluators");
        services.AddStatePolicy<EvaluatorStore>();
        services.TryAddSingleton(provider => new SpendLedger(provider.GetRequiredService<DbDataSource>()));
        services.TryAddSingleton(provider => new JudgeRunner(
            provider.GetRequiredService<OwnCalls>(), provider.GetRequiredService<TelemetryReader>(), provider.GetRequiredService<IPriceBook>(), provider.GetRequiredService<SpendLedger>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<EvaluatorService>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBatchOutlet, EvaluatorService>(provider => provider.GetRequiredService<EvaluatorService>()));
        services.AddHostedService(provider => provider.GetRequiredService<EvaluatorService>());
        services.TryAddSingleton<AgreementReader>();
        services.TryAddSingleton(provider => new EvaluatorReports(provider.GetRequiredService<EvaluatorStore>(), provider.GetRequiredService<SpendLedger>(), provider.GetRequiredService<TelemetryReader>(), provider.GetRequiredService<TimeProvider>()));
        services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, EvaluatorsJson.Default));
        return services;
    }

    public static IEndpointRouteBuilder MapEvaluators(this IEndpointRouteBuilder routes)
    {
        EvaluatorsApi.Map(routes);
        return routes;
    }
}
