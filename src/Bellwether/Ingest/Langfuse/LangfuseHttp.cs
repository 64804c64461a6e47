using System.Text.Json.Nodes;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>What Langfuse's clients send: batches of events, and single scores.</summary>
internal sealed class LangfuseHttp(LangfuseReceiver receiver, LangfuseDoor door, IOptions<OtlpPorts> options)
{
    private const string NotAnObject = "The body must be one JSON object without repeated names.";

    // The version of Langfuse whose routes these are.
    public static Task HealthAsync(HttpContext context) =>
        IngestAnswer.WriteAsync(context, StatusCodes.Status200OK, new JsonObject { ["status"] = "OK", ["version"] = "3.0.0" });

    public Task IngestAsync(HttpContext context) => HandleAsync(
        context,
        (body, now) => BatchJson.Of(body.Memory) is not { IsObject: true } json ? (null, NotAnObject)
            : LangfuseBatch.Of(json, now) is { } batch ? (batch, "")
            : (null, "batch: must be an array of events"),
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
                if (!LooseJson.TryParse(body.Span, out var json) || json is not JsonObject score)
                {
                    return (null, NotAnObject);
                }
                id = JsonFields.Text(score["id"]) is { Length: > 0 } own ? own : Guid.CreateVersion7(now).ToString();
                return (LangfuseBatch.OfScore(id, now, score), "");
            },
            batch => batch.Problems.TryGetValue(id, out var problem)
                ? (StatusCodes.Status400BadRequest, LangfuseDoor.Error("InvalidRequestError", problem))
                : (StatusCodes.Status200OK, new JsonObject { ["id"] = id }));
    }

    private Task HandleAsync(HttpContext context, Func<IngestBody, DateTimeOffset, (LangfuseBatch? Batch, string Problem)> read, Func<LangfuseBatch, (int, JsonObject)> answer) =>
        door.HandleAsync(context, least: null, async (key, now) =>
        {
            var (body, refusal) = await IngestBody.ReadAsync(context.Request, options.Value.MaxBodyBytes, context.RequestAborted);
            if (body is null)
            {
                throw IngestRefusal.Of(refusal!);
            }
            LangfuseBatch? batch;
            string problem;
            using (body)
            {
                (batch, problem) = read(body, now);
            }
            if (batch is null)
            {
                throw LangfuseDoor.Invalid(problem);
            }
            var sender = new OtlpSender(key, "langfuse", now, TimeSpan.FromDays(options.Value.OldestDays));
            var result = await receiver.ReceiveAsync(batch, sender, context.RequestAborted);
            if (!result.Accepted)
            {
                throw IngestRefusal.Busy(result.Refusal.Code, result.Refusal.Message, result.Refusal.RetryAfterSeconds);
            }
            var (status, said) = answer(batch);
            await IngestAnswer.WriteAsync(context, status, said);
        });
}
