using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bellwether.Demo;

/// <summary>Writes the history through the ordinary intake, newest day first, while the server is already in use.</summary>
internal sealed class DemoHistoryService(
    ITelemetryIntake intake, DataFolder folder, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<DemoHistoryService> logger) : BackgroundService
{
    private const int BatchSize = 250;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await DemoTrafficService.StartedAsync(lifetime, stoppingToken))
        {
            return;
        }
        var marker = DemoMarker.Load(folder, clock.GetUtcNow());
        var history = new DemoHistory(new DemoCalendar(marker.Anchor));
        var started = clock.GetTimestamp();
        var written = 0;
        for (var day = 0; day <= DemoCalendar.Days; day++)
        {
            if (marker.Done.Contains(day))
            {
                continue;
            }
            var again = marker.Begun.Contains(day);
            marker = marker with { Begun = again ? marker.Begun : marker.Begun.Add(day) };
            marker.Save(folder);
            foreach (var batch in history.Day(day).Chunk(BatchSize))
            {
                await AppendAsync(again ? Array.ConvertAll(batch, Replacing) : batch, stoppingToken);
                written += batch.Length;
            }
            marker = marker with { Done = marker.Done.Add(day) };
            marker.Save(folder);
        }
        if (written > 0)
        {
            var took = clock.GetElapsedTime(started);
            Log.HistoryWritten(logger, written, took.TotalSeconds);
        }
    }

    private async Task AppendAsync(TelemetryRecord[] batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await intake.AppendAsync(batch, cancellationToken);
            if (result.Accepted)
            {
                return;
            }
            await Task.Delay(TimeSpan.FromSeconds(Math.Clamp(result.Refusal.RetryAfterSeconds, 1, 30)), clock, cancellationToken);
        }
    }

    private static TelemetryRecord Replacing(TelemetryRecord record) =>
        record.Observation is { } observation ? TelemetryRecord.Of(observation, record.Payload, mayReplace: true) : record;
}
