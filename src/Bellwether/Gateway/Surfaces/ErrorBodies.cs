using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bellwether.Exchange;

namespace Bellwether.Gateway;

/// <summary>Our own errors in the shape that each dialect's SDK reads; any other shape loses code and type there.</summary>
internal static class ErrorBodies
{
    // Nothing of a body is ever HTML; "'" should stay readable.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="helicone">Also what Helicone's clients look for.</param>
    public static ReadOnlyMemory<byte> Json(Surface surface, Refusal refusal, string requestId, bool helicone = false)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        Write(buffer, surface, refusal, requestId, helicone);
        return buffer.WrittenMemory;
    }

    /// <summary>An event that ends a stream that has begun. The stream must stand between two events.</summary>
    public static ReadOnlyMemory<byte> Event(Surface surface, Dialect dialect, Refusal refusal, string requestId)
    {
        var buffer = new ArrayBufferWriter<byte>(320);
        // The SDKs of these two drop or misread an event without a name.
        if (surface == Surface.Anthropic || dialect == Dialect.OpenAiResponses)
        {
            buffer.Write("event: error\n"u8);
        }
        buffer.Write("data: "u8);
        Write(buffer, surface, refusal, requestId);
        buffer.Write("\n\n"u8);
        return buffer.WrittenMemory;
    }

    private static void Write(ArrayBufferWriter<byte> buffer, Surface surface, Refusal refusal, string requestId, bool helicone = false)
    {
        using var json = new Utf8JsonWriter(buffer, s_options);
        json.WriteStartObject();
        switch (surface)
        {
            case Surface.OpenAi or Surface.Azure:
                json.WriteStartObject("error");
                json.WriteString("message", refusal.Message);
                json.WriteString("type", refusal.Type);
                json.WriteString("param", refusal.Param);
                json.WriteString("code", refusal.Code);
                json.WriteEndObject();
                break;

            case Surface.Anthropic:
                json.WriteString("type", "error");
                json.WriteStartObject("error");
                json.WriteString("type", AnthropicType(refusal.Status));
                json.WriteString("message", refusal.Message);
                json.WriteEndObject();
                json.WriteString("request_id", requestId);
                break;

            case Surface.Gemini:
                json.WriteStartObject("error");
                json.WriteNumber("code", refusal.Status);
                json.WriteString("message", refusal.Message);
                json.WriteString("status", GeminiStatus(refusal.Status));
                json.WriteStartArray("details");
                json.WriteStartObject();
                json.WriteString("@type", "type.googleapis.com/google.rpc.ErrorInfo");
                json.WriteString("reason", refusal.Code);
                json.WriteString("domain", "bellwether");
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteEndObject();
                break;

            default:
                throw new InvalidOperationException();
        }
        if (helicone)
        {
            json.WriteBoolean("success", false);
            json.WriteString("message", refusal.Message);
        }
        json.WriteEndObject();
    }

    private static string AnthropicType(int status) => status switch
    {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        503 => "overloaded_error",
        504 => "timeout_error",
        >= 500 => "api_error",
        _ => "invalid_request_error",
    };

    private static string GeminiStatus(int status) => status switch
    {
        401 => "UNAUTHENTICATED",
        402 or 429 => "RESOURCE_EXHAUSTED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        502 or 503 => "UNAVAILABLE",
        504 => "DEADLINE_EXCEEDED",
        >= 500 => "INTERNAL",
        _ => "INVALID_ARGUMENT",
    };
}
