using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bellwether.Sinks;

/// <summary>All configured sinks: takes each batch into their outboxes and runs their workers.</summary>
internal sealed class SinkService : BackgroundService, IBatchOutlet, ITelemetryCopies
{
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromSeconds(10);
    private readonly List<(string Name, SinkWorker Worker, Outbox Outbox, ISink Sink)> _sinks = [];
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    public SinkService(
        IOptions<SinksOptions> options, DataFolder data, IJournalFiles files, TimeProvider clock, IMeterFactory meters, ILogger<SinkService> logger)
    {
        _clock = clock;
        _logger = logger;
        foreach (var (name, sink) in options.Value.OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase))
        {
            var folder = Path.Combine(data.Sub("sinks"), Uri.EscapeDataString(name.ToLowerInvariant()));
            var outbox = new Outbox(folder, sink.SpoolBytes, files, clock, logger);
            var receiver = SinkFactory.Create(name, sink, clock);
            _sinks.Add((name, new SinkWorker(name, sink, outbox, receiver, clock, logger), outbox, receiver));
        }
        var meter = meters.Create(MeterReadings.MeterName);
        meter.CreateObservableGauge("sink.waiting", () => Measured(status => status.Waiting), description: "Records that wait for a sink.");
        meter.CreateObservableCounter("sink.delivered", () => Measured(status => status.Delivered), description: "Records that a sink has taken.");
        meter.CreateObservableCounter("sink.lost", () => Measured(status => status.Rejected + status.Refused), description: "Records that a sink rejected or that its full outbox refused.");
    }

    public ImmutableArray<SinkStatus> Statuses => [.. _sinks.Select(sink => sink.Worker.Status)];

    public string Name => "sinks";

    /// <summary>What a receiver has is its own; what waits for it is taken out.</summary>
    public async Task<long> EraseAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        var erased = 0L;
        foreach (var (_, worker, _, _) in _sinks)
        {
            erased += await worker.EraseAsync(erasure, cancellationToken);
        }
        return erased;
    }

    public void Take(ImmutableArray<SequencedRecord> batch)
    {
        foreach (var (_, worker, _, _) in _sinks)
        {
            worker.Take(batch);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var (_, _, outbox, sink) in _sinks)
        {
            outbox.Dispose();
            (sink as IDisposable)?.Dispose();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_sinks.Select(sink => RunAsync(sink.Name, sink.Worker, stoppingToken)));

    private async Task RunAsync(string name, SinkWorker worker, CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (true)
        {
            try
            {
                await worker.RunAsync(stoppingToken);
                return;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // One sink's fault must not end the process or the other sinks.
                Log.Failed(_logger, error, name, s_afterFailure);
            }
            await Task.Delay(s_afterFailure, _clock, stoppingToken);
        }
    }

    private IEnumerable<Measurement<long>> Measured(Func<SinkStatus, long> value) =>
        _sinks.Select(sink => new Measurement<long>(value(sink.Worker.Status), new KeyValuePair<string, object?>("sink", sink.Name)));
}
