using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Telemetry;

public sealed class PipelineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryStore _store = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Stores_what_was_accepted_in_order_and_shows_it_before()
    {
        await using var pipeline = await new PipelineHarness(_folder.Path, _store).StartAsync();
        _store.Down = true;
        pipeline.Append(Enumerable.Range(1, 100));
        Assert.Equal(100, Records.Number(pipeline.Intake.FindPending(Records.Id(100))!));
        var reader = new TelemetryReader(_store, pipeline.Intake, CaptureFilters.None, []);
        Assert.NotNull(await reader.ReadAsync(ProjectId.Default, Records.Id(7), CancellationToken.None));
        Assert.Null(await reader.ReadAsync(new ProjectId("other"), Records.Id(7), CancellationToken.None));

        _store.Down = false;
        await pipeline.StoredAsync();
        Assert.Equal(Enumerable.Range(1, 100), _store.Numbers);
        Assert.Null(pipeline.Intake.FindPending(Records.Id(100)));
        Assert.Equal(0, pipeline.Get<DeadLetters>().Count);
        await pipeline.StopAsync();
    }

    [Fact]
    public async Task What_waits_is_read_with_what_needs_no_memory()
    {
        await using var pipeline = await new PipelineHarness(_folder.Path, _store).StartAsync();
        _store.Down = true;
        pipeline.Append([1]);

        var detail = await new TelemetryReader(_store, pipeline.Intake, CaptureFilters.None, [new ForReaders(), new Renaming()]).ReadAsync(ProjectId.Default, Records.Id(1), CancellationToken.None);
        Assert.Equal(new Cost(1, 2, "test"), detail!.Observation.Cost);
        Assert.NotEqual("renamed", detail.Observation.Name);
        _store.Down = false;
        await pipeline.StopAsync();
    }

    private sealed class ForReaders : IObservationEnricher
    {
        public int Order => 200;

        public bool RunsForReaders => true;

        public TelemetryRecord Enrich(TelemetryRecord record) => record.With(record.Observation! with { Cost = new Cost(1, 2, "test") }, record.Payload);
    }

    [Fact]
    public async Task What_the_store_shows_already_is_never_read_without_what_the_pipeline_added()
    {
        var written = new TaskCompletionSource();
        _store.Written = written.Task;
        await using var pipeline = await new PipelineHarness(_folder.Path, _store, enrichers: new Renaming()).StartAsync();
        var span = Records.Observation(1);
        Assert.True(pipeline.Intake.TryAppend(TelemetryRecord.Of(span.Observation!, span.Payload, mayReplace: true), out _));
        await PipelineHarness.Until(() => _store.All.Length == 1);

        var reading = new TelemetryReader(_store, pipeline.Intake, CaptureFilters.None, []).ReadAsync(ProjectId.Default, Records.Id(1), CancellationToken.None).AsTask();
        written.SetResult();
        Assert.Equal("renamed", (await reading)!.Observation.Name);
        await pipeline.StopAsync();
    }

    [Fact]
    public async Task A_backlog_waits_in_the_journal_and_nothing_is_lost_or_doubled()
    {
        await using var pipeline = await new PipelineHarness(_folder.Path, _store, options => (options.QueueRecords, options.BatchRecords) = (10, 50)).StartAsync();
        _store.Down = true;
        pipeline.Append(Enumerable.Range(1, 2_000));
        Assert.Equal(2_000, pipeline.Get<SystemMonitor>().Read().LagRecords);
        // The places of a few are kept; the others are found when they are stored.
        Assert.NotNull(pipeline.Intake.FindPending(Records.Id(5)));
        Assert.Null(pipeline.Intake.FindPending(Records.Id(1_000)));
        _store.Down = false;
        pipeline.Append(Enumerable.Range(2_001, 500));
        await pipeline.StoredAsync();
        Assert.Equal(Enumerable.Range(1, 2_500), _store.Numbers);
        Assert.Equal(0, pipeline.Get<SystemMonitor>().Read().LagRecords);
        pipeline.Append([2_501]);
        Assert.NotNull(pipeline.Intake.FindPending(Records.Id(2_501)));
        await pipeline.StoredAsync();
        Assert.Equal(2_501, _store.Numbers.Length);
        await pipeline.StopAsync();
    }

    [Fact]
    public async Task In_memory_what_an_earlier_process_left_in_the_journal_comes_first()
    {
        _store.Down = true;
        await using (var earlier = await new PipelineHarness(_folder.Path, _store).StartAsync())
        {
            earlier.Append(Enumerable.Range(1, 300));
        }
        _store.Down = false;
        await using var pipeline = await new PipelineHarness(_folder.Path, _store, options => options.Durability = Durability.Memory).StartAsync();
        pipeline.Append(Enumerable.Range(301, 200));
        await pipeline.StoredAsync();
        Assert.Equal(Enumerable.Range(1, 500), _store.Numbers);
        await pipeline.StopAsync();
    }

    [Fact]
    public async Task Beyond_the_spool_new_records_are_refused_until_there_is_room()
    {
        await using var pipeline = await new PipelineHarness(_folder.Path, _store, options => options.SpoolBytes = 4 << 20).StartAsync();
        _store.Down = true;
        var accepted = 0;
        while (pipeline.Intake.TryAppend(Records.Observation(accepted + 1, 50_000), out _))
        {
            accepted++;
            Assert.True(accepted < 1_000);
        }
        Assert.False(pipeline.Intake.CanAccept(out var refusal));
        Assert.Equal("queue_full", refusal.Code);
        Assert.True(refusal.RetryAfterSeconds > 0);
        _store.Down = false;
        await pipeline.StoredAsync();
        Assert.Equal(accepted, _store.Numbers.Length);
        Assert.True(pipeline.Intake.CanAccept(out _));
        Assert.Equal("queue_full", Assert.Single(pipeline.Get<SystemMonitor>().Read().Refused).Name);
        await pipeline.StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_record_that_the_store_rejects_is_set_aside_and_can_be_replayed(bool saysWhy)
    {
        _store.SaysWhy = saysWhy;
        _store.Chokes = record => Records.Number(record) is 1 or 2 or 50 or 100;
        _store.Down = true;
        await using var pipeline = await new PipelineHarness(_folder.Path, _store, options => options.BatchAge = TimeSpan.FromMilliseconds(200)).StartAsync();
        pipeline.Append(Enumerable.Range(1, 100));
        _store.Down = false;
        await pipeline.StoredAsync();
        var letters = pipeline.Get<DeadLetters>();
        await PipelineHarness.Until(() => letters.Count == 4);
        Assert.Equal(Enumerable.Range(1, 100).Except([1, 2, 50, 100]), _store.Numbers);
        Assert.Equal([1, 2, 50, 100], letters.List(ProjectId.Default, 10).Select(letter => (int)letter.Sequence));
        Assert.Empty(letters.List(new ProjectId("other"), 10));

        _store.Chokes = _ => false;
        foreach (var letter in letters.List(null, 10))
        {
            Assert.True(pipeline.Intake.TryAppend(letters.Open(letter.Id)!, out _));
            letters.Remove(letter.Id);
        }
        await pipeline.StoredAsync();
        Assert.Equal(Enumerable.Range(1, 100), _store.Numbers.Order());
        Assert.Equal(0, letters.Count);
        await pipeline.StopAsync();
    }

    [Fact]
    public async Task A_store_that_is_down_makes_no_dead_letters()
    {
        _store.Down = true;
        await using var pipeline = await new PipelineHarness(_folder.Path, _store).StartAsync();
        pipeline.Append(Enumerable.Range(1, 50));
        await PipelineHarness.Until(() => pipeline.Get<SystemMonitor>().Read().StoreFailingFor > TimeSpan.FromSeconds(2));
        Assert.Equal(0, pipeline.Get<DeadLetters>().Count);
        Assert.True(pipeline.Intake.CanAccept(out _));
        _store.Down = false;
        await pipeline.StoredAsync();
        Assert.Equal(Enumerable.Range(1, 50), _store.Numbers);
        Assert.Equal(0, pipeline.Get<DeadLetters>().Count);
        await pipeline.StopAsync();
    }

    [Fact]
    public void A_suspect_that_the_store_has_passed_is_a_dead_letter_after_a_crash()
    {
        DeadLetters Open() => new(new DataFolder(_folder.Path), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<DeadLetters>.Instance);
        var before = Open();
        Assert.True(before.AddSuspect(new QueuedRecord(7, Records.Observation(7), 0), "store_rejected", new InvalidOperationException()));
        Assert.True(before.AddSuspect(new QueuedRecord(8, Records.Observation(8), 0), "store_rejected", new InvalidOperationException()));
        Assert.Equal(0, before.Count);
        var after = Open();
        after.Settle(7);
        Assert.Equal(7, Assert.Single(after.List(null, 10)).Sequence);
        Assert.True(after.Holds(7));
        Assert.False(after.Holds(8));
    }

    [Fact]
    public async Task A_record_that_breaks_an_enricher_does_not_hold_up_the_others()
    {
        await using var pipeline = await new PipelineHarness(_folder.Path, _store, enrichers: new BrokenFor(3)).StartAsync();
        pipeline.Append([1, 2, 3, 4]);
        await pipeline.StoredAsync();
        Assert.Equal([1, 2, 4], _store.Numbers);
        Assert.Equal("enricher_failed", Assert.Single(pipeline.Get<DeadLetters>().List(null, 10)).Reason);
        await pipeline.StopAsync();
    }

    [Fact]
    public async Task After_a_crash_the_journal_brings_the_store_what_it_misses_and_nothing_twice()
    {
        await using (var first = await new PipelineHarness(_folder.Path, _store).StartAsync())
        {
            first.Append(Enumerable.Range(1, 20));
            await first.StoredAsync();
            _store.Down = true;
            first.Append(Enumerable.Range(21, 20));
        }
        Assert.Equal(20, _store.Numbers.Length);
        _store.Down = false;
        await using var second = await new PipelineHarness(_folder.Path, _store).StartAsync();
        await second.StoredAsync();
        Assert.Equal(Enumerable.Range(1, 40), _store.Numbers);
        await PipelineHarness.Until(() => second.Get<Readiness>().IsReady);
        second.Append([41]);
        await second.StoredAsync();
        // Counters are of this process: what was replayed is not counted again.
        var writer = new ExpositionWriter(openMetrics: false);
        second.Get<AiMetrics>().Write(writer);
        Assert.Contains("ai_requests_total{model=\"gpt-4o\",endpoint=\"chat\",status=\"success\"} 1\n", writer.ToString(), StringComparison.Ordinal);
        await second.StopAsync();
    }

    [Fact]
    public async Task A_lost_journal_goes_on_behind_the_stores_position()
    {
        _store.Position = 1_000;
        await using var pipeline = await new PipelineHarness(_folder.Path, _store).StartAsync();
        pipeline.Append([1, 2]);
        await pipeline.StoredAsync();
        Assert.Equal(1_002, _store.Position);
        await pipeline.StopAsync();
    }

    [Fact]
    public async Task A_shutdown_stores_what_is_in_and_takes_nothing_more()
    {
        var pipeline = await new PipelineHarness(_folder.Path, _store, options => options.BatchAge = TimeSpan.FromSeconds(30)).StartAsync();
        pipeline.Append(Enumerable.Range(1, 300));
        await pipeline.StopAsync();
        Assert.Equal(300, _store.Numbers.Length);
        Assert.False(pipeline.Intake.TryAppend(Records.Observation(301), out var refusal));
        Assert.Equal("shutting_down", refusal.Code);
        Assert.False(pipeline.Get<Readiness>().IsReady);
        Assert.False(_store.Disposed);
        await pipeline.DisposeAsync();
    }

    [Fact]
    public async Task A_disk_without_space_refuses_at_once_and_recovers_by_itself()
    {
        var files = new FaultyFiles();
        await using var pipeline = await new PipelineHarness(_folder.Path, _store, files: files).StartAsync();
        var monitor = pipeline.Get<DiskMonitor>();
        pipeline.Append([1]);
        files.Volume = (1 << 20, 1L << 36);
        monitor.Check();
        Assert.False(pipeline.Intake.TryAppend(Records.Observation(2), out var refusal));
        Assert.Equal("disk_full", refusal.Code);
        files.Volume = (1L << 30, 1L << 36);
        monitor.Check();
        pipeline.Append([2]);

        // And when the disk fills faster than it is looked at, the write that fails says so itself.
        files.FailWriteAt(1, halfDone: true);
        Assert.False(pipeline.Intake.TryAppend(Records.Observation(3), out refusal));
        Assert.Equal("disk_full", refusal.Code);
        Assert.False(pipeline.Intake.CanAccept(out _));
        monitor.Check();
        pipeline.Append([3]);
        await pipeline.StoredAsync();
        Assert.Equal([1, 2, 3], _store.Numbers);
        await pipeline.StopAsync();
    }

    [Theory]
    [InlineData(Durability.Fsync)]
    [InlineData(Durability.Os)]
    [InlineData(Durability.Memory)]
    public async Task Every_durability_acknowledges_and_stores(Durability durability)
    {
        await using var pipeline = await new PipelineHarness(_folder.Path, _store, options => options.Durability = durability).StartAsync();
        for (var i = 0; i < 5; i++)
        {
            var records = Enumerable.Range((i * 10) + 1, 10).Select(number => Records.Observation(number)).ToArray();
            Assert.True((await pipeline.Intake.AppendAsync(records, CancellationToken.None)).Accepted);
        }
        Assert.Equal(durability, pipeline.Intake.Durability);
        await pipeline.StoredAsync();
        Assert.Equal(Enumerable.Range(1, 50), _store.Numbers);
        await pipeline.StopAsync();
    }

    [Fact]
    public async Task Many_writers_at_once_lose_and_double_nothing()
    {
        await using var pipeline = await new PipelineHarness(_folder.Path, _store, options => options.QueueRecords = 100).StartAsync();
        await Parallel.ForAsync(0, 8, async (writer, cancellationToken) =>
        {
            for (var i = 1; i <= 250; i++)
            {
                Assert.True((await pipeline.Intake.AppendAsync(new[] { Records.Observation((writer * 250) + i) }, cancellationToken)).Accepted);
            }
        });
        await pipeline.StoredAsync();
        Assert.Equal(Enumerable.Range(1, 2_000), _store.Numbers.Order());
        await pipeline.StopAsync();
    }

    private sealed class BrokenFor(int number) : IObservationEnricher
    {
        public int Order => 100;

        public TelemetryRecord Enrich(TelemetryRecord record) =>
            Records.Number(record) == number ? throw new InvalidOperationException("Broken.") : record;
    }

    private sealed class Renaming : IObservationEnricher
    {
        public int Order => 0;

        public TelemetryRecord Enrich(TelemetryRecord record) => record.With(record.Observation! with { Name = "renamed" }, record.Payload);
    }
}
