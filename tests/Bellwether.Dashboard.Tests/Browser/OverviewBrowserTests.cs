using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

[Collection(nameof(DashboardCollection))]
public sealed class OverviewBrowserTests(DashboardServer server, Browser browser)
{
    public static TheoryData<int, ColorScheme> Looks => new()
    {
        { 1440, ColorScheme.Light }, { 1440, ColorScheme.Dark }, { 390, ColorScheme.Light }, { 390, ColorScheme.Dark },
    };

    [Theory, MemberData(nameof(Looks))]
    public async Task The_full_overview_draws_every_chart_and_breaks_no_rule(int width, ColorScheme scheme)
    {
        await using var watched = await browser.OpenAsync(server.Url, width, 900, scheme);
        var page = watched.Page;
        await page.GotoAsync("/p/default?from=now-24h&to=now&compare=1");
        await watched.ExpectAsync(".bw-chart__plot[data-drawn]", 6);
        await watched.PictureAsync($"overview-full-{width}-{scheme}".ToLowerInvariant());

        Assert.Empty(await watched.SeriousAxeViolationsAsync());
        Assert.Empty(watched.Complaints);
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.Equal(0, overflow);
    }
}

[CollectionDefinition(nameof(DashboardCollection))]
public sealed class DashboardCollection : ICollectionFixture<DashboardServer>, ICollectionFixture<Browser>;
