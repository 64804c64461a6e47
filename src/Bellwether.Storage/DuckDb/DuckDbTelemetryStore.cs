using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Primitives;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Telemetry in DuckDB files of a day each: one thread writes, a few threads read beside it. How and why:
/// <c>docs/decisions/0002-telemetry-in-duckdb-day-files.md</c>.
/// </summary>
public sealed class DuckDbTelemetryStore(DataFolder data, IOptions<DuckDbOptions> options, TimeProvider clock, ILogger<DuckDbTelemetryStore> logger) : ITelemetryStore
{
    private static readonly TimeSpan s_sealEvery = TimeSpan.FromSeconds(5);
    private static readonly int s_sealsAtOnce = 8;
    private static readonly int s_mostWaiting = 256;

    private readonly DuckDbOptions _options = options.Value;
    private readonly CancellationTokenSource _closing = new();
    private Parts? _parts;
    private Task _sealing = Task.CompletedTask;

    public async ValueTask<long> OpenAsync(CancellationToken cancellationToken)
    {
        if (_parts is not null)
        {
            throw new InvalidOperationException("The store is open.");
        }
        var folder = data.Sub("telemetry");
        var folderLock = FolderLock.Take(folder);
        try
        {
            var connection = ConnectionString(folder);
            var admin = DuckDbSession.Open(connection);
            foreach (var statement in Schema.Main)
            {
                admin.Execute(statement);
            }
            CheckVersion(admin, folder);
            var files = new DayFiles(folder, admin);
            var rollups = new Rollups(files, clock);
            var writer = new BatchWriter(files, rollups);
            rollups.Open(admin);
            writer.Open(admin);
            _parts = new Parts(folderLock, admin, files, rollups, writer, new Eraser(files, rollups), new Repricer(files, rollups), new QueryRunner(files), new PageReader(files),
                new SessionPool("telemetry writer", connection, 1, s_mostWaiting, background: true), new SessionPool("telemetry reader", connection, _options.Readers, s_mostWaiting));
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
        _sealing = SealAsync(_closing.Token);
        Log.Opened(logger, folder, _parts.Files.Metrics.Count, _parts.Batches.Complete);
        await Task.CompletedTask;
        return _parts.Batches.Complete;
    }

    public async ValueTask AppendAsync(ImmutableArray<SequencedRecord> batch, CancellationToken cancellationToken)
    {
        var parts = Open();
        await parts.Writer.RunAsync(session =>
        {
            parts.Batches.Append(session, batch);
            return true;
        }, cancellationToken);
    }

    public ValueTask<QueryResult> QueryAsync(TelemetryQuery query, CancellationToken cancellationToken)
    {
        var parts = Open();
        return parts.Readers.RunAsync(session => parts.Queries.Run(session, query), cancellationToken);
    }

    public ValueTask<ObservationPage> ReadPageAsync(ObservationPageRequest request, CancellationToken cancellationToken)
    {
        var parts = Open();
        return parts.Readers.RunAsync(session => parts.Pages.ReadPage(session, request), cancellationToken);
    }

    public ValueTask<ObservationDetail?> ReadAsync(ProjectId project, Guid id, CancellationToken cancellationToken)
    {
        var parts = Open();
        return parts.Readers.RunAsync(session => parts.Pages.Read(session, project, id), cancellationToken);
    }

    public async ValueTask<long> EraseAsync(EraseRequest request, CancellationToken cancellationToken)
    {
        var parts = Open();
        var erased = await parts.Writer.RunAsync(session => parts.Erasing.Erase(session, request), cancellationToken);
        Log.Erased(logger, erased);
        return erased;
    }

    public async ValueTask<RepriceResult> RepriceAsync(RepriceRequest request, Func<PricedCall, Cost?> price, CancellationToken cancellationToken)
    {
        var parts = Open();
        var total = RepriceResult.None;
        foreach (var day in parts.Repricing.Days(request))
        {
            var result = RepriceResult.None;
            // A job for each step, so that batches go in between.
            for (var step = new RepriceStep(RepriceResult.None, day.FirstTick); step.Next is { } from; result = result.Add(step.Result))
            {
                step = await (request.DryRun ? parts.Readers : parts.Writer).RunAsync(session => parts.Repricing.Step(session, request, price, day, from), cancellationToken);
            }
            if (result.Changed > 0 && !request.DryRun)
            {
                // Not left to the background: else the whole window would be read row by row until it comes to it.
                await parts.Writer.RunAsync(session => parts.Rollups.Seal(session, day, TimeSpan.Zero), cancellationToken);
            }
            total = total.Add(result);
        }
        if (!request.DryRun)
        {
            Log.Repriced(logger, total.Changed, total.Calls);
        }
        return total;
    }

    public async ValueTask DropBeforeAsync(DateTimeOffset metricsBefore, DateTimeOffset payloadsBefore, CancellationToken cancellationToken)
    {
        var parts = Open();
        var dropped = await parts.Writer.RunAsync(session => parts.DropBefore(session, metricsBefore, payloadsBefore), cancellationToken);
        Log.Dropped(logger, dropped);
    }

    /// <summary>Builds the rollups of every hour that is over now, as the background does a while later.</summary>
    internal async Task SealAllAsync(CancellationToken cancellationToken)
    {
        var parts = Open();
        while (await parts.Writer.RunAsync(session => parts.Rollups.SealNext(session, TimeSpan.Zero), cancellationToken))
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _sealing;
        if (_parts is { } parts)
        {
            _parts = null;
            await parts.DisposeAsync();
        }
        _closing.Dispose();
    }

    private async Task SealAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_sealEvery, clock);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
                var parts = Open();
                // A few at a time, so that a batch never waits long behind them.
                for (var i = 0; i < s_sealsAtOnce; i++)
                {
                    if (!await parts.Writer.RunAsync(session => parts.Rollups.SealNext(session, _options.SealAfter), cancellationToken))
                    {
                        break;
                    }
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                Log.SealFailed(logger, error);
            }
        }
    }

    private Parts Open() => _parts ?? throw new StoreNotOpenException();

    // Nothing may be downloaded, and nothing may be half a log: both are off by default here.
    private string ConnectionString(string folder) => string.Create(CultureInfo.InvariantCulture,
        $"Data Source={Path.Combine(folder, "store.duckdb")};memory_limit={_options.MemoryLimitMb}MiB;threads={_options.Threads};wal_autocheckpoint={_options.CheckpointMb}MiB;temp_directory={Path.Combine(folder, "spill")};allocator_flush_threshold=16MiB;allocator_bulk_deallocation_flush_threshold=32MiB;autoinstall_known_extensions=false;autoload_known_extensions=false;preserve_insertion_order=false");

    private static void CheckVersion(DuckDbSession session, string folder)
    {
        var version = session.Scalar("SELECT max(value) FROM store.meta WHERE key = 'schema'");
        if (version is null)
        {
            session.Execute(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO store.meta VALUES ('schema', {Schema.Version})"));
        }
        else if (version != Schema.Version)
        {
            throw new InvalidOperationException($"The telemetry store in {folder} has layout {version}; this version of Bellwether reads layout {Schema.Version}.");
        }
    }

    private sealed record Parts(
        FolderLock Lock, DuckDbSession Admin, DayFiles Files, Rollups Rollups, BatchWriter Batches, Eraser Erasing, Repricer Repricing, QueryRunner Queries, PageReader Pages,
        SessionPool Writer, SessionPool Readers) : IAsyncDisposable
    {
        public int DropBefore(DuckDbSession session, DateTimeOffset metricsBefore, DateTimeOffset payloadsBefore)
        {
            var (metrics, payloads) = (UnixTicks.Of(metricsBefore), UnixTicks.Of(payloadsBefore));
            Batches.SaveComplete(session);
            var midnight = Day.Of(metrics).FirstTick;
            Rollups.DropBefore(session, midnight);
            session.Execute(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM store.annotation WHERE ticks < {midnight}"));
            Batches.Forget(Files.Metrics.Select(day => day.Metrics).Concat(Files.Payloads.Select(day => day.Payloads)));
            return Files.DropBefore(metrics, payloads);
        }

        public async ValueTask DisposeAsync()
        {
            await Writer.DisposeAsync();
            await Readers.DisposeAsync();
            Files.Dispose();
            Admin.Dispose();
            Lock.Dispose();
        }
    }
}
