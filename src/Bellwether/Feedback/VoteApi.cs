using System.Globalization;
using System.Text.Json;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Bellwether.Feedback;

/// <summary>
/// What people without a key use: the page behind a link, and the script with the token of one. Both are made for other origins
/// and read no cookie; the token alone says what may be written.
/// </summary>
internal static class VoteApi
{
    private const int MostFormBytes = 64 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/f/{token}", Page).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost("/f/{token}", VoteAsync).AllowAnonymous().ExcludeFromDescription().DisableAntiforgery();
        routes.MapMethods("/f/{token}", [HttpMethods.Options], Preflight).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/feedback.js", Script).AllowAnonymous().ExcludeFromDescription();
    }

    private static IResult Page(HttpContext context, string token, FeedbackLinks links) =>
        links.Open(token) is null ? Answer(context, StatusCodes.Status404NotFound, VotePage.Expired) : Answer(context, StatusCodes.Status200OK, VotePage.Form);

    private static IResult Preflight(HttpContext context)
    {
        AllowOrigins(context.Response);
        context.Response.Headers.AccessControlAllowMethods = "POST";
        context.Response.Headers.AccessControlAllowHeaders = "content-type";
        context.Response.Headers.AccessControlMaxAge = "86400";
        return Results.NoContent();
    }

    private static async Task<IResult> VoteAsync(HttpContext context, string token, FeedbackLinks links, VoteThrottle throttle, FeedbackIntake intake)
    {
        AllowOrigins(context.Response);
        var form = context.Request.HasFormContentType;
        if (links.Open(token) is not { } pass)
        {
            return form ? Answer(context, StatusCodes.Status404NotFound, VotePage.Expired)
                : Results.Problem("The link is unknown or has expired.", statusCode: StatusCodes.Status404NotFound);
        }
        if (!throttle.TryTake(token, context.Connection.RemoteIpAddress?.ToString() ?? ""))
        {
            context.Response.Headers.RetryAfter = VoteThrottle.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            return form ? Answer(context, StatusCodes.Status429TooManyRequests, VotePage.TooMany)
                : Results.Problem("Too many votes in a minute.", statusCode: StatusCodes.Status429TooManyRequests);
        }
        if (context.Request.ContentType?.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) == true)
        {
            // navigator.sendBeacon(url, JSON.stringify(…)): a page that is being left cannot say another type without asking first.
            context.Request.ContentType = "application/json";
        }
        var (request, refusal) = form ? await ReadFormAsync(context) : await RequestBody.ReadAsync(context.Request, FeedbackJson.Default.FeedbackRequest, context.RequestAborted);
        // Whose word it is and of what is the link's business, not the sender's.
        var answer = request is null ? refusal! : await FeedbackApi.StoreAsync(context, intake, (request with { User = pass.Author, Project = null }).Read(pass.Project, pass.Target));
        if (!form)
        {
            return answer;
        }
        var status = answer is IStatusCodeHttpResult { StatusCode: { } code } ? code : StatusCodes.Status200OK;
        return Answer(context, status, status switch
        {
            StatusCodes.Status200OK => VotePage.Thanks,
            StatusCodes.Status503ServiceUnavailable => VotePage.Busy,
            _ => VotePage.Refused,
        });
    }

    private static async Task<(FeedbackRequest?, IResult?)> ReadFormAsync(HttpContext context)
    {
        if (context.Request.ContentLength is null or > MostFormBytes)
        {
            return (null, Results.Problem($"The form may have at most {MostFormBytes} bytes.", statusCode: StatusCodes.Status413PayloadTooLarge));
        }
        try
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            return (new FeedbackRequest { Value = form["value"], Category = form["category"], Text = form["text"], Score = default(JsonElement) }, null);
        }
        catch (InvalidDataException)
        {
            return (null, Results.Problem("The form cannot be read.", statusCode: StatusCodes.Status400BadRequest));
        }
    }

    private static IResult Script(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=3600";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return Results.Text(FeedbackScript.Text, "text/javascript; charset=utf-8");
    }

    private static IResult Answer(HttpContext context, int status, string content)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = VotePage.ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        // The address is the right to vote.
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        headers["X-Robots-Tag"] = "noindex";
        return Results.Text(VotePage.Html(content), "text/html; charset=utf-8", statusCode: status);
    }

    private static void AllowOrigins(HttpResponse response) => response.Headers.AccessControlAllowOrigin = "*";
}
