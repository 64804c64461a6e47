using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Bellwether.Tests.Telemetry;

/// <summary>The pipeline as the server composes it, over a store in memory.</summary>
internal sealed class PipelineHarness : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private bool _stopped;

    public PipelineHarness(string folder, MemoryStore store, Action<TelemetryOptions>? configure = null, FaultyFiles? files = null, params IObservationEnricher[] enrichers)
    {
        Store = store;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new DataFolder(folder));
        services.AddSingleton<ITelemetryStore>(store);
        services.AddSingleton<IJournalFiles>(files ?? new FaultyFiles());
        foreach (var enricher in enrichers)
        {
            services.AddSingleton(enricher);
        }
        services.AddTelemetry();
        services.Configure<TelemetryOptions>(options =>
        {
            options.BatchAge = TimeSpan.FromMilliseconds(6);
            options.CommitInterval = TimeSpan.FromMilliseconds(1);
            options.SegmentBytes = 1 << 20;
            configure?.Invoke(options);
        });
        _services = services.BuildServiceProvider();
    }

    public MemoryStore Store { get; }

    public ITelemetryIntake Intake => _services.GetRequiredService<ITelemetryIntake>();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public async Task<PipelineHarness> StartAsync()
    {
        await Get<TelemetryPipeline>().StartAsync(CancellationToken.None);
        await Until(() => Intake.CanAccept(out var refusal) || refusal.Code != "starting");
        return this;
    }

    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await Get<TelemetryPipeline>().StopAsync(limit.Token);
        }
    }

    public void Append(IEnumerable<int> numbers, int payloadBytes = 100)
    {
        foreach (var number in numbers)
        {
            Assert.True(Intake.TryAppend(Records.Observation(number, payloadBytes), out var refusal), refusal.Code);
        }
    }

    public Task StoredAsync() => Get<TelemetryPipeline>().WhenStoredAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

    public static async Task Until(Func<bool> condition)
    {
        for (var i = 0; i < 3_000; i++)
        {
            if (condition())
            {
                return;
            }
            await Task.Delay(10);
        }
        Assert.Fail("It did not happen within 30 seconds.");
    }

    /// <summary>Stops in order. Without <see cref="StopAsync"/> before, the pipeline is left as a crash would leave it.</summary>
    public async ValueTask DisposeAsync() => await _services.DisposeAsync();
}
