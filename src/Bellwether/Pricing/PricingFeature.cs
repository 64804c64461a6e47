using System.Data.Common;
using Bellwether.Identity;
using Bellwether.State;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Bellwether.Pricing;

/// <summary>Requirement M3: dated prices, stored with the call that they priced.</summary>
public static class PricingFeature
{
    public static IServiceCollection AddPricing(this IServiceCollection services)
    {
        services.TryAddSingleton<PriceBook>();
        services.TryAddSingleton<IPriceBook>(provider => provider.GetRequiredService<PriceBook>());
        services.AddStatePolicy<PriceOverrideStore>();
        services.TryAddSingleton(provider => new PriceHistory(
            provider.GetRequiredService<PriceBook>(), provider.GetRequiredService<TelemetryRepricer>(), provider.GetRequiredService<DbDataSource>(),
            provider.GetRequiredService<AuditTrail>(), provider.GetRequiredService<ILogger<PriceHistory>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IObservationEnricher, PricingEnricher>());
        services.Configure<JsonOptions>(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, PricingJson.Default));
        return services;
    }

    public static void MapPricing(this IEndpointRouteBuilder routes)
    {
        PricingApi.Map(routes);
        RepriceApi.Map(routes);
    }
}
