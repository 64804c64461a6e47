using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Bellwether.Primitives;
using Bellwether.Storage.DuckDb;
using Bellwether.Telemetry;

namespace Bellwether.StoreBench;

/// <summary>
/// How long a start takes after <c>kill -9</c>: a child process fills the store and goes on writing, the parent kills it when a
/// write-ahead log is about to be merged, opens the folder and reads the first page.
/// </summary>
internal sealed class KillStep(Func<DuckDbTelemetryStore> open, string folder, int count, DateTimeOffset start, DateTimeOffset end, int checkpointMb, TimeProvider clock)
{
    private const int Batch = 5_000;

    /// <summary>The child: one line per stored batch with its last sequence, until it is killed.</summary>
    public async Task WriteAsync()
    {
        var store = open();
        await store.OpenAsync(CancellationToken.None);
        var corpus = new Corpus(1);
        for (var first = 0L; ; first += Batch)
        {
            var records = ImmutableArray.CreateBuilder<SequencedRecord>(Batch);
            for (var i = first; i < first + Batch; i++)
            {
                records.Add(new SequencedRecord(i + 1, corpus.Next(i < count ? start + ((end - start) * ((double)i / count)) : clock.GetUtcNow())));
            }
            await store.AppendAsync(records.MoveToImmutable(), CancellationToken.None);
            Console.WriteLine((first + Batch).ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The parent. Returns false when something that was acknowledged is missing.</summary>
    public async Task<bool> RunAsync(IEnumerable<string> arguments)
    {
        var acknowledged = await KilledAsync(arguments);
        var logs = Logs().ToList();
        Console.WriteLine($"Killed after {acknowledged:N0} observations with {logs.Count} write-ahead logs of {logs.Sum(log => log.Length) >> 20:N0} MiB, the largest {logs.Max(log => log.Length) >> 20:N0} MiB of {checkpointMb}.");

        var store = open();
        var began = clock.GetTimestamp();
        var position = await store.OpenAsync(CancellationToken.None);
        var opened = clock.GetElapsedTime(began);
        var page = await store.ReadPageAsync(new ObservationPageRequest(Corpus.Project, new TimeRange(start, end.AddDays(2)), 50), CancellationToken.None);
        var ready = clock.GetElapsedTime(began);
        var rows = await store.QueryAsync(new TelemetryQuery(Corpus.Project, new TimeRange(start.AddDays(-1), end.AddDays(2)), [Measure.Count]), CancellationToken.None);
        var stored = (long)(rows.Rows[0].Values[0] ?? 0);
        Console.WriteLine($"Restart after kill -9 to ready: {opened.TotalMilliseconds:F0} ms, with the first page of {page.Items.Length}: {ready.TotalMilliseconds:F0} ms (must be ≤ 5,000). Stored up to {position:N0}, {stored:N0} rows.");
        await store.DisposeAsync();
        return position >= acknowledged && stored == position;
    }

    private async Task<long> KilledAsync(IEnumerable<string> arguments)
    {
        var writer = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (var argument in arguments)
        {
            writer.ArgumentList.Add(argument == "--kill" ? "--kill-writer" : argument);
        }
        using var child = Process.Start(writer)!;
        var acknowledged = 0L;
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            acknowledged = long.Parse(line, CultureInfo.InvariantCulture);
            if (acknowledged >= count && Logs().Any(log => log.Length > checkpointMb * 0.85 * (1 << 20)))
            {
                child.Kill();
                break;
            }
        }
        // What it had printed and we had not read was stored, too.
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            acknowledged = long.Parse(line, CultureInfo.InvariantCulture);
        }
        await child.WaitForExitAsync();
        return acknowledged;
    }

    private IEnumerable<FileInfo> Logs() => new DirectoryInfo(Path.Combine(folder, "telemetry")).EnumerateFiles("*.wal").Where(log => log.Length > 0);
}
