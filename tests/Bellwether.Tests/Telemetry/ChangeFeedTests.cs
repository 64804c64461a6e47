using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Bellwether.Tests.Telemetry;

public sealed class ChangeFeedTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Calls_at_most_once_per_interval_and_loses_no_count()
    {
        var feed = new ChangeFeed(_clock, NullLogger<ChangeFeed>.Instance);
        var seen = new List<int>();
        using var subscription = feed.Subscribe(ProjectId.Default, TimeSpan.FromSeconds(1), change => seen.Add(change.Observations));
        for (var i = 1; i <= 20; i++)
        {
            feed.Publish([new SequencedRecord(i, Records.Observation(i))]);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(seen.Count, 2, 4);
        Assert.Equal(20, seen.Sum());
    }

    [Fact]
    public void Another_projects_data_and_a_subscription_that_ended_call_nobody()
    {
        var feed = new ChangeFeed(_clock, NullLogger<ChangeFeed>.Instance);
        var calls = 0;
        var subscription = feed.Subscribe(ProjectId.Default, TimeSpan.FromSeconds(1), _ => calls++);
        feed.Publish([new SequencedRecord(1, Records.Observation(1, project: "other"))]);
        _clock.Advance(TimeSpan.FromSeconds(5));
        subscription.Dispose();
        feed.Publish([new SequencedRecord(2, Records.Observation(2))]);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, calls);
    }

    [Fact]
    public void A_subscriber_that_fails_holds_up_nobody()
    {
        var feed = new ChangeFeed(_clock, NullLogger<ChangeFeed>.Instance);
        var calls = 0;
        using var broken = feed.Subscribe(ProjectId.Default, TimeSpan.FromSeconds(1), _ => throw new InvalidOperationException());
        using var sound = feed.Subscribe(ProjectId.Default, TimeSpan.FromSeconds(1), _ => calls++);
        feed.Publish([new SequencedRecord(1, Records.Observation(1))]);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Says_when_the_disk_will_be_full()
    {
        var forecast = new DiskForecast();
        for (var minute = 0; minute < 60; minute++)
        {
            Assert.True(minute > 15 || forecast.GrowthPerDay() is null);
            forecast.Add(_clock.GetUtcNow(), 1_000_000_000 - (minute * 1_000_000L));
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(1_440_000_000, forecast.GrowthPerDay()!.Value, 1.0);
    }
}
