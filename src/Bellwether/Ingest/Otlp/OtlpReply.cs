using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Ingest;

/// <summary>Answers in the encoding of the request: an export response, or a <c>google.rpc.Status</c>.</summary>
internal static class OtlpReply
{
    public static byte[] Response(OtlpSignal signal, OtlpOutcome outcome, bool json)
    {
        if (outcome.Rejected == 0)
        {
            return json ? "{}"u8.ToArray() : [];
        }
        if (json)
        {
            return ChatWriter.Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartObject("partialSuccess");
                writer.WriteString(signal == OtlpSignal.Traces ? "rejectedSpans" : "rejectedLogRecords", outcome.Rejected.ToString(CultureInfo.InvariantCulture));
                writer.WriteString("errorMessage", outcome.Message);
                writer.WriteEndObject();
                writer.WriteEndObject();
            });
        }
        var partial = new ProtoBuffer(64);
        partial.Varint(1, (ulong)outcome.Rejected);
        partial.Bytes(2, System.Text.Encoding.UTF8.GetBytes(outcome.Message));
        var response = new ProtoBuffer(96);
        response.Bytes(1, partial.ToArray());
        return response.ToArray();
    }

    /// <param name="code">gRPC's number of the error.</param>
    /// <param name="message">For the sender.</param>
    /// <param name="json">As JSON and not as protobuf.</param>
    public static byte[] Status(int code, string message, bool json)
    {
        if (json)
        {
            return ChatWriter.Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("code", code);
                writer.WriteString("message", message);
                writer.WriteEndObject();
            });
        }
        var status = new ProtoBuffer(64);
        status.Varint(1, (ulong)code);
        status.Bytes(2, System.Text.Encoding.UTF8.GetBytes(message));
        return status.ToArray();
    }

    /// <summary>google.rpc.RetryInfo.</summary>
    public static byte[] RetryInfo(int seconds)
    {
        var duration = new ProtoBuffer(8);
        duration.Varint(1, (ulong)seconds);
        var info = new ProtoBuffer(16);
        info.Bytes(1, duration.ToArray());
        return info.ToArray();
    }

    /// <summary>A status with the delay as its detail, for <c>grpc-status-details-bin</c>.</summary>
    public static byte[] RetryStatus(int code, string message, int seconds)
    {
        var any = new ProtoBuffer(64);
        any.Bytes(1, "type.googleapis.com/google.rpc.RetryInfo"u8);
        any.Bytes(2, RetryInfo(seconds));
        var status = new ProtoBuffer(128);
        status.Varint(1, (ulong)code);
        status.Bytes(2, System.Text.Encoding.UTF8.GetBytes(message));
        status.Bytes(3, any.ToArray());
        return status.ToArray();
    }

    public static int GrpcCode(int httpStatus) => httpStatus switch
    {
        StatusCodes.Status401Unauthorized => 16,
        StatusCodes.Status413PayloadTooLarge => 8,
        StatusCodes.Status415UnsupportedMediaType => 12,
        StatusCodes.Status503ServiceUnavailable => 14,
        _ => 3,
    };
}
