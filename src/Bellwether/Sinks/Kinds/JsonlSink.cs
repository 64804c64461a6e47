using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Bellwether.Telemetry;
using Microsoft.Win32.SafeHandles;

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
            using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var end = EndOfLines(file);
            RandomAccess.SetLength(file, end);
            try
            {
                await RandomAccess.WriteAsync(file, buffer.WrittenMemory, end, cancellationToken);
            }
            catch (IOException)
            {
                // A full disk takes a part. The batch goes again, and a reader must not meet half a line before it.
                RandomAccess.SetLength(file, end);
                throw;
            }
            return new Delivery(DeliveryOutcome.Delivered);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Delivery(DeliveryOutcome.RetryLater, "cannot be written");
        }
    }

    // A kill in the middle of a batch may have left half a line; the batch comes again.
    private static long EndOfLines(SafeFileHandle file)
    {
        Span<byte> piece = stackalloc byte[4_096];
        for (var end = RandomAccess.GetLength(file); end > 0;)
        {
            var start = Math.Max(0, end - piece.Length);
            var read = piece[..RandomAccess.Read(file, piece[..(int)(end - start)], start)];
            if (read.LastIndexOf((byte)'\n') is >= 0 and var at)
            {
                return start + at + 1;
            }
            end = start;
        }
        return 0;
    }
}
