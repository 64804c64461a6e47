using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Bellwether.State;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Identity;

/// <summary>
/// The form posts that begin and end a session: a Blazor circuit cannot set cookies. Each checks its antiforgery token and answers
/// with a redirect; what went wrong travels as a word in the query, never the text that was entered.
/// </summary>
internal static class SignInApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        // DisableAntiforgery turns off the middleware's check, which only covers bound forms; each handler checks by itself.
        routes.MapPost("/signin/password", PasswordAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        routes.MapPost("/signin/link", LinkAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        routes.MapPost("/signout", SignOutAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
    }

    /// <summary>Runs on every request of a session: the account as it is now decides, not the cookie.</summary>
    public static Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var accounts = (Accounts)context.HttpContext.RequestServices.GetService(typeof(Accounts))!;
        var account = context.Principal is { } was ? accounts.Find(was.Subject()) : null;
        var ended = (EndedSessions)context.HttpContext.RequestServices.GetService(typeof(EndedSessions))!;
        if (account is not { DisabledAt: null } || !context.Principal!.HasClaim(Claims.Stamp, account.Stamp) || ended.Contains(context.Principal))
        {
            context.RejectPrincipal();
            return context.HttpContext.SignOutAsync(Schemes.Cookies);
        }

        context.ReplacePrincipal(Principal(account, context.Principal.FindFirst(Claims.Session)?.Value));
        return Task.CompletedTask;
    }

    /// <param name="session">Null for a cookie of before sessions had names.</param>
    internal static ClaimsPrincipal Principal(Account account, string? session)
    {
        var identity = new ClaimsIdentity(Schemes.Cookies, Claims.Name, Claims.Role);
        identity.AddClaim(new Claim(Claims.Subject, account.Id));
        identity.AddClaim(new Claim(Claims.Name, account.Name));
        identity.AddClaim(new Claim(Claims.Role, account.Role.ToString()));
        identity.AddClaim(new Claim(Claims.Stamp, account.Stamp));
        if (session is { Length: > 0 }) { identity.AddClaim(new Claim(Claims.Session, session)); }
        foreach (var project in account.Projects.DefaultIfEmpty(Claims.AllProjects))
        {
            identity.AddClaim(new Claim(Claims.Project, project));
        }

        return new ClaimsPrincipal(identity);
    }

    private static async Task<IResult> PasswordAsync(HttpContext context, IAntiforgery antiforgery, SignIn signIn, CancellationToken cancellationToken)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.LocalRedirect("/signin?problem=stale");
        }

        var form = await context.Request.ReadFormAsync(cancellationToken);
        var target = LocalPath(form["returnUrl"]);
        var result = await signIn.PasswordAsync(form["signInName"].ToString(), form["password"].ToString(), Address(context), cancellationToken);
        switch (result.Outcome)
        {
            case SignInOutcome.SignedIn:
                await BeginAsync(context, result.Account!);
                return Results.LocalRedirect(target);
            case SignInOutcome.Throttled:
                return Back($"wait&seconds={((int)Math.Ceiling(result.Wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture)}", target);
            default:
                return Back("wrong", target);
        }
    }

    private static async Task<IResult> LinkAsync(HttpContext context, IAntiforgery antiforgery, SignIn signIn, CancellationToken cancellationToken)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(cancellationToken) : FormCollection.Empty;
        var token = form["link"].ToString();
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.LocalRedirect($"/signin?link={Uri.EscapeDataString(token)}&problem=stale");
        }

        var result = await signIn.LinkAsync(
            new LinkForm(token, form["name"].ToString(), form["signInName"].ToString(), form["password"].ToString()), cancellationToken);
        switch (result.Outcome)
        {
            case SignInOutcome.SignedIn:
                await BeginAsync(context, result.Account!);
                return Results.LocalRedirect("/");
            case SignInOutcome.Invalid:
                var fields = string.Join(',', result.Errors!.Select(error => error.Value[0] == "is taken" ? error.Key + "-taken" : error.Key));
                return Results.LocalRedirect($"/signin?link={Uri.EscapeDataString(token)}&problem={Uri.EscapeDataString(fields)}");
            default:
                return Results.LocalRedirect("/signin?problem=link");
        }
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, EndedSessions ended)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.LocalRedirect("/");
        }

        ended.End(context.User);
        await context.SignOutAsync(Schemes.Cookies);
        return Results.LocalRedirect("/signin");
    }

    private static Task BeginAsync(HttpContext context, Account account) =>
        context.SignInAsync(Schemes.Cookies, Principal(account, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))), new AuthenticationProperties { IsPersistent = true });

    private static IResult Back(string problem, string target) =>
        Results.LocalRedirect($"/signin?problem={problem}&returnUrl={Uri.EscapeDataString(target)}");

    private static string Address(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    // "//evil", "/\evil" and "https://evil" leave this server.
    private static string LocalPath(string? path) => path is ['/'] or ['/', not ('/' or '\\'), ..] && !path.Any(char.IsControl) ? path : "/";
}
