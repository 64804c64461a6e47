using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Sinks;

/// <summary>One JSON object a line, in files named by the UTC day. What a log shipper reads; deleting old files is its job.</summary>
internal sealed class JsonlSink(SinkOptions options, TimeProvider clock) : ISink
{
    public async Task<Delivery> SendAsync(long firstSequence, ImmutableArray<TelemetryRecord> batch, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(1024 * batch.Length);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            foreach (var record in batch)
            {
                ObservationLines.Write(buffer, json, record.Observation!, record.Payload.IsEmpty ? null : new ObservationDetail(record.Observation!, record.Payload, []));
            }
        }
        try
        {
            Directory.CreateDirectory(options.Folder);
            var path = Path.Combine(options.Folder, string.Create(CultureInfo.InvariantCulture, $"observations-{clock.GetUtcNow():yyyy-MM-dd}.jsonl"));
            await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            await file.WriteAsync(buffer.WrittenMemory, cancellationToken);
            return new Delivery(DeliveryOutcome.Delivered);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Delivery(DeliveryOutcome.RetryLater, "cannot be written");
        }
    }
}
