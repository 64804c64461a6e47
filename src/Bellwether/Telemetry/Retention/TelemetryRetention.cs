using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Telemetry;

/// <summary>Drops the days that are older than <see cref="RetentionOptions"/> say: from the store, then from copies that have no time of their own.</summary>
internal sealed class TelemetryRetention(
    ITelemetryStore store, TelemetryPipeline pipeline, IEnumerable<ITelemetryCopies> copies, IOptions<RetentionOptions> options, TimeProvider clock, ILogger<TelemetryRetention> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(1);
    // By so much a clock may be put forward without losing what is not old.
    private static readonly TimeSpan s_mostSkew = TimeSpan.FromHours(1);
    private readonly long _started = clock.GetTimestamp();
    private readonly DateTimeOffset _startTime = clock.GetUtcNow();
    private (DateTimeOffset Metrics, DateTimeOffset Texts) _dropped;

    /// <summary>Nothing when the days that are kept are the same as the last time.</summary>
    internal async Task DropAsync(CancellationToken cancellationToken)
    {
        // A wall clock that jumps ahead while we run must not make everything old.
        var latest = _startTime + clock.GetElapsedTime(_started) + s_mostSkew;
        var now = clock.GetUtcNow() is var wall && wall < latest ? wall : latest;
        var metrics = Before(now, options.Value.Days);
        var texts = Before(now, options.Value.TextDays) is var said && said > metrics ? said : metrics;
        if (texts == DateTimeOffset.MinValue || (metrics, texts) == _dropped)
        {
            return;
        }
        await store.DropBeforeAsync(metrics, texts, cancellationToken);
        var dropped = new DroppedTexts(store, metrics, texts, Day(now), pipeline.WhenStoredAsync);
        foreach (var kept in copies)
        {
            await kept.DropAsync(dropped, cancellationToken);
        }
        _dropped = (metrics, texts);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value is { Days: 0, TextDays: 0 })
        {
            return;
        }
        using var timer = new PeriodicTimer(s_every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await DropAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Log.NotDropped(logger, error, s_every);
            }
        }
    }

    private static DateTimeOffset Before(DateTimeOffset now, int days) =>
        days == 0 ? DateTimeOffset.MinValue : Day(now).AddDays(-days);

    private static DateTimeOffset Day(DateTimeOffset now) => new(now.UtcDateTime.Date, TimeSpan.Zero);
}
