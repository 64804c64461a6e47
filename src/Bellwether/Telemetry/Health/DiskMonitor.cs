using Bellwether.Primitives;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Telemetry;

/// <summary>
/// Watches the data folder's disk: refuses new records before the store would run out of space, lets the journal go on when a
/// fault is over, and says when the disk will be full.
/// </summary>
internal sealed class DiskMonitor(
    TelemetryIntake intake, DataFolder data, IJournalFiles files, IOptions<TelemetryOptions> options, TimeProvider clock, ILogger<DiskMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(250);
    private readonly DiskForecast _forecast = new();
    private long _free;
    private long _total;

    public (long Free, long Total) Space => (Interlocked.Read(ref _free), Interlocked.Read(ref _total));

    /// <summary>Bytes a day by which free space shrinks; null while unknown.</summary>
    public double? GrowthPerDay => _forecast.GrowthPerDay();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, clock);
        do
        {
            try
            {
                Check();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Log.StepFailed(logger, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal void Check()
    {
        var (free, total) = files.Space(data.Path);
        Interlocked.Exchange(ref _free, free);
        Interlocked.Exchange(ref _total, total);
        _forecast.Add(clock.GetUtcNow(), free);

        var spool = intake.Spool;
        var needed = Math.Min(options.Value.MinimumFreeBytes, total / 50);
        if (!spool.DiskFull && free < needed)
        {
            spool.DiskFull = true;
            Log.DiskFull(logger, free, needed);
        }
        // A little more to open again than to close, so that it does not flap.
        else if (spool.DiskFull && free >= needed + (needed / 4))
        {
            spool.DiskFull = false;
            Log.DiskHasSpace(logger, free);
        }
        spool.Journal.TryRecover();
    }
}
