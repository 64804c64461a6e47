using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

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
        services.TryAddSingleton<AuditTrail>();
        services.TryAddSingleton<SignInLinks>();
        services.TryAddSingleton<SignInThrottle>();
        services.TryAddSingleton<SignIn>();
        services.TryAddSingleton<EndedSessions>();
        services.TryAddSingleton<Actors>();
        services.TryAddSingleton<KeySettings>();
        services.TryAddSingleton<ProjectSettings>();
        services.TryAddSingleton<AccountSettings>();
        services.AddStatePolicy<Projects>();
        services.AddStatePolicy<Accounts>();
        services.AddStatePolicy<Keyring>();
        services.AddStatePolicy<IdentityStartup>();
        services.TryAddSingleton<IKeyring>(provider => provider.GetRequiredService<Keyring>());

        services.AddAuthentication(Schemes.Either)
            .AddPolicyScheme(Schemes.Either, null, options => options.ForwardDefaultSelector = context =>
                context.Request.Headers.Authorization.Count > 0 ? Schemes.ApiKey : Schemes.Cookies)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(Schemes.ApiKey, null)
            .AddCookie(Schemes.Cookies);
        services.AddOptions<CookieAuthenticationOptions>(Schemes.Cookies)
            .Configure<IOptions<IdentityOptions>>((cookie, options) => SessionsApi.Configure(cookie, options.Value));
        SessionsApi.KeepKeysInDataFolder(services);
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "bellwether-form";
            options.Cookie.HttpOnly = true;
        });
        AddPolicies(services);
        return services;
    }

    /// <summary>Knows the caller, refuses other sites' requests, and asks the policy of the endpoint.</summary>
    public static WebApplication UseIdentity(this WebApplication app)
    {
        app.Use(SessionsApi.RefuseOtherSitesAsync);
        app.UseAuthentication();
        app.UseAuthorization();
        return app;
    }

    public static IEndpointRouteBuilder MapIdentity(this IEndpointRouteBuilder routes)
    {
        IdentityApi.Map(routes);
        SignInApi.Map(routes);
        return routes;
    }

    // An endpoint that names no policy asks for a signed-in viewer: forgetting it closes a door instead of leaving one open.
    private static void AddPolicies(IServiceCollection services)
    {
        var viewer = new AuthorizationPolicyBuilder()
            .RequireClaim(Claims.Role, nameof(Role.Viewer), nameof(Role.Editor), nameof(Role.Administrator)).Build();
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Viewer, viewer)
            .AddPolicy(Policies.Editor, policy => policy.RequireClaim(Claims.Role, nameof(Role.Editor), nameof(Role.Administrator)))
            .AddPolicy(Policies.Administrator, policy => policy.RequireClaim(Claims.Role, nameof(Role.Administrator)))
            .AddPolicy(Policies.Operator, policy => policy
                .RequireClaim(Claims.Role, nameof(Role.Administrator))
                .RequireClaim(Claims.Project, Claims.AllProjects))
            .SetDefaultPolicy(viewer)
            .SetFallbackPolicy(viewer);
    }
}
