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
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }

    [Theory, InlineData(1440), InlineData(390)]
    public async Task A_project_without_any_call_shows_how_to_send_the_first(int width)
    {
        await using var watched = await browser.OpenAsync(server.Url, width);
        await watched.Page.GotoAsync("/p/empty");
        await Assertions.Expect(watched.Page.GetByText("Waiting for the first call")).ToBeVisibleAsync();
        await Assertions.Expect(watched.Page.Locator("#bw-snippet")).ToContainTextAsync(server.Url + "/v1/chat/completions");
        await watched.PictureAsync($"overview-empty-{width}");
        Assert.Empty(await watched.SeriousAxeViolationsAsync());
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task A_filter_that_matches_nothing_is_not_taken_for_a_new_project()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        await watched.Page.GotoAsync("/p/default?q=model:none-such");
        await Assertions.Expect(watched.Page.GetByText("Nothing in this time range").First).ToBeVisibleAsync();
        await Assertions.Expect(watched.Page.GetByText("Waiting for the first call")).ToHaveCountAsync(0);
        await watched.PictureAsync("overview-filtered-empty");
    }

    [Fact]
    public async Task A_slow_store_shows_skeletons_and_a_failing_one_a_retry_that_works()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        server.Store.Hang();
        try
        {
            await page.GotoAsync("/p/default?from=now-24h&to=now");
            await Assertions.Expect(page.Locator(".bw-panel .bw-skeleton").First).ToBeVisibleAsync();
            await watched.PictureAsync("overview-loading");
            server.Store.Fails = true;
            server.Store.Resume();
            await Assertions.Expect(page.GetByText("The overview could not be read")).ToBeVisibleAsync();
            await watched.PictureAsync("overview-error");
            Assert.Empty(await watched.SeriousAxeViolationsAsync());
        }
        finally
        {
            server.Store.Resume();
            server.Store.Fails = false;
        }
        await page.GetByText("Try again").ClickAsync();
        await watched.ExpectAsync(".bw-chart__plot[data-drawn]", 6);
    }
}

[CollectionDefinition(nameof(DashboardCollection))]
public sealed class DashboardCollection : ICollectionFixture<DashboardServer>, ICollectionFixture<Browser>;
