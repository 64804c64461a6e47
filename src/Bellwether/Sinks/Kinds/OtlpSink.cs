using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Sinks;

/// <summary>OTLP/HTTP in JSON, one span an observation, with the names of OpenTelemetry's GenAI conventions.</summary>
/// <remarks>https://github.com/open-telemetry/opentelemetry-proto/blob/main/docs/specification.md#json-protobuf-encoding</remarks>
internal sealed class OtlpSink(SinkOptions options) : ISink, IDisposable
{
    private const int SpanKindInternal = 1;
    private const int SpanKindClient = 3;
    private const int StatusOk = 1;
    private const int StatusError = 2;
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdef");

    private readonly SinkHttp _http = new(options.Timeout);
    private readonly Uri _url = new(options.Url.TrimEnd('/') is var root && root.EndsWith("/v1/traces", StringComparison.Ordinal) ? root : root + "/v1/traces");

    public async Task<Delivery> SendAsync(long firstSequence, ImmutableArray<TelemetryRecord> batch, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(1024 * batch.Length);
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, batch);
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ReadOnlyMemoryContent(buffer.WrittenMemory) { Headers = { ContentType = s_json } } };
        if (options.ApiKey.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + options.ApiKey);
        }
        return await _http.PostAsync(request, accepts: null, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static void Write(Utf8JsonWriter json, ImmutableArray<TelemetryRecord> batch)
    {
        json.WriteStartObject();
        json.WriteStartArray("resourceSpans");
        json.WriteStartObject();
        json.WriteStartObject("resource");
        json.WriteStartArray("attributes");
        Attribute(json, "service.name", "bellwether");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("scopeSpans");
        json.WriteStartObject();
        json.WriteStartObject("scope");
        json.WriteString("name", "bellwether");
        json.WriteEndObject();
        json.WriteStartArray("spans");
        foreach (var record in batch)
        {
            Write(json, record);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TelemetryRecord record)
    {
        var call = record.Observation!;
        json.WriteStartObject();
        json.WriteString("traceId", IsHex(call.TraceId, 32) ? call.TraceId : call.Id.ToString("N"));
        // A version-7 id ends in 62 random bits; the clock in front would make neighbours collide.
        json.WriteString("spanId", IsHex(call.SpanId, 16) ? call.SpanId : call.Id.ToString("N")[16..]);
        if (IsHex(call.ParentId, 16))
        {
            json.WriteString("parentSpanId", call.ParentId);
        }
        json.WriteString("name", call.Name.Length > 0 ? call.Name : call.Operation);
        json.WriteNumber("kind", call.IsCall ? SpanKindClient : SpanKindInternal);
        json.WriteString("startTimeUnixNano", Nanoseconds(call.StartTime));
        json.WriteString("endTimeUnixNano", Nanoseconds(call.StartTime.AddMilliseconds(Math.Max(0, call.Timings.TotalMs))));
        json.WriteStartArray("attributes");
        Attribute(json, "gen_ai.operation.name", call.Operation);
        Attribute(json, "gen_ai.provider.name", call.Provider);
        Attribute(json, "gen_ai.request.model", call.RequestModel);
        Attribute(json, "gen_ai.response.model", call.Model);
        Attribute(json, "gen_ai.response.id", call.ResponseId);
        Attribute(json, "gen_ai.conversation.id", call.Session);
        Attribute(json, "user.id", call.User);
        Attribute(json, "error.type", call.ErrorType);
        Attribute(json, "gen_ai.usage.input_tokens", call.Usage.InputTokens);
        Attribute(json, "gen_ai.usage.output_tokens", call.Usage.OutputTokens);
        Attribute(json, "bellwether.observation.id", call.Id.ToString());
        Attribute(json, "bellwether.state", ObservationStates.Name(call.State));
        if (call.Cost is { } cost)
        {
            Attribute(json, "bellwether.cost.usd", cost.TotalUsd.ToString(CultureInfo.InvariantCulture));
        }
        Attribute(json, "input.value", Encoding.UTF8.GetString(record.Payload.Input.Span));
        Attribute(json, "output.value", Encoding.UTF8.GetString(record.Payload.Output.Span));
        json.WriteEndArray();
        json.WriteStartObject("status");
        json.WriteNumber("code", call.IsError ? StatusError : StatusOk);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Attribute(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("key", name);
            json.WriteStartObject("value");
            json.WriteString("stringValue", value);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static void Attribute(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteStartObject();
            json.WriteString("key", name);
            json.WriteStartObject("value");
            // 64-bit integers are strings in this encoding.
            json.WriteString("intValue", number.ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static string Nanoseconds(DateTimeOffset time) =>
        ((time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100).ToString(CultureInfo.InvariantCulture);

    private static bool IsHex(string text, int length) => text.Length == length && !text.AsSpan().ContainsAnyExcept(s_hex);
}
