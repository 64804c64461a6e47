using System.Globalization;
using System.Text;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>What the requests of both dialects have in common: the body, trouble of ours, the counting.</summary>
internal abstract class AnalyticsHttp(AnalyticsCounters counters, IKeyring keyring, IOptions<OtlpPorts> options, TimeProvider clock, ILogger logger)
{
    private const int FailedSeconds = 5;

    /// <summary>Reads the body (also gzip that no header tells of), lets it be handled and counts what was refused.</summary>
    protected async Task<AnalyticsReply> RunAsync(HttpContext context, Func<ReadOnlyMemory<byte>, Task<AnalyticsReply>> handle)
    {
        AnalyticsReply reply;
        try
        {
            reply = await ReadAsync(context.Request, handle, context.RequestAborted);
        }
        catch (BadHttpRequestException error)
        {
            reply = new(error.StatusCode, "bad_http", "The request is not valid HTTP.");
        }
        catch (StoreNotOpenException)
        {
            reply = AnalyticsReply.Busy("starting", "The server is starting.", 1);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
        {
            Log.CaptureFailed(logger, error.GetType().Name, error.StackTrace);
            reply = AnalyticsReply.Busy("failed", "The request could not be handled now.", FailedSeconds);
        }
        if (!reply.IsTaken)
        {
            counters.Refused(reply.Reason);
        }
        if (reply.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
        return reply;
    }

    protected AnalyticsRequest Request(HttpContext context, string token, IReadOnlySet<string> traces)
    {
        var key = token.Length > 0 && keyring.Check(token, out var found) == KeyCheck.Valid ? found : IngestCredentials.Find(keyring, context.Request.Headers);
        return new AnalyticsRequest(counters, key, clock.GetUtcNow(), TimeSpan.FromDays(options.Value.OldestDays), context.Request.Host.Value ?? "", traces);
    }

    protected static async Task WriteAsync(HttpContext context, int status, string type, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private async Task<AnalyticsReply> ReadAsync(HttpRequest request, Func<ReadOnlyMemory<byte>, Task<AnalyticsReply>> handle, CancellationToken cancellationToken)
    {
        var (body, refusal) = await IngestBody.ReadAsync(request, options.Value.MaxBodyBytes, cancellationToken);
        if (body is null)
        {
            return AnalyticsReply.Of(refusal!);
        }
        using (body)
        {
            // Browsers cannot set Content-Encoding everywhere; posthog-js says ?compression=gzip-js.
            if (body.Span is not [0x1f, 0x8b, ..])
            {
                return await handle(body.Memory);
            }
            var (decoded, notDecoded) = IngestBody.Decode(body.Memory, "gzip", options.Value.MaxBodyBytes);
            if (decoded is null)
            {
                return AnalyticsReply.Of(notDecoded!);
            }
            using (decoded)
            {
                return await handle(decoded.Memory);
            }
        }
    }
}
