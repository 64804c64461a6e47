using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Sinks;

/// <summary>Mixpanel's <c>POST /track</c> with a form field <c>data</c> of base64 JSON. <c>$insert_id</c> makes a second delivery a no-op. Texts are never sent.</summary>
internal sealed class MixpanelSink(SinkOptions options) : ISink, IDisposable
{
    private readonly SinkHttp _http = new(options.Timeout);
    private readonly Uri _url = new(options.Url.TrimEnd('/') + "/track?ip=0&verbose=0");

    public async Task<Delivery> SendAsync(long firstSequence, ImmutableArray<TelemetryRecord> batch, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(512 * batch.Length);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var record in batch)
            {
                Write(json, record.Observation!);
            }
            json.WriteEndArray();
        }
        using var request = new HttpRequestMessage(HttpMethod.Post, _url)
        {
            Content = new FormUrlEncodedContent([new("data", Convert.ToBase64String(buffer.WrittenSpan))]),
        };
        // The answer is 200 whatever happened; "1" says that it was taken.
        return await _http.PostAsync(request, static body => body.Trim() == "1", cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private void Write(Utf8JsonWriter json, Observation call)
    {
        json.WriteStartObject();
        json.WriteString("event", call.IsCall ? "ai_call" : "ai_step");
        json.WriteStartObject("properties");
        json.WriteString("token", options.ApiKey);
        json.WriteString("distinct_id", call.User);
        json.WriteNumber("time", call.StartTime.ToUnixTimeMilliseconds());
        json.WriteString("$insert_id", call.Id.ToString("N"));
        json.WriteString("model", call.Model);
        json.WriteString("provider", call.Provider);
        json.WriteString("endpoint", call.Endpoint);
        json.WriteString("name", call.Name);
        json.WriteString("session", call.Session);
        json.WriteString("state", ObservationStates.Name(call.State));
        json.WriteString("error_type", call.ErrorType);
        json.WriteNumber("latency_ms", Math.Round(call.Timings.TotalMs, 3));
        if (call.Usage.IsKnown)
        {
            json.WriteNumber("input_tokens", call.Usage.InputTokens ?? 0);
            json.WriteNumber("output_tokens", call.Usage.OutputTokens ?? 0);
        }
        if (call.Cost is { } cost)
        {
            json.WriteNumber("cost_usd", cost.TotalUsd);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
