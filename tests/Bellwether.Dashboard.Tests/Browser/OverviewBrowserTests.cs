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
        await watched.GoAsync("/p/default?from=now-24h&to=now&compare=1");
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
        await watched.GoAsync("/p/empty");
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
        await watched.GoAsync("/p/default?q=model:none-such");
        await Assertions.Expect(watched.Page.GetByText("No request matches the filter")).ToBeVisibleAsync();
        await Assertions.Expect(watched.Page.GetByText("Waiting for the first call")).ToHaveCountAsync(0);
        await watched.PictureAsync("overview-filtered-empty");
        Assert.Empty(await watched.SeriousAxeViolationsAsync());
        await watched.Page.GetByRole(AriaRole.Link, new() { Name = "Clear the filter", Exact = true }).ClickAsync();
        await watched.ExpectAsync(".bw-chart__plot[data-drawn]", 6);
        Assert.DoesNotContain("q=", watched.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_panel_that_a_filter_leaves_empty_offers_to_clear_it()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        // Embeddings are never streamed, so that one panel has nothing while the others have.
        await watched.GoAsync("/p/default?from=now-24h&to=now&q=model:text-embedding-3-small");
        var panel = watched.Page.GetByRole(AriaRole.Region, new() { Name = "Time to first token" });
        await Assertions.Expect(panel).ToContainTextAsync("The filter may be why");
        await panel.GetByRole(AriaRole.Link, new() { Name = "Clear the filter" }).ClickAsync();
        await watched.ExpectAsync(".bw-chart__plot[data-drawn]", 6);
    }

    [Theory, InlineData("/p/default"), InlineData("/p/default/requests")]
    public async Task A_misspelt_filter_is_an_error_that_names_the_mistake(string path)
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await watched.GoAsync(path + "?from=now-24h&to=now&q=modle:gpt-4o-mini");
        var alert = page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "The filter cannot be read" });
        await Assertions.Expect(alert).ToContainTextAsync("There is no field “modle”; did you mean “model”?");
        await Assertions.Expect(page.Locator("main .bw-skeleton")).ToHaveCountAsync(0);
        Assert.Empty(await watched.SeriousAxeViolationsAsync());
        await alert.GetByRole(AriaRole.Link, new() { Name = "Clear the filter" }).ClickAsync();
        await Assertions.Expect(page.Locator(".bw-chart__plot[data-drawn], .requests__row .requests__open").First).ToBeVisibleAsync();
        Assert.DoesNotContain("q=", page.Url, StringComparison.Ordinal);

        // The same mistake made on a page that shows something: nothing may stand there as if it had been filtered.
        await page.EvaluateAsync("to => Blazor.navigateTo(to)", path + "?from=now-24h&to=now&q=latency_ms:fast");
        await Assertions.Expect(alert).ToContainTextAsync("latency_ms");
        await Assertions.Expect(page.Locator(".bw-tile, .requests__open")).ToHaveCountAsync(0);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task A_slow_store_shows_skeletons_and_a_failing_one_a_retry_that_works()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        server.Store.Hang();
        try
        {
            await watched.GoAsync("/p/default?from=now-24h&to=now");
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
