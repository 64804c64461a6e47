using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Primitives;
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
    // A JSON body becomes a tree of many times its size; only examples are uploaded in bulk.
    private const int MostJsonBytes = 20 * 1024 * 1024;

    public async Task HandleAsync(HttpContext context, Role least, Func<LangSmithCall, Task<LangSmithAnswer>> handler)
    {
        try
        {
            var answer = await AnswerAsync(context, least, handler);
            await IngestAnswer.WriteAsync(context, answer.Status, answer.Body);
        }
        catch (RunFilterException mistake)
        {
            await FailAsync(context, LangSmithRefusal.Invalid("filter", mistake.Message));
        }
        catch (Exception error) when (IngestRefusal.Of(error, context, StatusCodes.Status422UnprocessableEntity) is { } refusal)
        {
            if (refusal.IsUnforeseen)
            {
                Log.RunsFailed(logger, error.GetType().Name, error.StackTrace);
            }
            await FailAsync(context, refusal);
        }
    }

    private async Task<LangSmithAnswer> AnswerAsync(HttpContext context, Role least, Func<LangSmithCall, Task<LangSmithAnswer>> handler)
    {
        var key = IngestCredentials.Require(keyring, context.Request.Headers, least);
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsDelete(context.Request.Method))
        {
            return await handler(new LangSmithCall(context, key, null, clock.GetUtcNow()));
        }
        var limit = context.Request.Path.StartsWithSegments(LangSmithPaths.Mount + "/platform") ? options.Value.MaxBodyBytes : Math.Min(options.Value.MaxBodyBytes, MostJsonBytes);
        var (body, refusal) = await IngestBody.ReadAsync(context.Request, limit, context.RequestAborted);
        if (body is null)
        {
            throw IngestRefusal.Of(refusal!);
        }
        using (body)
        {
            return await handler(new LangSmithCall(context, key, body, clock.GetUtcNow()));
        }
    }

    private Task FailAsync(HttpContext context, IngestRefusal refusal)
    {
        meters.Refused(refusal.Reason);
        return IngestAnswer.WriteAsync(context, refusal.Status, new JsonObject { ["detail"] = refusal.Message }, refusal.RetryAfterSeconds);
    }
}
