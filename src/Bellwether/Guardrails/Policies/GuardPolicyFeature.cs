using System.Diagnostics.Metrics;
using Bellwether.Exchange;
using Bellwether.Gateway;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Bellwether.Guardrails;

/// <summary>Requirements S1 and S3: guards that act on live calls, by policy.</summary>
public static class GuardPolicyFeature
{
    /// <summary>Needs state, identity, detection and <see cref="GuardrailsFeature"/>.</summary>
    public static IServiceCollection AddGuardPolicies(this IServiceCollection services)
    {
        services.AddBellwetherOptions<PromptOptions>("Guardrails:Prompts");
        services.TryAddSingleton<GuardPolicies>();
        services.AddStatePolicy<GuardPolicyStore>();
        services.TryAddSingleton<PersonalDataHash>();
        services.TryAddSingleton<PromptMeters>();
        services.TryAddSingleton<CleanValues>();
        services.TryAddSingleton<VerdictCache>();
        services.TryAddSingleton<TextJudge>();
        services.TryAddSingleton<PromptJudge>();
        services.TryAddSingleton<PromptEdit>();
        services.TryAddSingleton<SystemTexts>();
        services.AddBellwetherOptions<SecondOpinionOptions>("Guardrails:SecondOpinion");
        services.TryAddSingleton(static provider => new SecondOpinions(
            provider.GetRequiredService<OwnCalls>, provider.GetRequiredService<IOptions<SecondOpinionOptions>>(), provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IExchangeStage, GuardStage>());
        services.TryAddSingleton<SecurityEvents>();
        services.TryAddSingleton(static provider => new GuardTrial(provider.GetRequiredService<GuardrailChecks>(), provider.GetRequiredService<TextJudge>()));
        services.TryAddSingleton(static provider => new GuardReplay(provider.GetRequiredService<TelemetryReader>(), provider.GetRequiredService<PromptJudge>(), provider.GetRequiredService<TimeProvider>()));
        services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, GuardPolicyJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, SecurityEventsJson.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, GuardReplayJson.Default);
        });
        return services;
    }

    public static void MapGuardPolicies(this IEndpointRouteBuilder routes)
    {
        GuardPoliciesApi.Map(routes);
        SecurityEventsApi.Map(routes);
        GuardReplayApi.Map(routes);
    }
}
