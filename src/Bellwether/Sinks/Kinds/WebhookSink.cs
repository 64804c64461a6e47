using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Sinks;

/// <summary>Standard Webhooks 1.0: <c>{"type","timestamp","data":{"observations":[…]}}</c>, signed. The id is that of the batch, the same in every attempt.</summary>
internal sealed class WebhookSink(string name, SinkOptions options, TimeProvider clock) : ISink, IDisposable
{
    private static readonly string s_type = "bellwether.observations.v1";
    private static readonly MediaTypeHeaderValue s_json = new("application/json");

    private readonly SinkHttp _http = new(options.Timeout);
    private readonly Uri _url = new(options.Url);
    private readonly byte[] _key = WebhookSignature.ParseSecret(options.Secret)!;

    public async Task<Delivery> SendAsync(long firstSequence, ImmutableArray<TelemetryRecord> batch, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var body = Body(batch, now);
        var id = string.Create(CultureInfo.InvariantCulture, $"{Uri.EscapeDataString(name)}-{firstSequence}-{batch[0].Observation!.Id:N}");
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = s_json } } };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSignature.Sign(_key, id, now, body.Span));
        return await _http.PostAsync(request, accepts: null, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static ReadOnlyMemory<byte> Body(ImmutableArray<TelemetryRecord> batch, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(1024 * batch.Length);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("type", s_type);
        json.WriteString("timestamp", now.UtcDateTime);
        json.WriteStartObject("data");
        json.WriteStartArray("observations");
        foreach (var record in batch)
        {
            SinkJson.Write(json, record);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
