using System.Globalization;

namespace Bellwether.Dashboard.Tests;

public sealed class TimeExpressionTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("now", false, "2026-11-23T21:30:15Z")]
    [InlineData("now-6h", false, "2026-11-23T15:30:15Z")]
    [InlineData("now-1d", false, "2026-11-22T21:30:15Z")]
    [InlineData("now/d", false, "2026-11-22T23:00:00Z")]
    [InlineData("now/d", true, "2026-11-23T23:00:00Z")]
    [InlineData("now-1d/d", false, "2026-11-21T23:00:00Z")]
    [InlineData("now/w", false, "2026-11-22T23:00:00Z")]
    [InlineData("now-1M/M", false, "2026-09-30T22:00:00Z")]
    [InlineData("2026-11-20T10:00:00Z", false, "2026-11-20T10:00:00Z")]
    [InlineData("1763632800000", false, "2025-11-20T10:00:00Z")]
    public void An_expression_is_an_instant_of_the_viewers_calendar(string text, bool isEnd, string expected)
    {
        var now = DateTimeOffset.Parse("2026-11-23T21:30:15Z", CultureInfo.InvariantCulture);
        Assert.True(TimeExpression.TryResolve(text, now, Berlin, isEnd, out var time));
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), time);
    }

    [Theory]
    [InlineData(""), InlineData("now-"), InlineData("now-6"), InlineData("now-6x"), InlineData("now/x"), InlineData("nowhere"), InlineData("now-9999999d"), InlineData("now-999999y"), InlineData("yesterday")]
    public void What_is_not_an_expression_is_refused(string text) =>
        Assert.False(TimeExpression.TryResolve(text, DateTimeOffset.UnixEpoch.AddYears(56), Berlin, false, out _));

    [Fact]
    public void A_day_ago_is_the_same_hour_across_the_change_of_clocks()
    {
        var monday = DateTimeOffset.Parse("2026-10-26T08:00:00Z", CultureInfo.InvariantCulture);
        Assert.True(TimeExpression.TryResolve("now-2d", monday, Berlin, false, out var saturday));
        Assert.Equal(DateTimeOffset.Parse("2026-10-24T07:00:00Z", CultureInfo.InvariantCulture), saturday);
    }
}
