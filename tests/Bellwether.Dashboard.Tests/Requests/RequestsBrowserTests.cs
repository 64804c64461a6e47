using Bellwether.Primitives;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

[Collection(nameof(RequestsCollection))]
public sealed class RequestsBrowserTests(RequestsServer server, Browser browser)
{
    private const string Rows = ".requests__row:not(.requests__row--head):not(.requests__row--skeleton)";

    public static TheoryData<int, ColorScheme> Looks => OverviewBrowserTests.Looks;

    [Theory, MemberData(nameof(Looks))]
    public async Task The_list_shows_calls_facets_and_volume_and_breaks_no_rule(int width, ColorScheme scheme)
    {
        await using var watched = await OpenAsync("/p/default/requests?from=now-24h&to=now", width, scheme);
        var page = watched.Page;
        await Assertions.Expect(page.Locator(".volume svg rect").First).ToBeAttachedAsync();
        await Assertions.Expect(page.Locator(".facet__count").First).ToBeAttachedAsync();
        await watched.PictureAsync($"requests-full-{width}-{scheme}".ToLowerInvariant(), fullPage: false);

        Assert.Empty(await watched.SeriousAxeViolationsAsync());
        Assert.Empty(watched.Complaints);
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }

    [Theory, MemberData(nameof(Looks))]
    public async Task The_page_of_a_call_shows_what_was_said_and_breaks_no_rule(int width, ColorScheme scheme)
    {
        await using var watched = await browser.OpenAsync(server.Url, width, 900, scheme);
        var page = watched.Page;
        foreach (var (name, request) in new[] { ("agent", server.Agent), ("failed", server.Failed) })
        {
            await page.GotoAsync($"/p/default/requests/{request.Id}");
            await Assertions.Expect(page.Locator(".chat__message").First).ToBeVisibleAsync();
            await watched.PictureAsync($"request-{name}-{width}-{scheme}".ToLowerInvariant());
            Assert.Empty(await watched.SeriousAxeViolationsAsync());
        }
        await page.GotoAsync($"/p/default/requests/{server.Agent.Id}?tab=raw");
        await Assertions.Expect(page.Locator(".raw__line").First).ToBeVisibleAsync();
        await watched.PictureAsync($"request-raw-{width}-{scheme}".ToLowerInvariant());
        Assert.Empty(await watched.SeriousAxeViolationsAsync());
        Assert.Empty(watched.Complaints);
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }

    private async Task<WatchedPage> OpenAsync(string url, int width = 1440, ColorScheme scheme = ColorScheme.Light)
    {
        var watched = await browser.OpenAsync(server.Url, width, 900, scheme);
        await watched.Page.GotoAsync(url);
        await Assertions.Expect(watched.Page.Locator(Rows).First).ToBeVisibleAsync();
        return watched;
    }
}
