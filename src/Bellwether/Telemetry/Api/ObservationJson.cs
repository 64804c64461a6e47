using System.Text;
using System.Text.Json;

namespace Bellwether.Telemetry;

/// <summary>The public JSON of an observation: snake_case, UTC, exact amounts, null for "not known".</summary>
internal static class ObservationJson
{
    public static void Write(Utf8JsonWriter json, Observation call)
    {
        json.WriteStartObject();
        WriteMembers(json, call);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, ObservationDetail detail)
    {
        json.WriteStartObject();
        WriteMembers(json, detail.Observation);
        json.WritePropertyName("input");
        WriteBody(json, detail.Payload.Input);
        json.WriteBoolean("input_truncated", detail.Payload.InputTruncated);
        json.WritePropertyName("output");
        WriteBody(json, detail.Payload.Output);
        json.WriteBoolean("output_truncated", detail.Payload.OutputTruncated);
        json.WriteBoolean("output_assembled", detail.Payload.OutputAssembled);
        json.WritePropertyName("attributes");
        WriteBody(json, detail.Payload.Attributes);
        json.WriteString("headers", detail.Payload.Headers);
        json.WriteStartArray("annotations");
        foreach (var annotation in detail.Annotations)
        {
            Write(json, annotation);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, Observation call)
    {
        json.WriteString("id", call.Id);
        json.WriteString("project", call.Project.Value);
        json.WriteString("start_time", call.StartTime.UtcDateTime);
        json.WriteString("kind", call.Kind.ToString().ToLowerInvariant());
        json.WriteString("state", ObservationStates.Name(call.State));
        Text("name", call.Name);
        Text("operation", call.Operation);
        Text("surface", call.Surface);
        Text("provider", call.Provider);
        Text("model", call.Model);
        Text("request_model", call.RequestModel);
        Text("endpoint", call.Endpoint);
        Text("user", call.User);
        Text("session", call.Session);
        Text("key", call.KeyId);
        Text("trace_id", call.TraceId);
        Text("span_id", call.SpanId);
        Text("parent_id", call.ParentId);
        Text("request_id", call.RequestId);
        Text("provider_request_id", call.ProviderRequestId);
        Text("response_id", call.ResponseId);
        json.WriteBoolean("stream", call.Stream);
        json.WriteNumber("http_status", call.HttpStatus);
        Text("service_tier", call.ServiceTier);
        Text("finish_reason", call.FinishReason);
        Text("system_fingerprint", call.SystemFingerprint);
        Text("prompt_name", call.PromptName);
        Text("prompt_version", call.PromptVersion);
        json.WritePropertyName("parameters");
        WriteBody(json, Encoding.UTF8.GetBytes(call.Parameters));
        json.WriteNumber("retry_count", call.RetryCount);
        if (call.ErrorType.Length > 0 || call.ErrorCode.Length > 0)
        {
            json.WriteStartObject("error");
            json.WriteString("type", call.ErrorType);
            json.WriteString("code", call.ErrorCode);
            json.WriteString("message", call.ErrorMessage);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("error");
        }
        WriteTimings(json, call.Timings);
        WriteUsage(json, call.Usage);
        if (call.Cost is { } cost)
        {
            json.WriteStartObject("cost");
            json.WriteNumber("input_usd", cost.InputUsd);
            json.WriteNumber("output_usd", cost.OutputUsd);
            json.WriteNumber("total_usd", cost.TotalUsd);
            json.WriteString("price_version", cost.PriceVersion);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("cost");
        }
        json.WriteNumber("request_bytes", call.RequestBytes);
        json.WriteNumber("response_bytes", call.ResponseBytes);
        json.WriteNumber("message_count", call.MessageCount);
        json.WriteNumber("tool_call_count", call.ToolCallCount);
        json.WriteStartObject("properties");
        foreach (var (name, value) in call.Properties)
        {
            json.WriteString(name, value);
        }
        json.WriteEndObject();

        void Text(string name, string value)
        {
            if (value.Length > 0)
            {
                json.WriteString(name, value);
            }
            else
            {
                json.WriteNull(name);
            }
        }
    }

    private static void WriteTimings(Utf8JsonWriter json, Timings timings)
    {
        json.WriteStartObject("timings");
        Milliseconds("total_ms", timings.TotalMs);
        Milliseconds("queue_ms", timings.QueueMs);
        Milliseconds("upstream_ms", timings.UpstreamMs);
        Milliseconds("post_ms", timings.PostMs);
        Milliseconds("ttft_ms", timings.TtftMs);
        Milliseconds("gap_p50_ms", timings.GapP50Ms);
        Milliseconds("gap_p95_ms", timings.GapP95Ms);
        Milliseconds("tokens_per_second", timings.TokensPerSecond);
        json.WriteEndObject();

        void Milliseconds(string name, double? value)
        {
            if (value is { } known && double.IsFinite(known))
            {
                json.WriteNumber(name, Math.Round(known, 3));
            }
            else
            {
                json.WriteNull(name);
            }
        }
    }

    private static void WriteUsage(Utf8JsonWriter json, Usage usage)
    {
        if (!usage.IsKnown)
        {
            json.WriteNull("usage");
            return;
        }
        json.WriteStartObject("usage");
        json.WriteNumber("input_tokens", usage.InputTokens ?? 0);
        json.WriteNumber("output_tokens", usage.OutputTokens ?? 0);
        json.WriteNumber("total_tokens", usage.TotalTokens);
        json.WriteNumber("cache_read_tokens", usage.CacheReadTokens);
        json.WriteNumber("cache_write_tokens", usage.CacheWriteTokens);
        json.WriteNumber("cache_write_1h_tokens", usage.CacheWrite1hTokens);
        json.WriteNumber("reasoning_tokens", usage.ReasoningTokens);
        json.WriteNumber("input_audio_tokens", usage.InputAudioTokens);
        json.WriteNumber("output_audio_tokens", usage.OutputAudioTokens);
        json.WriteNumber("input_image_tokens", usage.InputImageTokens);
        json.WriteNumber("output_image_tokens", usage.OutputImageTokens);
        json.WriteBoolean("estimated", usage.Estimated);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Annotation annotation)
    {
        json.WriteStartObject();
        json.WriteString("id", annotation.Id);
        json.WriteString("time", annotation.Time.UtcDateTime);
        json.WriteString("name", annotation.Name);
        json.WriteString("source", annotation.Source);
        if (annotation.Number is { } number && double.IsFinite(number))
        {
            json.WriteNumber("number", number);
        }
        else
        {
            json.WriteNull("number");
        }
        json.WriteString("category", annotation.Category);
        json.WriteString("text", annotation.Text);
        json.WriteString("author", annotation.Author);
        json.WriteString("request_id", annotation.RequestId);
        json.WriteEndObject();
    }

    /// <summary>A body as JSON where it is JSON, else as text; what was cut off in the middle is text.</summary>
    private static void WriteBody(Utf8JsonWriter json, ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            json.WriteNullValue();
        }
        else if (IsJson(body.Span))
        {
            json.WriteRawValue(body.Span, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(Encoding.UTF8.GetString(body.Span));
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
                // The reader leaves invalid UTF-8 in strings alone; passing it on would make the whole answer unreadable.
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !System.Text.Unicode.Utf8.IsValid(reader.ValueSpan))
                {
                    return false;
                }
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
