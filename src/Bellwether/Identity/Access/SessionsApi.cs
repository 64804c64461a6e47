using Bellwether.Primitives;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Identity;

/// <summary>Browser sessions: how the cookie is made, what an anonymous request is told, and the refusal of requests from other sites.</summary>
internal static class SessionsApi
{
    internal static readonly string CookieName = "bellwether";

    public static void Configure(CookieAuthenticationOptions cookie, IdentityOptions options)
    {
        cookie.Cookie.Name = CookieName;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.SlidingExpiration = true;
        cookie.ExpireTimeSpan = options.SessionLifetime;
        cookie.LoginPath = "/signin";
        cookie.ReturnUrlParameter = "returnUrl";
        cookie.Events.OnValidatePrincipal = SignInApi.ValidateAsync;
        cookie.Events.OnRedirectToLogin = context =>
        {
            if (!IsPage(context.Request))
            {
                return Refuse(context.Response, StatusCodes.Status401Unauthorized, "Send a key as Authorization: Bearer, or sign in.");
            }

            context.Response.Redirect(context.RedirectUri);
            return Task.CompletedTask;
        };
        cookie.Events.OnRedirectToAccessDenied = context => Refuse(context.Response, StatusCodes.Status403Forbidden, "You may not do this.");
    }

    /// <summary>The keys that sign cookies lie in the data folder, so that a restart signs nobody out.</summary>
    public static void KeepKeysInDataFolder(IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName("bellwether");
        services.AddOptions<KeyManagementOptions>().Configure<DataFolder, ILoggerFactory>((options, folder, loggers) =>
        {
            var sessions = new DirectoryInfo(folder.Sub("sessions"));
            if (!OperatingSystem.IsWindows())
            {
                sessions.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            }

            options.XmlRepository = new FileSystemXmlRepository(sessions, loggers);
        });
        // It warns that the keys are not encrypted; the folder is the owner's alone, as the master key's is.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error)
            // A wrong key is a metric, not a line per request.
            .AddFilter("Bellwether.Identity.ApiKeyHandler", LogLevel.Warning));
    }

    /// <summary>
    /// SameSite=Lax does not cover WebSockets, and a sub-domain of the same site counts as same-site. So what carries our cookie and
    /// changes something, or opens a circuit, must come from our own pages.
    /// </summary>
    public static Task RefuseOtherSitesAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var guarded = request.Path.StartsWithSegments("/_blazor")
            || (request.Cookies.ContainsKey(CookieName)
                && request.Headers.Authorization.Count == 0
                && (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method) || context.WebSockets.IsWebSocketRequest));
        return guarded && !IsOwnOrigin(request)
            ? Refuse(context.Response, StatusCodes.Status403Forbidden, "This request came from another site.")
            : next(context);
    }

    private static bool IsOwnOrigin(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
        {
            return false;
        }

        // No Origin: not a browser's doing, or a same-origin GET.
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !request.Path.StartsWithSegments("/api");

    private static Task Refuse(HttpResponse response, int status, string title)
    {
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        return response.WriteAsync($$"""{"type":"about:blank","title":"{{title}}","status":{{status}}}""");
    }
}
