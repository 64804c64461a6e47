using System.Globalization;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>
/// The way in for everything but the receiving of runs: who calls, whether the key may do this, the body, and errors as
/// <c>{"detail":"…"}</c>. Reading needs a key with access to the API, as our own reads do.
/// </summary>
internal sealed class LangSmithDoor(IKeyring keyring, LangSmithMeters meters, IOptions<OtlpPorts> options, TimeProvider clock, ILogger<LangSmithDoor> logger)
{
    private const int FailedSeconds = 5;
    // A JSON body becomes a tree of many times its size; only examples are uploaded in bulk.
    private const int MostJsonBytes = 20 * 1024 * 1024;

    public async Task HandleAsync(HttpContext context, Role least, Func<LangSmithCall, Task<LangSmithAnswer>> handler)
    {
        try
        {
            await WriteAsync(context, await AnswerAsync(context, least, handler));
        }
        catch (LangSmithRefusal refusal)
        {
            await FailAsync(context, refusal.Status, refusal.Reason, refusal.Message);
        }
        catch (RunFilterException mistake)
        {
            await FailAsync(context, StatusCodes.Status422UnprocessableEntity, "invalid", $"filter: {mistake.Message}");
        }
        catch (TelemetryQueryException mistake)
        {
            await FailAsync(context, StatusCodes.Status422UnprocessableEntity, "invalid", $"{mistake.Field}: {mistake.Message}");
        }
        catch (BadHttpRequestException error)
        {
            await FailAsync(context, error.StatusCode, "bad_http", "The request is not valid HTTP.");
        }
        catch (StoreNotOpenException)
        {
            await BusyAsync(context, "starting", "The server is starting.", 1);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            Log.RunsFailed(logger, error.GetType().Name, error.StackTrace);
            await BusyAsync(context, "failed", "The request could not be handled now.", FailedSeconds);
        }
    }

    private async Task<LangSmithAnswer> AnswerAsync(HttpContext context, Role least, Func<LangSmithCall, Task<LangSmithAnswer>> handler)
    {
        if (IngestCredentials.Find(keyring, context.Request.Headers) is not { } key)
        {
            throw new LangSmithRefusal(StatusCodes.Status401Unauthorized, "key", "The Bellwether key is missing, unknown, revoked or expired.");
        }
        if (!key.Api || key.Role < least)
        {
            throw new LangSmithRefusal(StatusCodes.Status403Forbidden, "forbidden", $"The key may send runs, but this needs a key for the API with the role {least.ToString().ToLowerInvariant()}.");
        }
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsDelete(context.Request.Method))
        {
            return await handler(new LangSmithCall(context, key, null, clock.GetUtcNow()));
        }
        var limit = context.Request.Path.StartsWithSegments(LangSmithPaths.Mount + "/platform") ? options.Value.MaxBodyBytes : Math.Min(options.Value.MaxBodyBytes, MostJsonBytes);
        var (body, refusal) = await IngestBody.ReadAsync(context.Request, limit, context.RequestAborted);
        if (body is null)
        {
            throw new LangSmithRefusal(refusal!.Status, refusal.Reason, refusal.Message);
        }
        using (body)
        {
            return await handler(new LangSmithCall(context, key, body, clock.GetUtcNow()));
        }
    }

    private Task BusyAsync(HttpContext context, string reason, string message, int seconds)
    {
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return FailAsync(context, StatusCodes.Status503ServiceUnavailable, reason, message);
    }

    private Task FailAsync(HttpContext context, int status, string reason, string detail)
    {
        meters.Refused(reason);
        return WriteAsync(context, new LangSmithAnswer(new System.Text.Json.Nodes.JsonObject { ["detail"] = detail }, status));
    }

    private static async Task WriteAsync(HttpContext context, LangSmithAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        if (answer.Body is null)
        {
            return;
        }
        var bytes = JsonFields.Bytes(answer.Body);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
