using System.Globalization;
using Bellwether.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Bellwether.Flags;

/// <summary>Who may come in: a valid key, from an origin that may ask, not too often. What is refused has no body, as OFREP wants it.</summary>
internal sealed class OfrepDoorApi(IKeyring keyring, OfrepLimit limit, FlagMeters meters, IOptions<FlagsOptions> options)
{
    /// <summary>The key of <c>Authorization: Bearer</c> or <c>X-API-Key</c>.</summary>
    public static string KeyOf(IHeaderDictionary headers) =>
        headers["X-API-Key"] is [{ Length: > 0 } key] ? key : headers.Authorization is [{ } text] && text.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? text : "";

    /// <summary>Null when the request was answered.</summary>
    public ApiKey? Open(HttpContext context, string token)
    {
        if (!Admit(context))
        {
            return null;
        }
        if (keyring.Check(token, out var key) != KeyCheck.Valid || key is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            Refuse(context, StatusCodes.Status401Unauthorized, "key");
            return null;
        }
        if (!limit.TryTake(key.Id))
        {
            RefuseFor(context, StatusCodes.Status429TooManyRequests, "rate", OfrepLimit.RetryAfterSeconds);
            return null;
        }
        return key;
    }

    /// <summary>Says to the browser whether its page may read the answer. False when the request was answered: a page of another origin.</summary>
    public bool Admit(HttpContext context)
    {
        var (origin, allowed) = (context.Request.Headers.Origin.ToString(), options.Value.Origins);
        var headers = context.Response.Headers;
        if (allowed.Count > 0)
        {
            headers.Append("Vary", "Origin");
        }
        if (origin.Length == 0)
        {
            return true;
        }
        if (allowed.Count > 0 && !allowed.Contains(origin))
        {
            Refuse(context, StatusCodes.Status403Forbidden, "origin");
            return false;
        }
        headers.AccessControlAllowOrigin = allowed.Count > 0 ? origin : "*";
        headers.AccessControlExposeHeaders = "ETag, Retry-After, X-Request-Id";
        return true;
    }

    public IResult Preflight(HttpContext context)
    {
        if (!Admit(context))
        {
            return Results.Empty;
        }
        context.Response.Headers.AccessControlAllowMethods = "POST";
        context.Response.Headers.AccessControlAllowHeaders = "authorization, content-type, if-none-match, x-api-key";
        context.Response.Headers.AccessControlMaxAge = "86400";
        return Results.NoContent();
    }

    public void Refuse(HttpContext context, int status, string reason)
    {
        meters.Refused(reason);
        context.Response.StatusCode = status;
    }

    public void RefuseFor(HttpContext context, int status, string reason, int seconds)
    {
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        Refuse(context, status, reason);
    }
}
