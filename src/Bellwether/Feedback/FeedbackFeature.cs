using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Feedback;

/// <summary>What users say and do about answers: the API, links for people without a key, and the intake that every dialect's receiver uses.</summary>
public static class FeedbackFeature
{
    public static IServiceCollection AddFeedback(this IServiceCollection services)
    {
        services.TryAddSingleton<FeedbackIntake>();
        services.TryAddSingleton<FeedbackLinks>();
        services.TryAddSingleton<VoteThrottle>();
        services.Configure<JsonOptions>(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, FeedbackJson.Default));
        return services;
    }

    public static IEndpointRouteBuilder MapFeedback(this IEndpointRouteBuilder routes)
    {
        FeedbackApi.Map(routes);
        VoteApi.Map(routes);
        return routes;
    }
}
