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
