using Bellwether.Primitives;

namespace Bellwether.Dashboard.Tests;

public sealed class ViewStateTests
{
    [Fact]
    public void A_state_survives_its_own_query_string()
    {
        var state = new ViewState { From = "now-1d/d", To = "now/d", Compare = true, Refresh = Refresh.Parse("30s"), Utc = true, Filter = "model:\"a b\" -state:ok & more" };
        Assert.Equal(state, ViewState.Parse("http://host/p/x" + state.ToQuery()));
    }

    [Fact]
    public void Defaults_leave_the_address_clean() => Assert.Equal("/p/default", new ViewState().Apply("/p/default"));

    [Fact]
    public void Other_keys_of_the_address_stay() =>
        Assert.Equal("/p/x/requests?from=now-1h&to=now&columns=a,b", Uri.UnescapeDataString((new ViewState { From = "now-1h" }).Apply("/p/x/requests?columns=a,b&from=now-7d&to=now&q=old")));

    [Fact]
    public void Another_range_or_filter_begins_at_the_first_page()
    {
        Assert.Equal("/p/x/sessions?q=chat&columns=a", new ViewState { Filter = "chat" }.Apply("/p/x/sessions?columns=a&cursor=AbC-_"));
        var next = new ViewState { Filter = "chat" }.ApplyAt("/p/x/sessions?cursor=old", "AbC-_");
        Assert.Equal("/p/x/sessions?q=chat&cursor=AbC-_", next);
        Assert.Equal("AbC-_", ViewState.CursorOf(next));
        Assert.Null(ViewState.CursorOf("/p/x/sessions?q=cursor"));
    }

    [Theory]
    [InlineData("?from=rubbish&to=now"), InlineData("?from=now&to=now-6h"), InlineData("?from=now-1h&to=now-1h"), InlineData("?from=%00&to=%ff")]
    public void An_unreadable_range_is_the_last_six_hours(string query)
    {
        var now = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
        Assert.Equal(new TimeRange(now.AddHours(-6), now), ViewState.Parse("/p/x" + query).Resolve(now, TimeZoneInfo.Utc));
    }

    [Fact]
    public void A_zoomed_range_stands_still()
    {
        var range = new TimeRange(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 11, 23, 9, 30, 0, 500, TimeSpan.Zero));
        var zoomed = ViewState.Parse("/p/x" + new ViewState().WithRange(range).ToQuery());
        Assert.False(zoomed.IsRelative);
        Assert.Equal(range, zoomed.Resolve(range.To.AddDays(3), TimeZoneInfo.Utc));
    }
}
