using Bellwether.Exchange;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Bunit;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Dashboard.Tests;

public sealed class ElementTests : BunitContext
{
    [Theory]
    [InlineData(PanelState.Loading, "role=\"status\""), InlineData(PanelState.Empty, "Choose a longer one"), InlineData(PanelState.Failed, "Could not be read"), InlineData(PanelState.Full, "<b>content</b>")]
    public void A_panel_draws_each_of_its_four_states(PanelState state, string expected)
    {
        var panel = Render<Panel>(parameters => parameters.Add(p => p.Title, "Latency").Add(p => p.State, state).AddChildContent("<b>content</b>"));
        Assert.Contains(expected, panel.Markup, StringComparison.Ordinal);
        Assert.Equal(state == PanelState.Full, panel.Markup.Contains("content</b>", StringComparison.Ordinal));
    }

    [Fact]
    public void A_failed_panel_can_be_tried_again()
    {
        var tries = 0;
        var panel = Render<Panel>(parameters => parameters.Add(p => p.Title, "Latency").Add(p => p.State, PanelState.Failed).Add(p => p.OnRetry, () => tries++));
        panel.Find("button").Click();
        Assert.Equal(1, tries);
    }

    [Fact]
    public void What_a_guard_found_is_told_in_words_and_not_as_said_by_the_caller()
    {
        Services.AddSingleton(TimeProvider.System).AddScoped<BrowserContext>();
        var observation = new Observation { Id = Guid.CreateVersion7(), Project = ProjectId.Default, StartTime = DateTimeOffset.UnixEpoch, Kind = ObservationKind.Llm, State = ObservationState.Refused, User = "mallory" };
        var finding = new CallFinding("injection", "block", "block", 0.9998, "messages[0].content 0-111", "user", "It asks to ignore earlier instructions.", "pol_1");
        var note = Render<FeedbackNote>(parameters => parameters.Add(p => p.Note, SecurityFindings.Annotate(finding, 0, observation)));
        Assert.Equal("Injection: blocked", note.Find(".bw-badge--bad").TextContent.Trim());
        Assert.Equal("score 1.00", note.Find(".bw-num").TextContent.Trim());
        Assert.Equal("It asks to ignore earlier instructions.", note.Find(".note__text").TextContent.Trim());
        Assert.DoesNotContain("mallory", note.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("pol_1", note.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Money_without_a_price_says_so() =>
        Assert.Contains("no price", Render<Money>(parameters => parameters.Add(p => p.Value, null)).Markup, StringComparison.Ordinal);

    [Fact]
    public void A_tile_tells_its_change_in_words_beside_the_arrow()
    {
        var tile = Render<StatTile>(parameters => parameters.Add(p => p.Label, "Error rate").Add(p => p.Href, "/x").Add(p => p.Value, "2 %").Add(p => p.Goal, Goal.Lower).Add(p => p.Change, Change.Of(0.02, 0.01)));
        Assert.Equal("100 % higher", tile.Find(".bw-delta--bad").TextContent.Trim());
    }

    [Theory]
    [InlineData(2d, 1d, "100 % higher"), InlineData(4d, 1d, "4.0 × before"), InlineData(1d, 1.001, "unchanged"), InlineData(0.5, 1d, "50 % lower"), InlineData(1d, 0d, "none before"), InlineData(1.032, 1d, "3.2 % higher")]
    public void A_change_is_told_in_words(double now, double before, string words) => Assert.Equal(words, Change.Of(now, before)!.Value.Words);

    [Fact]
    public void Nothing_is_not_compared_with_something()
    {
        Assert.Null(Change.Of(null, 5));
        Assert.Null(Change.Of(5, null));
    }

    [Fact]
    public void A_sparkline_breaks_where_there_is_no_data() =>
        Assert.Equal("M0,26.5L10,14.5M30,2.5L40,2.5", Sparkline.Draw([0, 1, null, 2, 2], 2, 40, 28).Line);
}
