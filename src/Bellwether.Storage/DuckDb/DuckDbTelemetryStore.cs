using System.Collections.Immutable;
using System.Globalization;
using System.Threading.Channels;
using Bellwether.Primitives;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;
using DuckDB.NET.Data;
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
    // Full logs of today's two files, of the main file's nothing to speak of: what a start after a crash may have to read.
    private static readonly int s_logBudget = 2;

    private readonly DuckDbOptions _options = options.Value;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _reopening = new(1);
    private readonly MemoryRoom _room = new(options.Value.MemoryLimitMb, logger);
    private volatile Parts? _parts;
    private Task _sealing = Task.CompletedTask;

    public ValueTask<long> OpenAsync(CancellationToken cancellationToken)
    {
        if (_parts is not null)
        {
            throw new InvalidOperationException("The store is open.");
        }
        var folder = data.Sub("telemetry");
        var parts = Load(folder);
        _parts = parts;
        _sealing = SealAsync(_closing.Token);
        Log.Opened(logger, folder, parts.Files.Metrics.Count, parts.Batches.Complete);
        return ValueTask.FromResult(parts.Batches.Complete);
    }

    public async ValueTask AppendAsync(ImmutableArray<SequencedRecord> batch, CancellationToken cancellationToken)
    {
        await WriteAsync((parts, session) =>
        {
            parts.Batches.Append(session, parts.Texts, batch);
            return true;
        }, cancellationToken);
        // The batch is stored whatever becomes of this. Here and not only now and then, because an import touches a day a second.
        await MergeLogsAsync(cancellationToken);
    }

    public ValueTask<QueryResult> QueryAsync(TelemetryQuery query, CancellationToken cancellationToken) =>
        ReadAsync((parts, session) => parts.Queries.Run(session, query), cancellationToken);

    public ValueTask<ObservationPage> ReadPageAsync(ObservationPageRequest request, CancellationToken cancellationToken) =>
        ReadAsync((parts, session) => parts.Pages.ReadPage(session, request), cancellationToken);

    public ValueTask<ObservationDetail?> ReadAsync(ProjectId project, Guid id, CancellationToken cancellationToken) =>
        ReadAsync((parts, session) => parts.Pages.Read(session, project, id), cancellationToken);

    public ValueTask<Observation?> FindAsync(ProjectId project, Guid id, CancellationToken cancellationToken) =>
        ReadAsync((parts, session) => parts.Pages.Find(session, project, id), cancellationToken);

    public ValueTask<ImmutableArray<ObservationPayload>> ReadPayloadsAsync(ProjectId project, ImmutableArray<Observation> observations, CancellationToken cancellationToken) =>
        ReadAsync((parts, session) => parts.Pages.ReadPayloads(session, project, observations), cancellationToken);

    public ValueTask<TraceSteps> ReadTraceAsync(TraceRequest request, CancellationToken cancellationToken) =>
        ReadAsync((parts, session) => parts.Pages.ReadTrace(session, request), cancellationToken);

    public ValueTask<AnnotationPage> ReadAnnotationsAsync(AnnotationPageRequest request, CancellationToken cancellationToken) =>
        ReadAsync((parts, session) => AnnotationReader.ReadPage(session, parts.Files, request), cancellationToken);

    public ValueTask<ImmutableArray<AnnotationCount>> CountAnnotationsAsync(AnnotationQuery query, TimeSpan? step, CancellationToken cancellationToken) =>
        ReadAsync((parts, session) => AnnotationReader.Count(session, parts.Files, query, step), cancellationToken);

    public async ValueTask<long> EraseAsync(EraseRequest request, CancellationToken cancellationToken)
    {
        var erased = 0L;
        // A job for each day, so that batches go in between.
        foreach (var day in Open().Erasing.Days(request))
        {
            erased += await WriteAsync((parts, session) => parts.Erasing.Erase(session, request, day), cancellationToken);
        }
        Log.Erased(logger, erased);
        return erased;
    }

    public async ValueTask<RepriceResult> RepriceAsync(RepriceRequest request, Func<PricedCall, Cost?> price, CancellationToken cancellationToken)
    {
        var total = RepriceResult.None;
        foreach (var day in Open().Repricing.Days(request))
        {
            var result = RepriceResult.None;
            // A job for each step, so that batches go in between.
            for (var step = new RepriceStep(RepriceResult.None, day.FirstTick); step.Next is { } from; result = result.Add(step.Result))
            {
                step = await RunAsync(parts => request.DryRun ? parts.Readers : parts.Writer, (parts, session) => parts.Repricing.Step(session, request, price, day, from), cancellationToken);
            }
            if (result.Changed > 0 && !request.DryRun)
            {
                // Not left to the background: else the whole window would be read row by row until it comes to it.
                await WriteAsync((parts, session) => parts.Rollups.Seal(session, day, TimeSpan.Zero), cancellationToken);
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
        var dropped = await WriteAsync((parts, session) => parts.DropBefore(session, metricsBefore, payloadsBefore), cancellationToken);
        Log.Dropped(logger, dropped);
    }

    /// <summary>Compresses the texts of every day that is over, as the background does a while later.</summary>
    internal async Task PackAllAsync(CancellationToken cancellationToken)
    {
        while (await WriteAsync(static (parts, session) => parts.Packing.PackNext(session), cancellationToken))
        {
        }
    }

    /// <summary>Builds the rollups of every hour that is over now, as the background does a while later.</summary>
    internal async Task SealAllAsync(CancellationToken cancellationToken)
    {
        while (await WriteAsync(static (parts, session) => parts.Rollups.SealNext(session, TimeSpan.Zero), cancellationToken))
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }
        await _closing.CancelAsync();
        await _sealing;
        if (_parts is { } parts)
        {
            _parts = null;
            await parts.DisposeAsync();
        }
        _closing.Dispose();
        _reopening.Dispose();
        _room.Dispose();
    }

    private Parts Load(string folder)
    {
        var folderLock = FolderLock.Take(folder);
        DuckDbSession? admin = null;
        try
        {
            var connection = ConnectionString(folder);
            admin = DuckDbSession.Open(connection);
            foreach (var statement in Schema.Main)
            {
                admin.Execute(statement);
            }
            var layout = CheckVersion(admin, folder);
            var files = new DayFiles(folder, admin);
            if (layout < Schema.Version)
            {
                Upgrade(admin, files, layout);
            }
            var rollups = new Rollups(files, clock);
            var packer = new PayloadPacker(files, clock);
            var logs = new WriteAheadLogs(folder, s_logBudget * ((long)_options.CheckpointMb << 20), clock);
            var writer = new BatchWriter(files, rollups, logs, clock);
            rollups.Open(admin);
            writer.Open(admin);
            return new Parts(folderLock, admin, files, rollups, writer, logs, new Eraser(files, rollups, packer), packer, new Repricer(files, rollups), new QueryRunner(files), new PageReader(files),
                new SessionPool("telemetry writer", connection, 1, s_mostWaiting, background: true), new SessionPool("telemetry texts", connection, 1, s_mostWaiting, background: true),
                new SessionPool("telemetry reader", connection, _options.Readers, s_mostWaiting));
        }
        catch
        {
            admin?.Dispose();
            folderLock.Dispose();
            throw;
        }
    }

    private ValueTask<T> ReadAsync<T>(Func<Parts, DuckDbSession, T> work, CancellationToken cancellationToken) => RunAsync(static parts => parts.Readers, work, cancellationToken);

    private ValueTask<T> WriteAsync<T>(Func<Parts, DuckDbSession, T> work, CancellationToken cancellationToken) => RunAsync(static parts => parts.Writer, work, cancellationToken);

    private async ValueTask<T> RunAsync<T>(Func<Parts, SessionPool> pool, Func<Parts, DuckDbSession, T> work, CancellationToken cancellationToken)
    {
        var parts = Open();
        try
        {
            try
            {
                return await pool(parts).RunAsync(session => work(parts, session), cancellationToken);
            }
            catch (DuckDBException error) when (MemoryRoom.RanOut(error))
            {
                return await _room.RunAsync(pool(parts), session => work(parts, session), cancellationToken);
            }
        }
        catch (Exception error) when (error is DuckDBException or ChannelClosedException)
        {
            if (!await ReopenAsync(parts, cancellationToken))
            {
                throw;
            }
        }
        parts = Open();
        return await pool(parts).RunAsync(session => work(parts, session), cancellationToken);
    }

    /// <summary>
    /// A log that cannot be merged, mostly because the disk is full, makes DuckDB give the file up until it is opened anew; what
    /// was stored is in file and log. True when the store is another one now than the one that failed.
    /// </summary>
    private async Task<bool> ReopenAsync(Parts failed, CancellationToken cancellationToken)
    {
        await _reopening.WaitAsync(cancellationToken);
        try
        {
            if (!ReferenceEquals(_parts, failed))
            {
                return true;
            }
            if (!failed.IsClosed)
            {
                if (await failed.Writer.RunAsync(failed.Files.AreUsable, cancellationToken))
                {
                    return false;
                }
                await failed.DisposeAsync();
            }
            _parts = Load(data.Sub("telemetry"));
            Log.Reopened(logger);
            return true;
        }
        finally
        {
            _reopening.Release();
        }
    }

    private async Task SealAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_sealEvery, clock);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
                await WriteAsync((_, session) => _room.GiveBack(session), cancellationToken);
                // A few at a time, so that a batch never waits long behind them.
                for (var i = 0; i < s_sealsAtOnce; i++)
                {
                    if (!await WriteAsync((parts, session) => parts.Rollups.SealNext(session, _options.SealAfter), cancellationToken))
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
            await MergeLogsAsync(cancellationToken);
            await PackAsync(cancellationToken);
        }
    }

    private async Task PackAsync(CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(static (parts, session) => parts.Packing.PackNext(session), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            Log.PackFailed(logger, error);
        }
    }

    private async Task MergeLogsAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i < s_sealsAtOnce && await WriteAsync(static (parts, session) => parts.Logs.MergeNext(session), cancellationToken); i++)
            {
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            Log.MergeFailed(logger, error);
        }
    }

    private Parts Open() => _parts ?? throw new StoreNotOpenException();

    // Nothing may be downloaded, and nothing may be half a log: both are off by default here.
    private string ConnectionString(string folder) => string.Create(CultureInfo.InvariantCulture,
        $"Data Source={Path.Combine(folder, "store.duckdb")};memory_limit={_options.MemoryLimitMb}MiB;threads={_options.Threads};wal_autocheckpoint={_options.CheckpointMb}MiB;temp_directory={Path.Combine(folder, "spill")};allocator_flush_threshold=16MiB;allocator_background_threads=true;allocator_bulk_deallocation_flush_threshold=32MiB;autoinstall_known_extensions=false;autoload_known_extensions=false;preserve_insertion_order=false");

    private static long CheckVersion(DuckDbSession session, string folder)
    {
        var version = session.Scalar("SELECT max(value) FROM store.meta WHERE key = 'schema'");
        if (version is null)
        {
            session.Execute(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO store.meta VALUES ('schema', {Schema.Version})"));
        }
        else if (version > Schema.Version)
        {
            throw new InvalidOperationException($"The telemetry store in {folder} has layout {version}; this version of Bellwether reads layouts up to {Schema.Version}.");
        }
        return version ?? Schema.Version;
    }

    // Each statement can be run again, and the new version is written last: a kill in between only repeats.
    private static void Upgrade(DuckDbSession session, DayFiles files, long layout)
    {
        foreach (var statement in files.Metrics.SelectMany(day => Schema.FromLayout1(day.Metrics, "observation"))
            .Concat(files.Payloads.SelectMany(day => Schema.FromLayout1(day.Payloads, "payload")))
            .Concat(Schema.FromLayout1("store", "annotation")))
        {
            session.Execute(statement);
        }
        UserDays.TakeOver(session);
        // Layouts 1 and 2 counted the steps of chains among the calls.
        foreach (var day in layout < 3 ? files.Metrics : [])
        {
            Rollups.ClearHoursWithSteps(session, day);
        }
        session.Execute(string.Create(CultureInfo.InvariantCulture, $"UPDATE store.meta SET value = {Schema.Version} WHERE key = 'schema'"));
    }

    private sealed record Parts(
        FolderLock Lock, DuckDbSession Admin, DayFiles Files, Rollups Rollups, BatchWriter Batches, WriteAheadLogs Logs, Eraser Erasing, PayloadPacker Packing, Repricer Repricing, QueryRunner Queries, PageReader Pages,
        SessionPool Writer, SessionPool Texts, SessionPool Readers) : IAsyncDisposable
    {
        public bool IsClosed { get; private set; }

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
            if (IsClosed)
            {
                return;
            }
            IsClosed = true;
            await Writer.DisposeAsync();
            await Texts.DisposeAsync();
            await Readers.DisposeAsync();
            Files.Dispose();
            Admin.Dispose();
            Lock.Dispose();
        }
    }
}
