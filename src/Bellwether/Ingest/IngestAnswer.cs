using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>Writes what the dialects answer.</summary>
internal static class IngestAnswer
{
    /// <param name="context">The request.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="body">Null for an answer without one.</param>
    /// <param name="retryAfterSeconds">0 for none.</param>
    public static async Task WriteAsync(HttpContext context, int status, JsonNode? body, int retryAfterSeconds = 0)
    {
        context.Response.StatusCode = status;
        if (retryAfterSeconds > 0)
        {
            context.Response.Headers.RetryAfter = retryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }
        if (body is null)
        {
            return;
        }
        var bytes = JsonFields.Bytes(body);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
