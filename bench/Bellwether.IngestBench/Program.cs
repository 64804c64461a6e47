using System.Globalization;
using Bellwether.Identity;
using Bellwether.Ingest;
using Bellwether.IngestBench;
using Bellwether.Primitives;

// dotnet run -c Release --project bench/Bellwether.IngestBench -- --server src/Bellwether.Server/bin/Release/net10.0/bellwether-server.dll [--seconds 60] [--batches 4000] [--rate 15000]
// dotnet run -c Release --project bench/Bellwether.IngestBench -- --map          the decoding and mapping alone, in this process, on one thread
var clock = TimeProvider.System;
var now = clock.GetUtcNow();
if (args.Contains("--map"))
{
    Map();
    return 0;
}
var seconds = int.Parse(Argument("--seconds") ?? "60", CultureInfo.InvariantCulture);
var count = int.Parse(Argument("--batches") ?? "4000", CultureInfo.InvariantCulture);
// Spans a second that the sustained part sends; without it, as many as are acknowledged.
var rate = int.Parse(Argument("--rate") ?? "0", CultureInfo.InvariantCulture);
const int Burst = 100_000 / Batches.Spans;
const int PacedPerSecond = 4_000 / Batches.Spans;
const int PacedSeconds = 20;

var folder = Directory.CreateTempSubdirectory("bellwether-ingestbench").FullName;
var making = clock.GetTimestamp();
using var batches = Batches.Make(Path.Combine(folder, "batches"), count, now, 1);
Console.WriteLine($"{count:N0} batches of {Batches.Spans} spans made in {clock.GetElapsedTime(making).TotalSeconds:F0} s, {batches.MeanBytes / 1024:F0} KB each when gzipped.");
using var server = await ServerUnderTest.StartAsync(Argument("--server") ?? throw new ArgumentException("--server names the dll of the server."), Path.Combine(folder, "data"));
var next = 0;
for (var warm = 0; warm < 20; warm++)
{
    await server.SendAsync(batches.Read(next++));
}
await ReadableAsync();

var latencies = new List<double>();
await PacedAsync();
latencies.Sort();
Console.WriteLine($"{PacedPerSecond * Batches.Spans:N0} spans/s for {PacedSeconds} s: a batch takes p50 {At(0.5):F1} ms, p99 {At(0.99):F1} ms, slowest {latencies[^1]:F0} ms (must: p99 ≤ 100 ms). Memory {server.MemoryMb.Now:F0} MB.");
await ReadableAsync();

await MeasureAsync("Burst", Burst, TimeSpan.MaxValue, 8, 0);
await MeasureAsync(rate > 0 ? $"Sustained at {rate:N0}/s" : "Sustained", int.MaxValue, TimeSpan.FromSeconds(seconds), rate > 0 ? 16 : 4, rate);
Console.WriteLine($"Memory at the end {server.MemoryMb.Now:F0} MB, most {server.MemoryMb.Peak:F0} MB (must be ≤ 700 MB).");
return 0;

double At(double quantile) => latencies[(int)(quantile * (latencies.Count - 1))];

async Task PacedAsync()
{
    using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PacedPerSecond), clock);
    var sending = new List<Task>();
    for (var n = 0; n < PacedPerSecond * PacedSeconds && await timer.WaitForNextTickAsync(); n++)
    {
        sending.Add(TimedAsync(batches.Read(next++)));
    }
    await Task.WhenAll(sending);
}

async Task TimedAsync(byte[] batch)
{
    var began = clock.GetTimestamp();
    while (!await server.SendAsync(batch))
    {
        // The wait counts.
    }
    var took = clock.GetElapsedTime(began).TotalMilliseconds;
    lock (latencies)
    {
        latencies.Add(took);
    }
}

async Task MeasureAsync(string what, int most, TimeSpan time, int connections, int perSecond)
{
    var (first, end, cpu, refused) = (next, (int)Math.Min(batches.Count, (long)next + most), server.CpuMs, 0);
    var began = clock.GetTimestamp();
    await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => WorkAsync()));
    var took = clock.GetElapsedTime(began);
    // Each worker takes one number too many when the batches run out.
    next = Math.Min(next, end);
    var spans = (next - first) * Batches.Spans;
    var memory = server.MemoryMb;
    var readable = await ReadableAsync();
    Console.WriteLine(
        $"{what}: {spans:N0} spans in {took.TotalSeconds:F1} s = {spans / took.TotalSeconds:N0} acknowledged/s, {refused:N0} refusals; all readable {readable.TotalSeconds:F1} s after the last; "
        + $"server CPU {(server.CpuMs - cpu) * 1000 / spans:F0} µs a span; memory {memory.Now:F0} MB.");

    async Task WorkAsync()
    {
        while (clock.GetElapsedTime(began) < time && Interlocked.Increment(ref next) is var taken && taken <= end)
        {
            // By the schedule; a server that does not keep up is behind it and acknowledges fewer.
            if (perSecond > 0 && TimeSpan.FromSeconds((taken - 1 - first) * (double)Batches.Spans / perSecond) - clock.GetElapsedTime(began) is { Ticks: > 0 } early)
            {
                await Task.Delay(early, clock);
            }
            var batch = batches.Read(taken - 1);
            while (!await server.SendAsync(batch))
            {
                Interlocked.Increment(ref refused);
            }
        }
    }
}

async Task<TimeSpan> ReadableAsync()
{
    var began = clock.GetTimestamp();
    while (await server.CountAsync() < (long)next * Batches.Spans)
    {
        // Asking is work for the server too.
        await Task.Delay(250);
        if (clock.GetElapsedTime(began) > TimeSpan.FromMinutes(2))
        {
            Console.WriteLine("Not readable within two minutes.");
            break;
        }
    }
    return clock.GetElapsedTime(began);
}

void Map()
{
    var random = new Random(1);
    var bodies = Enumerable.Range(0, 40).Select(_ => Batches.Gzip(Batches.Body(random, now))).ToArray();
    var sender = new OtlpSender(new ApiKey { Id = "key", Name = "bench", Project = ProjectId.Default, Role = Role.Editor }, "otlp", now, TimeSpan.FromDays(90));
    for (var round = 0; round < 6; round++)
    {
        var (spans, unzip, read, texts, rest, map) = (0, 0L, 0L, 0L, 0L, 0L);
        var allocated = 0L;
        foreach (var body in bodies)
        {
            var began = clock.GetTimestamp();
            var (decoded, _) = IngestBody.Decode(body, "gzip", 64 * 1024 * 1024);
            unzip += clock.GetTimestamp() - began;
            using (decoded)
            {
                var attributes = new SpanAttributes(decoded!.Memory);
                foreach (var item in OtlpWalk.Items(decoded.Memory))
                {
                    began = clock.GetTimestamp();
                    var span = SpanRecord.Read(attributes.Body, item.Bytes, attributes);
                    read += clock.GetTimestamp() - began;
                    // Parts of the mapping once more and apart, to see where its time goes.
                    began = clock.GetTimestamp();
                    SpanTexts.Read(attributes, SpanKinds.Of(attributes).Kind, "gpt-4o");
                    texts += clock.GetTimestamp() - began;
                    began = clock.GetTimestamp();
                    attributes.Unmapped(item.Resource, item.Scope, []);
                    rest += clock.GetTimestamp() - began;
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    began = clock.GetTimestamp();
                    SpanMapper.Map(sender, span, attributes, item.Resource, item.Scope);
                    map += clock.GetTimestamp() - began;
                    allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                    spans++;
                }
            }
        }
        double Micros(long ticks) => ticks * 1e6 / clock.TimestampFrequency / spans;
        Console.WriteLine(
            $"round {round}, µs a span: unzip {Micros(unzip):F1}, read {Micros(read):F1}, map {Micros(map):F1} (of it texts {Micros(texts):F1}, unmapped attributes {Micros(rest):F1}); the mapping allocates {allocated / spans:N0} bytes");
    }
}

string? Argument(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
