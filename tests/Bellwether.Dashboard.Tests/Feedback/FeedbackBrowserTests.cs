using System.Text.RegularExpressions;
using Bellwether.Telemetry;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

[Collection(nameof(FeedbackCollection))]
public sealed class FeedbackBrowserTests(FeedbackServer server, Browser browser)
{
    [Theory, InlineData(1440, ColorScheme.Light), InlineData(390, ColorScheme.Dark)]
    public async Task The_page_shows_what_was_said_and_breaks_no_rule(int width, ColorScheme scheme)
    {
        await using var watched = await browser.OpenAsync(server.Url, width, 900, scheme);
        var page = watched.Page;
        var broken = new List<string>();
        foreach (var (name, path, wanted) in new[]
        {
            ("feedback", "/p/default/feedback", ".feedback__row"), ("feedback-never", "/p/empty/feedback", ".bw-empty pre"),
            ("feedback-none", "/p/default/feedback?q=nobody+said+this&user=ann", ".bw-empty"), ("feedback-request", $"/p/default/requests/{server.Call}", ".request__note"),
        })
        {
            await watched.GoAsync(path);
            await Assertions.Expect(page.Locator(wanted).First).ToBeVisibleAsync();
            await watched.PictureAsync($"{name}-{width}-{scheme}".ToLowerInvariant());
            broken.AddRange((await watched.SeriousAxeViolationsAsync()).Select(violation => $"{name}: {violation}"));
            if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") is > 0 and var over) { broken.Add($"{name}: {over} px too wide"); }
        }
        Assert.Empty(broken);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Filters_stand_in_the_URL_and_the_rows_follow_them()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await watched.GoAsync("/p/default/feedback");
        await page.GetByRole(AriaRole.Link, new() { Name = "Reports" }).ClickAsync();
        await watched.ExpectAsync(".feedback__row", 1);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("name=report"));
        // Drawn as text, whatever it is.
        await Assertions.Expect(page.Locator(".feedback__said")).ToContainTextAsync("<img src=x onerror=alert(1)>");
        await watched.ReloadAsync();
        await watched.ExpectAsync(".feedback__row", 1);
        await page.GetByRole(AriaRole.Link, new() { Name = "Thumbs down" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("name=user_feedback.*vote=down"));
        await watched.ExpectAsync(".feedback__row", 20);
        await page.GetByRole(AriaRole.Group, new() { Name = "Category" }).GetByRole(AriaRole.Link, new() { NameRegex = new Regex("incorrect") }).ClickAsync();
        await watched.ExpectAsync(".feedback__row", 1);
        await page.GoBackAsync();
        await watched.ExpectAsync(".feedback__row", 20);
        await watched.GoAsync("/p/default/feedback");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("NORWEGIAN");
        await page.Keyboard.PressAsync("Enter");
        await watched.ExpectAsync(".feedback__row", 1);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("q=NORWEGIAN"));
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Each_row_leads_to_what_it_was_said_of()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await watched.GoAsync("/p/default/feedback?user=ann&name=user_feedback");
        await page.GetByRole(AriaRole.Link, new() { Name = "Request", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".request__notes")).ToContainTextAsync("exactly what I needed");
        // Said before the call was stored: only its request id is known.
        await watched.GoAsync("/p/default/feedback?user=eve");
        await page.GetByRole(AriaRole.Link, new() { Name = "Request", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".requests__row .requests__open")).ToHaveCountAsync(1);
        await watched.GoAsync("/p/default/feedback?user=finn");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Trace", Exact = true })).ToHaveAttributeAsync("href", new Regex("0af7651916cd43dd8448eb211c80319c"));
    }

    [Fact]
    public async Task Older_feedback_is_a_click_away_and_new_feedback_comes_by_itself()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await watched.GoAsync("/p/default/feedback?name=user_feedback&user=user-3&user=user-4&user=user-5&user=user-6&user=user-7&user=user-8&user=user-9&user=user-10&user=user-11&user=user-12");
        await watched.ExpectAsync(".feedback__row", 50);
        await page.GetByRole(AriaRole.Button, new() { Name = "Older feedback" }).ClickAsync();
        await watched.ExpectAsync(".feedback__row", 52);
        await server.SayAsync(server.Vote("user_feedback", 1, TimeSpan.FromSeconds(1), "came by itself", user: "user-3") with { Time = TimeProvider.System.GetUtcNow() });
        await Assertions.Expect(page.Locator(".feedback__row").First).ToContainTextAsync("came by itself");
    }

    [Fact]
    public async Task A_store_that_is_slow_or_fails_is_told_with_a_way_out()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        server.Store.Hang();
        try
        {
            await watched.GoAsync("/p/default/feedback");
            await Assertions.Expect(page.Locator("main .bw-skeleton").First).ToBeVisibleAsync();
            server.Store.Fails = true;
            server.Store.Resume();
            await Assertions.Expect(page.GetByText("The feedback could not be read")).ToBeVisibleAsync();
            Assert.Empty(await watched.SeriousAxeViolationsAsync());
        }
        finally
        {
            server.Store.Resume();
            server.Store.Fails = false;
        }
        await page.GetByText("Try again").ClickAsync();
        await Assertions.Expect(page.Locator(".feedback__row").First).ToBeVisibleAsync();
    }
}
