using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Bellwether.Identity;

/// <summary>Who is calling and what they may do: projects, keys, users, sessions, policies.</summary>
public static class IdentityFeature
{
    public static IServiceCollection AddIdentity(this IServiceCollection services)
    {
        services.AddBellwetherOptions<BootstrapOptions>("Bootstrap");
        services.AddBellwetherOptions<IdentityOptions>("Identity");
        services.TryAddSingleton<FirstStart>();
        services.TryAddSingleton<ApiKeyStore>();
        services.AddStatePolicy<IdentityStartup>();
        services.AddStatePolicy<Keyring>();
        services.TryAddSingleton<IKeyring>(provider => provider.GetRequiredService<Keyring>());

        services.AddAuthentication(Schemes.Either)
            .AddPolicyScheme(Schemes.Either, null, options => options.ForwardDefaultSelector = context =>
                context.Request.Headers.Authorization.Count > 0 ? Schemes.ApiKey : Schemes.Cookies)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(Schemes.ApiKey, null)
            .AddCookie(Schemes.Cookies, options =>
            {
                options.Cookie.Name = "bellwether";
                options.LoginPath = "/signin";
            });

        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Viewer, policy => policy.RequireClaim(Claims.Role, nameof(Role.Viewer), nameof(Role.Editor), nameof(Role.Administrator)))
            .AddPolicy(Policies.Editor, policy => policy.RequireClaim(Claims.Role, nameof(Role.Editor), nameof(Role.Administrator)))
            .AddPolicy(Policies.Administrator, policy => policy.RequireClaim(Claims.Role, nameof(Role.Administrator)))
            .AddPolicy(Policies.Operator, policy => policy
                .RequireClaim(Claims.Role, nameof(Role.Administrator))
                .RequireClaim(Claims.Project, Claims.AllProjects))
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireClaim(Claims.Role, nameof(Role.Viewer), nameof(Role.Editor), nameof(Role.Administrator)).Build());
        return services;
    }
}
