using Bellwether.Exports;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Bellwether.Tests.Telemetry;

/// <summary>Which days go, and when.</summary>
public sealed class RetentionTests : IDisposable
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_midnight = s_noon.AddHours(-12);
    private readonly TemporaryFolder _folder = new();
    private readonly JumpingClock _clock = new(s_noon);
    private readonly MemoryStore _store = new();
    private readonly Copies _copies = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 0, null, null)]
    [InlineData(30, 7, -30, -7)]
    [InlineData(30, 0, -30, -30)]
    [InlineData(0, 7, null, -7)]
    [InlineData(7, 30, -7, -7)]
    public async Task Whole_days_go_and_texts_never_stay_longer_than_the_rest(int days, int textDays, int? metrics, int? texts)
    {
        await using var pipeline = await new PipelineHarness(_folder.Path, _store).StartAsync();
        using var retention = Retention(pipeline, days, textDays);

        await retention.DropAsync(CancellationToken.None);

        Assert.Equal(texts is null ? [] : [(Day(metrics), Day(texts))], _store.Dropped);
        Assert.Equal(texts is null ? 0 : 1, _copies.Asked);
    }

    [Fact]
    public async Task The_same_days_are_dropped_once_and_again_when_copies_were_left()
    {
        await using var pipeline = await new PipelineHarness(_folder.Path, _store).StartAsync();
        using var retention = Retention(pipeline, days: 30, textDays: 7);
        _copies.Fails = true;
        await Assert.ThrowsAsync<IOException>(() => retention.DropAsync(CancellationToken.None));
        _copies.Fails = false;
        await retention.DropAsync(CancellationToken.None);
        await retention.DropAsync(CancellationToken.None);
        Assert.Equal(2, _copies.Asked);

        _clock.Advance(TimeSpan.FromHours(12));
        await retention.DropAsync(CancellationToken.None);

        Assert.Equal((Day(-29), Day(-6)), _store.Dropped[^1]);
        Assert.Equal((3, 3), (_store.Dropped.Count, _copies.Asked));
    }

    [Fact]
    public async Task A_clock_that_jumps_ahead_makes_nothing_old()
    {
        await using var pipeline = await new PipelineHarness(_folder.Path, _store).StartAsync();
        using var retention = Retention(pipeline, days: 30, textDays: 0);

        _clock.Jump = TimeSpan.FromDays(90);
        await retention.DropAsync(CancellationToken.None);

        Assert.Equal([(Day(-30), Day(-30))], _store.Dropped);
    }

    [Fact]
    public async Task Dead_letters_go_with_the_day_of_what_they_hold()
    {
        var letters = new DeadLetters(new DataFolder(_folder.Path), _clock, NullLogger<DeadLetters>.Instance);
        var sequence = 0L;
        foreach (var days in (int[])[-31, -8, -7, 0])
        {
            Set(TelemetryRecord.Of(Records.Observation(1).Observation! with { StartTime = Day(days) }, ObservationPayload.Empty));
            Set(TelemetryRecord.Of(new Annotation { Id = Guid.CreateVersion7(), Project = ProjectId.Default, Time = Day(days), ObservationId = Guid.Empty, Name = "vote", Source = "user" }));
        }
        Assert.True(letters.AddUndecodable(++sequence, "old"u8));
        _clock.Advance(TimeSpan.FromDays(8));
        Assert.True(letters.AddUndecodable(++sequence, "new"u8));

        // Of 38 days everything is kept, of 15 the texts: the clock is eight days on.
        await new DeadLetterCopies(letters).DropAsync(new DroppedTexts(_store, Day(-30), Day(-7), Day(8), _ => Task.CompletedTask), CancellationToken.None);

        // Votes have no texts of a day of their own; 5 and 7 are the observations of the last two days.
        Assert.Equal([4, 5, 6, 7, 8, 9, 10], letters.List(null, 100).Select(letter => letter.Sequence));
        await new DeadLetterCopies(letters).DropAsync(new DroppedTexts(_store, Day(-30), Day(1), Day(8), _ => Task.CompletedTask), CancellationToken.None);
        Assert.Equal([4, 6, 8, 10], letters.List(null, 100).Select(letter => letter.Sequence));
        Assert.True(letters.Holds(1));

        void Set(TelemetryRecord record) => Assert.True(letters.Add(new QueuedRecord(++sequence, record, 0), "store_rejected", new IOException()));
    }

    [Fact]
    public async Task Files_of_exports_go_that_hold_a_day_which_went_after_they_were_made()
    {
        var exports = new ExportStore(new DataFolder(_folder.Path));
        var old = Made(from: -31, days: -1);
        var texts = Made(from: -8, days: -1) with { Texts = true };
        var figures = Made(from: -8, days: -1);
        // What it asked for was gone already when it was made.
        var late = Made(from: -90, days: 0);
        foreach (var export in (Export[])[old, texts, figures, late])
        {
            Assert.True(exports.TryAdd(export, 10));
            await File.WriteAllTextAsync(exports.FilePath(export), "{}");
        }

        await new ExportCopies(exports, _clock).DropAsync(new DroppedTexts(_store, Day(-30), Day(-7), Day(0), _ => Task.CompletedTask), CancellationToken.None);

        Assert.Equal(
            [(ExportState.Erased, false), (ExportState.Erased, false), (ExportState.Done, true), (ExportState.Done, true)],
            new[] { old, texts, figures, late }.Select(export => (exports.Find(export.Id)!.State, File.Exists(exports.FilePath(export)))));
        Assert.Contains("Retention", exports.Find(old.Id)!.Problem, StringComparison.Ordinal);

        static Export Made(int from, int days) => new()
        {
            Id = Guid.CreateVersion7(), Project = "default", Format = ExportFormat.Jsonl, From = Day(from), To = s_noon, State = ExportState.Done, FileBytes = 2, CreatedAt = s_noon.AddDays(days),
        };
    }

    private static DateTimeOffset Day(int? days) => days is { } some ? s_midnight.AddDays(some) : DateTimeOffset.MinValue;

    private TelemetryRetention Retention(PipelineHarness pipeline, int days, int textDays) => new(
        _store, pipeline.Get<TelemetryPipeline>(), [_copies], Options.Create(new RetentionOptions { Days = days, TextDays = textDays }), _clock, NullLogger<TelemetryRetention>.Instance);

    /// <summary>Its wall clock can be put forward without time passing.</summary>
    private sealed class JumpingClock(DateTimeOffset start) : TimeProvider
    {
        private TimeSpan _passed;

        public TimeSpan Jump { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => start + _passed + Jump;

        public override long GetTimestamp() => _passed.Ticks;

        public void Advance(TimeSpan time) => _passed += time;
    }

    private sealed class Copies : ITelemetryCopies
    {
        public string Name => "some";

        public bool Fails { get; set; }

        public int Asked { get; private set; }

        public Task<long> EraseAsync(Erasure erasure, CancellationToken cancellationToken) => Task.FromResult(0L);

        public async Task DropAsync(DroppedTexts dropped, CancellationToken cancellationToken)
        {
            Asked++;
            await dropped.SettleAsync(cancellationToken);
            if (Fails)
            {
                throw new IOException("The disk fails.");
            }
        }
    }
}
