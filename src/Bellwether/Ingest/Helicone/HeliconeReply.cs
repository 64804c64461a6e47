using System.Globalization;
using System.Text.Json;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>How a request of Helicone's API ended.</summary>
/// <param name="Reason">A fixed word for metrics and the answer; empty when it was taken.</param>
/// <param name="Message">For the sender.</param>
internal sealed record HeliconeReply(int Status, string Reason, string Message, int? RetryAfterSeconds = null)
{
    public static readonly HeliconeReply Taken = new(StatusCodes.Status200OK, "", "");

    public static HeliconeReply Bad(string message) => new(StatusCodes.Status400BadRequest, "invalid", message);

    public static HeliconeReply NotFound(string message) => new(StatusCodes.Status404NotFound, "not_found", message);

    // Never 500, and never without a time to come back: that loses data at the senders.
    public static HeliconeReply Busy(string reason, string message, int seconds) =>
        new(StatusCodes.Status503ServiceUnavailable, reason, message, Math.Clamp(seconds, 1, 30));

    public static HeliconeReply Of(AppendResult result) => result.Accepted ? Taken
        // Sent again it would be as large.
        : result.Refusal.Code == "too_large" ? new(StatusCodes.Status413PayloadTooLarge, "too_large", result.Refusal.Message)
        : Busy(result.Refusal.Code, result.Refusal.Message, result.Refusal.RetryAfterSeconds);

    /// <summary>Readable for Helicone's clients (<c>success</c>, <c>message</c>) and for OpenAI's (<c>error</c>).</summary>
    public Task WriteAsync(HttpContext context)
    {
        if (RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
        return WriteAsync(context, Status, json =>
        {
            json.WriteBoolean("success", Reason.Length == 0);
            if (Reason.Length > 0)
            {
                json.WriteString("message", Message);
                json.WriteStartObject("error");
                json.WriteString("code", Reason);
                json.WriteString("message", Message);
                json.WriteEndObject();
            }
        });
    }

    /// <summary>One JSON object.</summary>
    /// <param name="members">Writes what is in it.</param>
    public static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> members)
    {
        var bytes = ChatWriter.Json(json =>
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        });
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
