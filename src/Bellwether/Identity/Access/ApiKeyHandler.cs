using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Identity;

/// <summary>The <c>ApiKey</c> scheme: <c>Authorization: Bearer bw-…</c> on the API.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IKeyring keyring)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count == 0)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        // Basic, Digest and the like are no keys; two headers are nobody's intent.
        var text = header.Count == 1 ? header[0] ?? "" : "";
        if (!text.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || keyring.Check(text, out var key) != KeyCheck.Valid || key is null)
        {
            return Task.FromResult(AuthenticateResult.Fail("No valid key"));
        }

        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(Principal(key), Scheme.Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problem(StatusCodes.Status401Unauthorized, "The key is missing, unknown, revoked or expired.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problem(StatusCodes.Status403Forbidden, "This key may not do this.");

    private Task Problem(int status, string title)
    {
        Response.StatusCode = status;
        Response.ContentType = "application/problem+json";
        return Response.WriteAsync($$"""{"type":"about:blank","title":"{{title}}","status":{{status}}}""");
    }

    /// <summary>A key without API access is known but holds no role, so that it gets 403 and not 401.</summary>
    internal static ClaimsPrincipal Principal(ApiKey key)
    {
        var identity = new ClaimsIdentity(Schemes.ApiKey, Claims.Name, Claims.Role);
        identity.AddClaim(new Claim(Claims.Subject, key.Id));
        identity.AddClaim(new Claim(Claims.Name, key.Name));
        identity.AddClaim(new Claim(Claims.Project, key.AllProjects ? Claims.AllProjects : key.Project.Value));
        if (key.Api)
        {
            identity.AddClaim(new Claim(Claims.Role, key.Role.ToString()));
        }

        return new ClaimsPrincipal(identity);
    }
}
