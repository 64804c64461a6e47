using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Bellwether.Primitives;
using Bellwether.Storage.DuckDb;
using Bellwether.StoreBench;
using Bellwether.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

// dotnet run -c Release --project bench/Bellwether.StoreBench -- --count 5000000 --folder /some/folder [--days 30] [--keep] [--reuse] [--kill] [--pages] [--fill-only] [--threads n] [--memory MiB] [--checkpoint MiB]
// --pages measures the lists only, with nothing written beside them, and the CPU time that each takes.
var count = Number("--count", 500_000);
var folder = Argument("--folder") ?? Path.Combine(Path.GetTempPath(), "bellwether-storebench");
var reuse = args.Contains("--reuse");
var history = Number("--days", 30);
const int Batch = 5_000;
var options = new DuckDbOptions();
// The product's own settings, so that what is measured is what is shipped.
options.Threads = Number("--threads", options.Threads);
options.MemoryLimitMb = Number("--memory", options.MemoryLimitMb);
options.CheckpointMb = Number("--checkpoint", options.CheckpointMb);

var child = args.Contains("--kill-writer");
if (!reuse && !child && Directory.Exists(folder))
{
    Directory.Delete(folder, recursive: true);
}
var clock = TimeProvider.System;
var end = clock.GetUtcNow();
var marker = Path.Combine(folder, "end");
if (reuse || child)
{
    end = DateTimeOffset.Parse(File.ReadAllText(marker), CultureInfo.InvariantCulture);
}
else
{
    Directory.CreateDirectory(folder);
    File.WriteAllText(marker, end.ToString("O", CultureInfo.InvariantCulture));
}
var start = end.AddDays(-history);
if (child || args.Contains("--kill"))
{
    var step = new KillStep(New, folder, count, start, end, options.CheckpointMb, clock);
    if (child)
    {
        await step.WriteAsync();
    }
    return await step.RunAsync(args) ? 0 : 1;
}
var corpus = new Corpus(1);
var process = Process.GetCurrentProcess();

var store = New();
var position = await store.OpenAsync(CancellationToken.None);
if (!reuse)
{
    await FillAsync();
}
else
{
    // A fill that was stopped is measured as far as it came: the clock stands still where its data ends.
    end = start + ((end - start) * ((double)position / count));
    await store.SealAllAsync(CancellationToken.None);
}
await store.DisposeAsync();
if (args.Contains("--fill-only"))
{
    return 0;
}

store = New();
var opening = clock.GetTimestamp();
position = await store.OpenAsync(CancellationToken.None);
await store.ReadPageAsync(new ObservationPageRequest(Corpus.Project, new TimeRange(start, end), 1), CancellationToken.None);
var ready = clock.GetElapsedTime(opening);

using var stop = new CancellationTokenSource();
var appendTimes = new List<double>();
if (args.Contains("--pages"))
{
    await MeasurePagesAsync(end);
    await MeasureRepricingAsync();
    await store.DisposeAsync();
    return 0;
}
var writing = WriteAsync(stop.Token);
await Task.Delay(TimeSpan.FromSeconds(3), clock);
await MeasureAsync();
await stop.CancelAsync();
await writing;
process.Refresh();
Console.WriteLine();
Console.WriteLine($"Restart to ready and first page: {ready.TotalMilliseconds:F0} ms (must be ≤ 5,000). Peak RSS {process.PeakWorkingSet64 / 1048576} MB, now {process.WorkingSet64 / 1048576} MB (must be < 1,536).");
appendTimes.Sort();
Console.WriteLine($"Batches of 100 a second while measuring: median {appendTimes[appendTimes.Count / 2]:F1} ms, slowest {appendTimes[^1]:F0} ms.");
await store.DisposeAsync();
if (!args.Contains("--keep"))
{
    Directory.Delete(folder, recursive: true);
}
return 0;

async Task FillAsync()
{
    var (generating, storing) = (TimeSpan.Zero, TimeSpan.Zero);
    var began = clock.GetTimestamp();
    for (var first = 0; first < count; first += Batch)
    {
        var cpu = process.TotalProcessorTime;
        var records = ImmutableArray.CreateBuilder<SequencedRecord>(Batch);
        for (var i = first; i < Math.Min(count, first + Batch); i++)
        {
            records.Add(new SequencedRecord(i + 1, corpus.Next(start + ((end - start) * ((double)i / count)))));
        }
        process.Refresh();
        var made = process.TotalProcessorTime;
        await store.AppendAsync(records.DrainToImmutable(), CancellationToken.None);
        process.Refresh();
        generating += made - cpu;
        storing += process.TotalProcessorTime - made;
    }
    var filled = clock.GetElapsedTime(began);
    process.Refresh();
    var before = process.TotalProcessorTime;
    var sealing = clock.GetTimestamp();
    await store.SealAllAsync(CancellationToken.None);
    var sealedIn = clock.GetElapsedTime(sealing);
    process.Refresh();
    Console.WriteLine($"Filled {count:N0} observations over {history} days in {filled.TotalSeconds:F0} s; CPU per observation: {storing.TotalMicroseconds / count:F1} µs to store, {(process.TotalProcessorTime - before).TotalMicroseconds / count:F1} µs for rollups ({sealedIn.TotalSeconds:F0} s), generator {generating.TotalMicroseconds / count:F1} µs apart.");
    await store.DisposeAsync();
    var files = new DirectoryInfo(Path.Combine(folder, "telemetry")).GetFiles();
    long Size(char kind) => files.Where(file => file.Name[0] == kind).Sum(file => file.Length) / 1048576;
    Console.WriteLine($"On disk: metrics {Size('m'):N0} MB, payloads {Size('p'):N0} MB, rollups {Size('s'):N0} MB.");
    Console.WriteLine();
    store = New();
    await store.OpenAsync(CancellationToken.None);
}

async Task WriteAsync(CancellationToken cancellationToken)
{
    using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
    var live = new Corpus(2);
    try
    {
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var records = ImmutableArray.CreateBuilder<SequencedRecord>(100);
            for (var i = 0; i < 100; i++)
            {
                records.Add(new SequencedRecord(++position, live.Next(clock.GetUtcNow())));
            }
            var began = clock.GetTimestamp();
            await store.AppendAsync(records.MoveToImmutable(), CancellationToken.None);
            appendTimes.Add(clock.GetElapsedTime(began).TotalMilliseconds);
        }
    }
    catch (OperationCanceledException)
    {
    }
}

async Task MeasureAsync()
{
    var now = reuse ? end : clock.GetUtcNow();
    Console.WriteLine("| what | window | must ms | median ms | slowest ms | plan |");
    Console.WriteLine("|---|---|--:|--:|--:|---|");
    foreach (var (name, days, step, must) in new[] { ("24 h", 1, TimeSpan.FromMinutes(15), 100), ("30 days", history, TimeSpan.FromHours(6), 250) })
    {
        var window = new TimeRange(now.AddDays(-days), now);
        (string, TelemetryQuery)[] panels =
        [
            ("calls, errors, error rate by step", Query(window, step, Measure.Count, Measure.Errors, Measure.ErrorRate)),
            ("latency p50, p95, p99 by step", Query(window, step, Measure.LatencyP50, Measure.LatencyP95, Measure.LatencyP99)),
            ("time to first token by step", Query(window, step, Measure.TtftP50, Measure.TtftP95, Measure.TtftP99)),
            ("tokens a second, tokens by step", Query(window, step, Measure.TokensPerSecond, Measure.TotalTokens)),
            ("cost by step", Query(window, step, Measure.CostUsd, Measure.Unpriced)),
            ("users, total", Query(window, null, Measure.Users)),
            ("users by step", Query(window, step, Measure.Users)),
            ("totals of every tile", Query(window, null, Measure.Count, Measure.ErrorRate, Measure.LatencyP50, Measure.LatencyP95, Measure.LatencyP99, Measure.TtftP50, Measure.TokensPerSecond, Measure.CostUsd)),
            ("by model", Top("model", Query(window, null, Measure.Count, Measure.CostUsd, Measure.LatencyP95))),
            ("by endpoint, top 10", Top("endpoint", Query(window, null, Measure.Count, Measure.ErrorRate, Measure.CostUsd))),
            ("by error type, top 10", Top("error_type", Query(window, null, Measure.Count)) with { Where = [new Filter("error_type", FilterOp.Exists, [])] }),
            ("calls by step, one model", Query(window, step, Measure.Count, Measure.LatencyP95) with { Where = [Filter.Eq("model", "gpt-4o")] }),
            ("calls by step, one model and endpoint (rows)", Query(window, step, Measure.Count, Measure.LatencyP95) with { Where = [Filter.Eq("model", "gpt-4o"), Filter.Eq("endpoint", "summary")] }),
        ];
        foreach (var (panel, query) in panels)
        {
            var fromRollups = false;
            await RowAsync(panel, name, must, async () => fromRollups = (await store.QueryAsync(query, CancellationToken.None)).FromRollups, () => fromRollups ? "rollups" : "rollups + rows");
            if (query.By.IsEmpty && query.Where.IsEmpty)
            {
                var previous = query with { Window = query.Window.Previous };
                await RowAsync(panel + ", with the previous period", name, must, () => Task.WhenAll(
                    store.QueryAsync(query, CancellationToken.None).AsTask(), store.QueryAsync(previous, CancellationToken.None).AsTask()), () => "");
            }
        }
    }
    await MeasurePagesAsync(now);
}

async Task MeasurePagesAsync(DateTimeOffset now)
{
    var month = new TimeRange(start, end.AddDays(1));
    var day = new TimeRange(now.AddDays(-1), now.AddMinutes(1));
    ObservationPageRequest Page(TimeRange window, params ImmutableArray<Filter> where) => new(Corpus.Project, window, 50) { Where = where };
    await RowAsync("newest 50", "30 days", 100, () => store.ReadPageAsync(Page(month), CancellationToken.None).AsTask(), () => "");
    await RowAsync("newest 50 of a model with errors", "30 days", 100, () => store.ReadPageAsync(Page(month, Filter.Eq("model", "gpt-4o"), Filter.Eq("error", "true")), CancellationToken.None).AsTask(), () => "");
    await RowAsync("newest 50 of a user", "30 days", 100, () => store.ReadPageAsync(Page(month, Filter.Eq("user", "user-700")), CancellationToken.None).AsTask(), () => "");
    await RowAsync("newest 50 of a user with a handful of calls", "30 days", 100, () => store.ReadPageAsync(Page(month, Filter.Eq("user", "user-15000")), CancellationToken.None).AsTask(), () => "");
    await RowAsync("newest 50 of a user who is not there", "30 days", 100, () => store.ReadPageAsync(Page(month, Filter.Eq("user", "nobody")), CancellationToken.None).AsTask(), () => "");
    await RowAsync("newest 50 slower than 20 s", "30 days", 100, () => store.ReadPageAsync(Page(month, new Filter("latency_ms", FilterOp.Gt, ["11000"])), CancellationToken.None).AsTask(), () => "");
    var sample = new List<Guid>();
    for (var i = 1; i < (end - start).TotalDays; i++)
    {
        var page = await store.ReadPageAsync(Page(new TimeRange(start, start.AddDays(i))), CancellationToken.None);
        sample.Add(page.Items[i % page.Items.Length].Id);
    }
    var next = 0;
    await RowAsync("one by id, with its texts", "30 days", 20, async () => _ = await store.ReadAsync(Corpus.Project, sample[next++ % sample.Count], CancellationToken.None) ?? throw new InvalidOperationException("lost"), () => "", times: 60);
    await RowAsync("text search, rare word", "24 h", 500, () => store.ReadPageAsync(Page(day) with { Text = Corpus.RareWord }, CancellationToken.None).AsTask(), () => "");
    await RowAsync("text search, no hit at all", "24 h", 500, () => store.ReadPageAsync(Page(day) with { Text = "no such words here" }, CancellationToken.None).AsTask(), () => "");
    await RowAsync("text search, common word", "24 h", 500, () => store.ReadPageAsync(Page(day) with { Text = "Na" }, CancellationToken.None).AsTask(), () => "");
}

async Task MeasureRepricingAsync()
{
    var version = $"bench@{clock.GetUtcNow():O}";
    foreach (var dryRun in new[] { true, false })
    {
        var request = new RepriceRequest(Corpus.Project, new TimeRange(start.AddDays(-1), end.AddDays(1)), []) { DryRun = dryRun };
        var began = clock.GetTimestamp();
        var result = await store.RepriceAsync(request, call => new Cost((call.Usage.InputTokens ?? 0) * 0.000003m, (call.Usage.OutputTokens ?? 0) * 0.00001m, version), CancellationToken.None);
        process.Refresh();
        Console.WriteLine($"Priced again{(dryRun ? ", dry run" : "")}: {result.Changed:N0} of {result.Calls:N0} calls in {clock.GetElapsedTime(began).TotalSeconds:F1} s; RSS now {process.WorkingSet64 / 1048576} MB, peak {process.PeakWorkingSet64 / 1048576} MB.");
    }
}

async Task RowAsync(string what, string window, int must, Func<Task> run, Func<string> plan, int times = 11)
{
    await run();
    var elapsed = new List<double>();
    process.Refresh();
    var cpu = process.TotalProcessorTime;
    for (var i = 0; i < times; i++)
    {
        var began = clock.GetTimestamp();
        await run();
        elapsed.Add(clock.GetElapsedTime(began).TotalMilliseconds);
    }
    elapsed.Sort();
    process.Refresh();
    var used = args.Contains("--pages") ? $"{(process.TotalProcessorTime - cpu).TotalMilliseconds / times:F1} ms CPU" : plan();
    Console.WriteLine($"| {what} | {window} | {must} | {(elapsed[elapsed.Count / 2] > must ? "**" : "")}{elapsed[elapsed.Count / 2]:F1}{(elapsed[elapsed.Count / 2] > must ? "**" : "")} | {elapsed[^1]:F1} | {used} |");
}

TelemetryQuery Query(TimeRange window, TimeSpan? step, params ImmutableArray<Measure> measures) => new(Corpus.Project, window, measures) { Step = step };

TelemetryQuery Top(string dimension, TelemetryQuery query) => query with { By = [new Dimension(dimension)], Limit = 10 };

int Number(string name, int fallback) => Argument(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;

string? Argument(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

DuckDbTelemetryStore New() => new(new DataFolder(folder), Options.Create(options), clock, NullLogger<DuckDbTelemetryStore>.Instance);
