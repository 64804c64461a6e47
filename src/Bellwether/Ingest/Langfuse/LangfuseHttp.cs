using System.Globalization;
using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>
/// Langfuse's requests and answers. Errors are <c>{"message","error"}</c> in JSON at every status: the SDK parses them before it
/// decides whether to send again.
/// </summary>
internal sealed class LangfuseHttp(
    LangfuseReceiver receiver, IKeyring keyring, LangfuseMeters meters, IOptions<OtlpPorts> options, TimeProvider clock, ILogger<LangfuseHttp> logger)
{
    private const int FailedSeconds = 5;

    // The version of Langfuse whose routes these are.
    public static Task HealthAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status200OK, new JsonObject { ["status"] = "OK", ["version"] = "3.0.0" });

    /// <summary>The project of the key, by which a client sees that its keys are right.</summary>
    public Task ProjectsAsync(HttpContext context)
    {
        if (Key(context) is not { } key)
        {
            return UnauthorisedAsync(context);
        }
        var name = context.RequestServices.GetRequiredService<Projects>().Find(key.Project)?.Name ?? key.Project.Value;
        return WriteAsync(context, StatusCodes.Status200OK, new JsonObject
        {
            ["data"] = new JsonArray(new JsonObject { ["id"] = key.Project.Value, ["name"] = name, ["metadata"] = new JsonObject() }),
        });
    }

    public Task IngestAsync(HttpContext context) => HandleAsync(
        context,
        (body, now) => LangfuseBatch.Of(body, now) is { } batch ? (batch, "") : (null, "batch: must be an array of events"),
        static batch =>
        {
            var successes = new JsonArray();
            var errors = new JsonArray();
            foreach (var id in batch.Events)
            {
                if (batch.Problems.TryGetValue(id, out var problem))
                {
                    errors.Add((JsonNode)new JsonObject { ["id"] = id, ["status"] = StatusCodes.Status400BadRequest, ["message"] = problem, ["error"] = "InvalidRequestError" });
                }
                else
                {
                    successes.Add((JsonNode)new JsonObject { ["id"] = id, ["status"] = StatusCodes.Status201Created });
                }
            }
            return (StatusCodes.Status207MultiStatus, new JsonObject { ["successes"] = successes, ["errors"] = errors });
        });

    public Task ScoreAsync(HttpContext context)
    {
        var id = "";
        return HandleAsync(
            context,
            (body, now) =>
            {
                if (body is not JsonObject score)
                {
                    return (null, "The body must be one JSON object without repeated names.");
                }
                id = JsonFields.Text(score["id"]) is { Length: > 0 } own ? own : Guid.CreateVersion7(now).ToString();
                return (LangfuseBatch.OfScore(id, now, score), "");
            },
            batch => batch.Problems.TryGetValue(id, out var problem)
                ? (StatusCodes.Status400BadRequest, Error("InvalidRequestError", problem))
                : (StatusCodes.Status200OK, new JsonObject { ["id"] = id }));
    }

    private async Task HandleAsync(HttpContext context, Func<JsonNode?, DateTimeOffset, (LangfuseBatch? Batch, string Problem)> read, Func<LangfuseBatch, (int, JsonObject)> answer)
    {
        if (Key(context) is not { } key)
        {
            await UnauthorisedAsync(context);
            return;
        }
        try
        {
            var (body, refusal) = await IngestBody.ReadAsync(context.Request, options.Value.MaxBodyBytes, context.RequestAborted);
            if (body is null)
            {
                await FailAsync(context, refusal!.Status, refusal.Reason, refusal.Message);
                return;
            }
            var now = clock.GetUtcNow();
            JsonNode? json;
            bool valid;
            using (body)
            {
                valid = LooseJson.TryParse(body.Span, out json);
            }
            var (batch, problem) = valid ? read(json, now) : (null, "The body must be JSON without repeated names.");
            if (batch is null)
            {
                await FailAsync(context, StatusCodes.Status400BadRequest, "invalid", problem);
                return;
            }
            var sender = new OtlpSender(key, "langfuse", now, TimeSpan.FromDays(options.Value.OldestDays));
            var result = await receiver.ReceiveAsync(batch, sender, context.RequestAborted);
            if (!result.Accepted)
            {
                await BusyAsync(context, result.Refusal.Code, result.Refusal.Message, result.Refusal.RetryAfterSeconds);
                return;
            }
            var (status, said) = answer(batch);
            await WriteAsync(context, status, said);
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
            Log.EventsFailed(logger, error.GetType().Name, error.StackTrace);
            await BusyAsync(context, "failed", "The request could not be handled now.", FailedSeconds);
        }
    }

    private ApiKey? Key(HttpContext context) => IngestCredentials.Find(keyring, context.Request.Headers);

    private Task UnauthorisedAsync(HttpContext context) =>
        FailAsync(context, StatusCodes.Status401Unauthorized, "key", "The Bellwether key is missing, unknown, revoked or expired.");

    private Task BusyAsync(HttpContext context, string reason, string message, int seconds)
    {
        if (reason == "too_large")
        {
            return FailAsync(context, StatusCodes.Status413PayloadTooLarge, reason, message);
        }
        context.Response.Headers.RetryAfter = Math.Clamp(seconds, 1, 30).ToString(CultureInfo.InvariantCulture);
        return FailAsync(context, StatusCodes.Status503ServiceUnavailable, reason, message);
    }

    private Task FailAsync(HttpContext context, int status, string reason, string message)
    {
        meters.Refused(reason);
        return WriteAsync(context, status, Error(status == StatusCodes.Status401Unauthorized ? "UnauthorizedError" : reason, message));
    }

    private static JsonObject Error(string error, string message) => new() { ["message"] = message, ["error"] = error };

    private static async Task WriteAsync(HttpContext context, int status, JsonObject body)
    {
        var bytes = JsonFields.Bytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
