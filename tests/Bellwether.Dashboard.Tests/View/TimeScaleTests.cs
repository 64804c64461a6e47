using Bellwether.Primitives;

namespace Bellwether.Dashboard.Tests;

public sealed class TimeScaleTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 7, 33, TimeSpan.Zero);

    [Theory]
    [InlineData(15, 10), InlineData(60, 60), InlineData(360, 300), InlineData(1440, 900), InlineData(10_080, 7200), InlineData(43_200, 21_600)]
    public void A_range_has_a_round_step_and_at_most_about_120_buckets(int minutes, int stepSeconds)
    {
        var scale = TimeScale.For(new TimeRange(Now.AddMinutes(-minutes), Now));
        Assert.Equal(TimeSpan.FromSeconds(stepSeconds), scale.Step);
        Assert.InRange(scale.Buckets.Length, 30, 121);
        Assert.All(scale.Buckets, bucket => Assert.Equal(0, bucket.ToUnixTimeSeconds() % stepSeconds));
    }

    [Fact]
    public void The_cut_buckets_at_both_ends_count_only_what_was_seen()
    {
        var scale = TimeScale.For(new TimeRange(Now.AddHours(-6), Now));
        Assert.Equal(TimeSpan.FromSeconds(147), scale.Covered(0));
        Assert.Equal(TimeSpan.FromSeconds(153), scale.Covered(scale.Buckets.Length - 1));
        Assert.Equal(TimeSpan.FromMinutes(5), scale.Covered(1));
        Assert.Equal(-1, scale.IndexOf(Now.AddHours(-7)));
        Assert.Equal(1, scale.IndexOf(scale.Buckets[1]));
    }
}
