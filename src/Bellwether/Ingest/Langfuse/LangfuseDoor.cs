using System.Text.Json.Nodes;
using Bellwether.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bellwether.Ingest;

/// <summary>
/// The way into Langfuse's API: who calls, what the key may do, and errors as <c>{"message","error"}</c> in JSON at every status: the
/// SDK parses them before it decides whether to send again.
/// </summary>
internal sealed class LangfuseDoor(IKeyring keyring, LangfuseMeters meters, TimeProvider clock, ILogger<LangfuseDoor> logger)
{
    /// <param name="context">The request.</param>
    /// <param name="least">The role that is needed; null for what every key may send.</param>
    /// <param name="handler">Answers it.</param>
    public async Task HandleAsync(HttpContext context, Role? least, Func<ApiKey, DateTimeOffset, Task> handler)
    {
        try
        {
            await handler(IngestCredentials.Require(keyring, context.Request.Headers, least), clock.GetUtcNow());
        }
        catch (Exception error) when (IngestRefusal.Of(error, context, StatusCodes.Status400BadRequest) is { } refusal)
        {
            if (refusal.IsUnforeseen)
            {
                Log.EventsFailed(logger, error.GetType().Name, error.StackTrace);
            }
            meters.Refused(refusal.Reason);
            await IngestAnswer.WriteAsync(context, refusal.Status, Error(Word(refusal), refusal.Message), refusal.RetryAfterSeconds);
        }
    }

    public static IngestRefusal Invalid(string message) => new(StatusCodes.Status400BadRequest, "invalid", message);

    public static IngestRefusal Invalid(string field, string problem) => Invalid($"{field}: {problem}");

    public static IngestRefusal NotFound(string what) => new(StatusCodes.Status404NotFound, "not_found", $"{what} was not found in this project");

    public static JsonObject Error(string error, string message) => new() { ["message"] = message, ["error"] = error };

    private static string Word(IngestRefusal refusal) => refusal.Status switch
    {
        StatusCodes.Status401Unauthorized => "UnauthorizedError",
        StatusCodes.Status403Forbidden => "ForbiddenError",
        StatusCodes.Status404NotFound => "LangfuseNotFoundError",
        _ => refusal.Reason,
    };
}
