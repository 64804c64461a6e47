using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>OTLP over HTTP, protobuf and JSON.</summary>
internal sealed class OtlpHttp(OtlpReceiver receiver, IKeyring keyring, OtlpMeters meters, IOptions<OtlpPorts> options, TimeProvider clock, ILogger<OtlpHttp> logger)
{
    public async Task HandleAsync(HttpContext context, OtlpSignal signal, string surface)
    {
        var request = context.Request;
        var type = (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
        var json = type == "application/json";
        if (IngestCredentials.Find(keyring, request.Headers) is not { } key)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await FailAsync(context, signal, StatusCodes.Status401Unauthorized, "key", "The Bellwether key is missing, unknown, revoked or expired.", json);
            return;
        }
        if (!json && type is not ("application/x-protobuf" or "application/protobuf"))
        {
            await FailAsync(context, signal, StatusCodes.Status415UnsupportedMediaType, "content_type", "Content-Type must be application/x-protobuf or application/json.", json);
            return;
        }
        try
        {
            var (body, refusal) = await IngestBody.ReadAsync(request, options.Value.MaxBodyBytes, context.RequestAborted);
            if (body is null)
            {
                await FailAsync(context, signal, refusal!.Status, refusal.Reason, refusal.Message, json);
                return;
            }
            using (body)
            {
                var (message, problem) = json && body.Memory.Length > 0 ? OtlpJson.ToProtobuf(body.Span, Schema(signal), options.Value.MaxBodyBytes) : (body.Memory, "");
                var sender = OtlpSender.Of(key, surface, request.Headers, options.Value, clock.GetUtcNow());
                var outcome = await receiver.ReceiveAsync(signal, sender, message, context.RequestAborted);
                if (outcome.IsRefused)
                {
                    await RefuseAsync(context, outcome, json);
                    return;
                }
                if (outcome.Rejected > 0 && problem.Length > 0)
                {
                    outcome = outcome with { Message = problem };
                }
                await WriteAsync(context, StatusCodes.Status200OK, OtlpReply.Response(signal, outcome, json), json);
            }
        }
        catch (OtlpFormatException error)
        {
            await FailAsync(context, signal, StatusCodes.Status400BadRequest, "not_decodable", error.Message, json);
        }
        catch (BadHttpRequestException error)
        {
            await FailAsync(context, signal, error.StatusCode, "bad_http", "The request is not valid HTTP.", json);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            // Exporters drop at a 500 what they send again after a 503.
            Log.RequestFailed(logger, error.GetType().Name, error.StackTrace);
            meters.Refused(signal, "failed");
            await RefuseAsync(context, OtlpOutcome.Failed, json);
        }
    }

    private static OtlpMessage Schema(OtlpSignal signal) => signal switch
    {
        OtlpSignal.Traces => OtlpSchema.Traces,
        OtlpSignal.Logs => OtlpSchema.Logs,
        _ => OtlpSchema.Metrics,
    };

    private static Task RefuseAsync(HttpContext context, OtlpOutcome outcome, bool json)
    {
        context.Response.Headers.RetryAfter = outcome.RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, OtlpReply.Status(14, outcome.Message, json), json);
    }

    private Task FailAsync(HttpContext context, OtlpSignal signal, int status, string reason, string message, bool json)
    {
        meters.Refused(signal, reason);
        return WriteAsync(context, status, OtlpReply.Status(OtlpReply.GrpcCode(status), message, json), json);
    }

    private static async Task WriteAsync(HttpContext context, int status, byte[] body, bool json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = json ? "application/json" : "application/x-protobuf";
        context.Response.ContentLength = body.Length;
        // Phoenix's clients look at it to know what they may call.
        context.Response.Headers[PhoenixDoor.VersionHeader] = PhoenixDoor.Version;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
