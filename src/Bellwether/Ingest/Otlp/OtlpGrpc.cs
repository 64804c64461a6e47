using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Ingest;

/// <summary>
/// OTLP over gRPC: three unary methods, framed by hand over Kestrel's HTTP/2, because the messages are read as bytes and a gRPC
/// library would only hand over objects.
/// </summary>
internal sealed class OtlpGrpc(OtlpReceiver receiver, IKeyring keyring, OtlpMeters meters, IOptions<OtlpPorts> options, TimeProvider clock, ILogger<OtlpGrpc> logger)
{
    private const int PrefixBytes = 5;

    /// <summary>Whether a request is a call of gRPC, whatever method it names.</summary>
    public static bool IsCall(HttpRequest request) =>
        (request.ContentType ?? "").StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) && HttpProtocol.IsHttp2(request.Protocol);

    /// <summary>Answers a method that is not here as gRPC does: an HTTP status would reach the caller as another code, and a page as a broken message.</summary>
    public void Unimplemented(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        meters.Unimplemented();
        End(context.Response, 12, "There is no such method. Here are Export of opentelemetry.proto.collector's TraceService, LogsService and MetricsService, version 1.");
    }

    public async Task HandleAsync(HttpContext context, OtlpSignal signal)
    {
        if (!IsCall(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        context.Response.ContentType = "application/grpc";
        if (IngestCredentials.Find(keyring, context.Request.Headers) is not { } key)
        {
            Fail(context, signal, 16, "key", "The Bellwether key is missing, unknown, revoked or expired.");
            return;
        }
        try
        {
            var (frame, refusal) = await IngestBody.ReadAsync(context.Request, options.Value.MaxBodyBytes, context.RequestAborted);
            using (frame)
            {
                if (frame is null)
                {
                    Fail(context, signal, OtlpReply.GrpcCode(refusal!.Status), refusal.Reason, refusal.Message);
                    return;
                }
                await ReceiveAsync(context, signal, key, frame.Memory);
            }
        }
        catch (OtlpFormatException error)
        {
            Fail(context, signal, 3, "not_decodable", error.Message);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            Log.RequestFailed(logger, error.GetType().Name, error.StackTrace);
            meters.Refused(signal, "failed");
            Refuse(context.Response, OtlpOutcome.Failed);
        }
    }

    private async Task ReceiveAsync(HttpContext context, OtlpSignal signal, ApiKey key, ReadOnlyMemory<byte> frame)
    {
        if (frame.Length < PrefixBytes || BinaryPrimitives.ReadUInt32BigEndian(frame.Span[1..]) != frame.Length - PrefixBytes)
        {
            throw new OtlpFormatException("The request must have exactly one gRPC message.");
        }
        var message = frame[PrefixBytes..];
        if (frame.Span[0] == 0)
        {
            await AnswerAsync(context, signal, key, message);
            return;
        }
        var (decoded, refusal) = IngestBody.Decode(message, context.Request.Headers["grpc-encoding"].ToString(), options.Value.MaxBodyBytes);
        using (decoded)
        {
            if (decoded is null)
            {
                Fail(context, signal, OtlpReply.GrpcCode(refusal!.Status), refusal.Reason, refusal.Message);
                return;
            }
            await AnswerAsync(context, signal, key, decoded.Memory);
        }
    }

    private async Task AnswerAsync(HttpContext context, OtlpSignal signal, ApiKey key, ReadOnlyMemory<byte> message)
    {
        var outcome = await receiver.ReceiveAsync(signal, OtlpSender.Of(key, "otlp", context.Request.Headers, options.Value, clock.GetUtcNow()), message, context.RequestAborted);
        var response = context.Response;
        if (outcome.IsRefused)
        {
            Refuse(response, outcome);
            return;
        }
        var body = OtlpReply.Response(signal, outcome, json: false);
        var answer = new byte[PrefixBytes + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(1), body.Length);
        body.CopyTo(answer, PrefixBytes);
        await response.Body.WriteAsync(answer, context.RequestAborted);
        End(response, 0, "");
    }

    private static void Refuse(HttpResponse response, OtlpOutcome outcome)
    {
        response.AppendTrailer("google.rpc.retryinfo-bin", Convert.ToBase64String(OtlpReply.RetryInfo(outcome.RetryAfterSeconds)));
        response.AppendTrailer("grpc-status-details-bin", Convert.ToBase64String(OtlpReply.RetryStatus(14, outcome.Message, outcome.RetryAfterSeconds)));
        End(response, 14, outcome.Message);
    }

    private void Fail(HttpContext context, OtlpSignal signal, int code, string reason, string message)
    {
        meters.Refused(signal, reason);
        End(context.Response, code, message);
    }

    private static void End(HttpResponse response, int code, string message)
    {
        response.AppendTrailer("grpc-status", code.ToString(CultureInfo.InvariantCulture));
        if (message.Length > 0)
        {
            response.AppendTrailer("grpc-message", PercentEncoded(message));
        }
    }

    // https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses: printable ASCII but '%' stays; clients do not decode the rest of what URLs escape.
    private static string PercentEncoded(string message)
    {
        var encoded = new StringBuilder(message.Length);
        foreach (var unit in Encoding.UTF8.GetBytes(message))
        {
            _ = unit is >= 0x20 and <= 0x7e and not (byte)'%' ? encoded.Append((char)unit) : encoded.Append('%').Append(unit.ToString("X2", CultureInfo.InvariantCulture));
        }
        return encoded.ToString();
    }
}
