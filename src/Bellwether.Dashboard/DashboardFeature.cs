using Bellwether.Guardrails;
using Bellwether.Identity;
using Bellwether.Quality;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MudBlazor.Services;

namespace Bellwether.Dashboard;

/// <summary>
/// The pages. The host must call <c>app.UseDashboard()</c> before <c>app.UseRouting()</c>, and <c>builder.WebHost.UseStaticWebAssets()</c> (without it, <c>dotnet run</c> in Production does
/// not find the packages' files), <c>app.UseAuthentication()</c>, <c>app.UseAuthorization()</c>, <c>app.UseAntiforgery()</c> and
/// <c>app.MapStaticAssets()</c>.
/// </summary>
public static class DashboardFeature
{
    // Styles may stand inline: MudBlazor positions its popovers that way and ECharts its canvas. Scripts may not, and nothing
    // is evaluated; nothing is fetched from anywhere else, whatever a prompt says. The base element, which Blazor's router
    // needs, is why base-uri is not 'none'.
    private static readonly string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        + "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'";

    // A text that somebody tries against a policy comes in one message, each letter as up to six bytes.
    private static readonly long MostMessageBytes = 256 * 1024;

    public static IServiceCollection AddDashboard(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(options => options.MaximumReceiveMessageSize = MostMessageBytes);
        services.AddMudServices();
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider>(provider => new SessionWatch(provider.GetRequiredService<ILoggerFactory>(), provider.GetService<Actors>()));
        services.TryAddScoped<BrowserContext>();
        services.TryAddSingleton<OverviewReader>();
        services.TryAddSingleton<TraceReader>();
        services.TryAddSingleton<SessionReader>();
        services.TryAddSingleton<StepFeedbackReader>();
        services.TryAddSingleton<FeedbackReader>();
        // Made when it is asked for: a host may serve the dashboard without guards.
        services.TryAddSingleton(provider => new SecurityReader(provider.GetRequiredService<SecurityEvents>(), provider.GetRequiredService<TelemetryReader>()));
        services.TryAddSingleton<SatisfactionReader>();
        services.TryAddSingleton<QualityReader>();
        services.TryAddSingleton(provider => provider.GetService<Projects>() is { } projects ? ProjectChoices.Of(projects) : ProjectChoices.DefaultOnly);
        return services;
    }

    /// <summary>
    /// Before routing: a browser that asks for an address that nobody serves gets the page that says so instead of an empty one.
    /// Programs keep their bare status. A server that stops takes no page's connection any more.
    /// </summary>
    public static IApplicationBuilder UseDashboard(this IApplicationBuilder app)
    {
        var stopping = app.ApplicationServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        app.Use((context, next) =>
        {
            if (!stopping.IsCancellationRequested || !context.Request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal)) { return next(context); }
            // A shutdown ends the circuits once. A page that comes back while it is under way would hold the process until its last second.
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
        return app.UseWhen(
            context => HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true),
            pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
    }

    public static IEndpointRouteBuilder MapDashboard(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null)
            .Add(builder =>
            {
                // Whoever is signed in gets the frame: inside, the router asks the page's own policy and says in words that a role
                // does not reach. The middleware would answer a person with a line of JSON.
                for (var i = 0; i < builder.Metadata.Count; i++)
                {
                    if (builder.Metadata[i] is AuthorizeAttribute { Policy: not null }) { builder.Metadata[i] = new AuthorizeAttribute(Policies.Viewer); }
                }
                var next = builder.RequestDelegate;
                if (next is null) { return; }
                builder.RequestDelegate = context =>
                {
                    Protect(context.Response.Headers);
                    return next(context);
                };
            });
        return endpoints;
    }

    private static void Protect(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()";
    }
}
