using System.Buffers;
using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Sinks;

/// <summary>PostHog's <c>/batch/</c>: model calls as <c>$ai_generation</c>, embeddings as <c>$ai_embedding</c>, other steps as <c>$ai_span</c>. The observation's id is the event's <c>uuid</c>, so that a second delivery changes nothing.</summary>
internal sealed class PostHogSink(SinkOptions options, TimeProvider clock) : ISink, IDisposable
{
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly SinkHttp _http = new(options.Timeout);
    private readonly Uri _url = new(options.Url.TrimEnd('/') + "/batch/");

    public async Task<Delivery> SendAsync(long firstSequence, ImmutableArray<TelemetryRecord> batch, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(1024 * batch.Length);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("api_key", options.ApiKey);
            json.WriteString("sent_at", clock.GetUtcNow().UtcDateTime);
            json.WriteStartArray("batch");
            foreach (var record in batch)
            {
                Write(json, record);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ReadOnlyMemoryContent(buffer.WrittenMemory) { Headers = { ContentType = s_json } } };
        return await _http.PostAsync(request, accepts: null, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static void Write(Utf8JsonWriter json, TelemetryRecord record)
    {
        var call = record.Observation!;
        json.WriteStartObject();
        json.WriteString("event", call.Kind switch
        {
            ObservationKind.Llm => "$ai_generation",
            ObservationKind.Embedding => "$ai_embedding",
            _ => "$ai_span",
        });
        // PostHog wants somebody; who has no name is counted per trace, not as one person.
        json.WriteString("distinct_id", call.User.Length > 0 ? call.User : call.TraceId.Length > 0 ? call.TraceId : call.Id.ToString());
        json.WriteString("uuid", call.Id);
        json.WriteString("timestamp", call.StartTime.UtcDateTime);
        json.WriteStartObject("properties");
        Text("$ai_trace_id", call.TraceId);
        Text("$ai_span_id", call.SpanId);
        Text("$ai_parent_id", call.ParentId);
        Text("$ai_session_id", call.Session);
        Text("$ai_span_name", call.Name);
        Text("$ai_provider", call.Provider);
        Text("$ai_model", call.Model);
        Text("$ai_stop_reason", call.FinishReason);
        Text("$ai_completion_id", call.ResponseId);
        json.WriteNumber("$ai_latency", Math.Round(call.Timings.TotalMs / 1_000, 6));
        json.WriteNumber("$ai_http_status", call.HttpStatus);
        json.WriteBoolean("$ai_is_error", call.IsError);
        Text("$ai_error", call.ErrorType);
        Number("$ai_time_to_first_token", call.Timings.TtftMs / 1_000);
        if (call.Usage.IsKnown)
        {
            json.WriteNumber("$ai_input_tokens", call.Usage.InputTokens ?? 0);
            json.WriteNumber("$ai_output_tokens", call.Usage.OutputTokens ?? 0);
            json.WriteNumber("$ai_reasoning_tokens", call.Usage.ReasoningTokens);
            json.WriteNumber("$ai_cache_read_input_tokens", call.Usage.CacheReadTokens);
            json.WriteNumber("$ai_cache_creation_input_tokens", call.Usage.CacheWriteTokens);
        }
        if (call.Cost is { } cost)
        {
            json.WriteNumber("$ai_input_cost_usd", cost.InputUsd);
            json.WriteNumber("$ai_output_cost_usd", cost.OutputUsd);
            json.WriteNumber("$ai_total_cost_usd", cost.TotalUsd);
        }
        Body("$ai_input", record.Payload.Input);
        Body("$ai_output_choices", record.Payload.Output);
        foreach (var (name, value) in call.Properties)
        {
            json.WriteString(name, value);
        }
        json.WriteEndObject();
        json.WriteEndObject();

        void Text(string name, string value)
        {
            if (value.Length > 0)
            {
                json.WriteString(name, value);
            }
        }

        void Number(string name, double? value)
        {
            if (value is { } known && double.IsFinite(known))
            {
                json.WriteNumber(name, known);
            }
        }

        void Body(string name, ReadOnlyMemory<byte> body)
        {
            if (!body.IsEmpty)
            {
                json.WriteString(name, Encoding.UTF8.GetString(body.Span));
            }
        }
    }
}
