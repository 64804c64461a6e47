using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>OTLP over HTTP, protobuf and JSON.</summary>
internal sealed class OtlpHttp(OtlpReceiver receiver, IKeyring keyring, OtlpMeters meters, IOptions<OtlpPorts> options, TimeProvider clock)
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
                var message = json && body.Memory.Length > 0 ? OtlpJson.ToProtobuf(body.Span, Schema(signal)) : body.Memory;
                var outcome = await receiver.ReceiveAsync(signal, new OtlpSender(key, surface, clock.GetUtcNow()), message, context.RequestAborted);
                if (outcome.IsRefused)
                {
                    context.Response.Headers.RetryAfter = outcome.RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
                    await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, OtlpReply.Status(14, outcome.Message, json), json);
                    return;
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
    }

    private static OtlpMessage Schema(OtlpSignal signal) => signal switch
    {
        OtlpSignal.Traces => OtlpSchema.Traces,
        OtlpSignal.Logs => OtlpSchema.Logs,
        _ => OtlpSchema.Metrics,
    };

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
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
