using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Telemetry;

/// <summary>
/// The one reader: opens the store, replays what it misses, then batch by batch enriches, stores and announces. At shutdown it
/// drains what is in before the store is closed.
/// </summary>
internal sealed class TelemetryPipeline(
    TelemetryIntake intake, ITelemetryStore store, StoreWriter writer, BatchBuilder batches, ChangeFeed feed, Readiness readiness,
    DeadLetters deadLetters, PipelineMeters meters, IEnumerable<IBatchOutlet> outlets, IOptions<TelemetryOptions> options, TimeProvider clock, ILogger<TelemetryPipeline> logger) : BackgroundService
{
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);
    private readonly Spool _spool = intake.Spool;
    private long _replayStart;
    private long _replayFrom;
    // 0 when there is nothing left of it.
    private long _replayUpTo;

    /// <summary>Waits until everything that is journalled now is stored or set aside.</summary>
    public async Task WhenStoredAsync(CancellationToken cancellationToken)
    {
        var target = _spool.Journal.LastSequence;
        while (_spool.CommittedSequence < target)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancellationToken);
        }
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        readiness.Set("store", false);
        readiness.Set("journal", false);
        readiness.Set("running", true);
        await base.StartAsync(cancellationToken);
    }

    private readonly PipelineThread _thread = new();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        readiness.Set("running", false);
        _spool.Close();
        if (ExecuteTask is { } running)
        {
            try
            {
                await running.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Log.LeftInJournal(logger, _spool.Journal.LastSequence - _spool.CommittedSequence);
            }
        }
        await base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _thread.RunAsync(() => ReadAsync(stoppingToken));

    private async Task ReadAsync(CancellationToken stoppingToken)
    {
        var stored = await OpenAsync(stoppingToken);
        readiness.Set("store", true);
        _replayStart = clock.GetTimestamp();
        _spool.Open(stored);
        deadLetters.Settle(stored);
        _replayFrom = stored;
        _replayUpTo = _spool.Journal.LastSequence;
        Log.Opened(logger, stored, _replayUpTo, intake.Durability);
        batches.CountAfter(_replayUpTo);
        readiness.Set("journal", _replayUpTo <= stored);
        var storing = Task.CompletedTask;
        while (await _spool.WaitAsync(stoppingToken))
        {
            // Read and enriched here while the writer's thread still stores the batch before.
            var batch = await batches.NextAsync(stoppingToken);
            await storing;
            storing = StoreAsync(batch, stoppingToken);
            if (_spool.IsDrained)
            {
                await storing;
            }
        }
        await storing;
    }

    private async Task StoreAsync(Batch batch, CancellationToken cancellationToken)
    {
        if (!batch.Records.IsEmpty)
        {
            foreach (var outlet in outlets)
            {
                outlet.Take(batch.Records);
            }
            var start = clock.GetTimestamp();
            _spool.Storing(batch.UpTo);
            await writer.WriteAsync(batch.Records, cancellationToken);
            meters.Store(batch.Records.Length, clock.GetElapsedTime(start));
        }
        _spool.Committed(batch.UpTo, batch.Records);
        feed.Publish(batch.Records.AsSpan());
        batches.Release(batch);
        if (_replayUpTo > _replayFrom && _spool.CommittedSequence >= _replayUpTo)
        {
            var duration = clock.GetElapsedTime(_replayStart);
            Log.Replayed(logger, _replayUpTo - _replayFrom, duration);
            _replayUpTo = 0;
            readiness.Set("journal", true);
        }
    }

    private async Task<long> OpenAsync(CancellationToken cancellationToken)
    {
        for (var pause = options.Value.BatchAge + TimeSpan.FromMilliseconds(200); ; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            try
            {
                return await store.OpenAsync(cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The engine's own exceptions. Until it opens we are not ready, and say so.
                Log.StoreNotOpened(logger, e, pause);
            }
            await Task.Delay(pause, clock, cancellationToken);
        }
    }
}
