using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

[Collection(nameof(SecurityCollection))]
public sealed class SecurityBrowserTests(SecurityServer server, Browser browser)
{
    public static TheoryData<int, ColorScheme> Looks => OverviewBrowserTests.Looks;

    [Theory, MemberData(nameof(Looks))]
    public async Task The_page_breaks_no_rule_and_fits_the_window(int width, ColorScheme scheme)
    {
        await using var watched = await server.OpenAsync(browser, "/p/default/security", width: width, scheme: scheme);
        var page = watched.Page;
        var look = $"{width}-{scheme}".ToLowerInvariant();
        await Assertions.Expect(page.Locator(".security__row")).ToHaveCountAsync(50);
        await Assertions.Expect(page.Locator(".bw-chart__plot[data-drawn]")).ToHaveCountAsync(1);
        await watched.ExpectSoundAsync($"security-{look}");
        await watched.GoAsync("/p/default/security?kind=leak");
        await Assertions.Expect(page.GetByText("No event matches")).ToBeVisibleAsync();
        await watched.ExpectSoundAsync($"security-none-{look}");
        await watched.GoAsync("/p/search-team/security");
        await Assertions.Expect(page.GetByText("No call was checked in this time range")).ToBeVisibleAsync();
        await watched.ExpectSoundAsync($"security-never-{look}");
        await watched.GoAsync("/p/quiet/security");
        await Assertions.Expect(page.GetByText("Nothing was found in 12 checked calls")).ToBeVisibleAsync();
        await watched.ExpectSoundAsync($"security-quiet-{look}");
        // An attack by its own call: what was found stands marked in the conversation and in the finding.
        await watched.GoAsync("/p/default/security?kind=injection&endpoint=support&user=mallory");
        await page.GetByRole(AriaRole.Link, new() { Name = "Request", Exact = true }).First.ClickAsync();
        await Assertions.Expect(page.Locator(".chat__marked mark").First).ToContainTextAsync("previous instructions");
        await Assertions.Expect(page.Locator(".request__excerpt mark").First).ToBeVisibleAsync();
        await watched.ExpectSoundAsync($"security-request-{look}");
    }

    [Fact]
    public async Task Filters_stand_in_the_URL_and_the_rows_follow_them()
    {
        await using var watched = await server.OpenAsync(browser, "/p/default/security?from=now-12h&to=now");
        var page = watched.Page;
        await page.GetByRole(AriaRole.Group, new() { Name = "Kind" }).GetByRole(AriaRole.Link, new() { NameRegex = new Regex("Injection") }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("kind=injection"));
        await Assertions.Expect(page.Locator(".security__what strong").Filter(new() { HasNotText = "Injection" })).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".security__row").First).ToContainTextAsync("Injection");
        await page.GetByRole(AriaRole.Group, new() { Name = "Endpoint" }).GetByRole(AriaRole.Link, new() { NameRegex = new Regex("support") }).ClickAsync();
        await Assertions.Expect(page.Locator(".security__endpoint").Filter(new() { HasNotText = "support" })).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".security__endpoint").First).ToHaveTextAsync("support");
        await watched.ReloadAsync();
        await Assertions.Expect(page.Locator(".security__endpoint").First).ToHaveTextAsync("support");
        var few = await page.Locator(".security__row").CountAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "mallory", Exact = true }).First.ClickAsync();
        await Assertions.Expect(page.Locator(".security__who").Filter(new() { HasNotText = "mallory" })).ToHaveCountAsync(0);
        await page.GoBackAsync();
        await watched.ExpectAsync(".security__row", few);
        await watched.GoAsync("/p/default/security?kind=pattern&user=%3Cb%3Eeve%3C/b%3E");
        // Drawn as text, whatever it is.
        await Assertions.Expect(page.Locator(".bw-page__actions")).ToContainTextAsync("<b>eve</b>");
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Older_events_are_a_link_away_and_all_that_match_come_as_a_file()
    {
        await using var watched = await server.OpenAsync(browser, "/p/default/security?from=now-12h&to=now");
        var page = watched.Page;
        var first = await page.Locator(".security__row").First.InnerTextAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Older events" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Newest events" })).ToBeVisibleAsync();
        Assert.NotEqual(first, await page.Locator(".security__row").First.InnerTextAsync());
        foreach (var (name, begins) in new[] { ("CSV", "id,time,kind,action"), ("JSONL", "{\"id\"") })
        {
            var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync());
            var text = await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
            Assert.StartsWith(begins, text, StringComparison.Ordinal);
            Assert.True(text.Split('\n').Length > 80);
        }
    }

    [Fact]
    public async Task A_store_that_fails_is_told_with_a_way_out()
    {
        await using var watched = await server.OpenAsync(browser, "/p/default/security");
        var page = watched.Page;
        await Assertions.Expect(page.Locator(".security__row").First).ToBeVisibleAsync();
        server.Store.Fails = true;
        try
        {
            await watched.ReloadAsync();
            await Assertions.Expect(page.GetByText("The security events could not be read")).ToBeVisibleAsync();
            await watched.PictureAsync("security-failed");
            Assert.Empty(await watched.SeriousAxeViolationsAsync());
        }
        finally
        {
            server.Store.Fails = false;
        }
        await page.GetByText("Try again").ClickAsync();
        await Assertions.Expect(page.Locator(".security__row").First).ToBeVisibleAsync();
    }
}
