using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Onboarding;

/// <summary>What a person sees in the first five minutes.</summary>
public static class OnboardingFeature
{
    public static IServiceCollection AddOnboarding(this IServiceCollection services) => services.AddHostedService<StartNotice>();
}
