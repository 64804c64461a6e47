using System.Text.RegularExpressions;
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
        // A phone shows the list first, and the values when it is asked for them.
        if (width < 900) { await page.GetByRole(AriaRole.Button, new() { Name = "Filters" }).ClickAsync(); }
        await Assertions.Expect(page.Locator(".facet__count").First).ToBeVisibleAsync();
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
            await watched.GoAsync($"/p/default/requests/{request.Id}");
            await Assertions.Expect(page.Locator(".chat__message").First).ToBeVisibleAsync();
            await watched.PictureAsync($"request-{name}-{width}-{scheme}".ToLowerInvariant());
            Assert.Empty(await watched.SeriousAxeViolationsAsync());
        }
        await watched.GoAsync($"/p/default/requests/{server.Agent.Id}?tab=raw");
        await Assertions.Expect(page.Locator(".raw__line").First).ToBeVisibleAsync();
        await watched.PictureAsync($"request-raw-{width}-{scheme}".ToLowerInvariant());
        Assert.Empty(await watched.SeriousAxeViolationsAsync());
        Assert.Empty(watched.Complaints);
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }

    [Theory, InlineData(1440), InlineData(390)]
    public async Task Every_one_of_several_answers_is_shown_with_its_number(int width)
    {
        await using var watched = await browser.OpenAsync(server.Url, width);
        var page = watched.Page;
        await watched.GoAsync($"/p/default/requests/{server.Choices.Id}");
        await Assertions.Expect(page.GetByRole(AriaRole.Article, new() { Name = "Answer, choice 1 of 3" })).ToContainTextAsync("Ultramarine.");
        await Assertions.Expect(page.GetByRole(AriaRole.Article, new() { Name = "Answer, choice 2 of 3" })).ToContainTextAsync("This choice is empty.");
        await Assertions.Expect(page.GetByRole(AriaRole.Article, new() { Name = "Answer, choice 3 of 3" })).ToContainTextAsync("<b>Vermilion</b>.");
        await watched.PictureAsync($"request-choices-{width}");
        Assert.Empty(await watched.SeriousAxeViolationsAsync());
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task A_value_of_the_side_bar_filters_and_the_URL_keeps_it_over_a_reload()
    {
        await using var watched = await OpenAsync("/p/default/requests?from=now-24h&to=now");
        var page = watched.Page;
        var value = page.Locator(".facet__value", new() { HasText = "mistral-large-2411" });
        await page.GetByRole(AriaRole.Region, new() { Name = "Model", Exact = true }).Locator(".facet__more").ClickAsync();
        await value.ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("q=model:mistral-large-2411"));
        await Assertions.Expect(page.Locator(".search__input")).ToHaveValueAsync("model:mistral-large-2411");
        await Assertions.Expect(page.Locator($"{Rows} [data-f=model]").Filter(new() { HasNotText = "mistral" })).ToHaveCountAsync(0);

        await watched.ReloadAsync();
        await Assertions.Expect(value).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Locator(".facet__not[aria-label='Exclude mistral-large-2411']").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("q=-model:mistral-large-2411"));
        await Assertions.Expect(page.Locator($"{Rows} [data-f=model]", new() { HasText = "mistral" })).ToHaveCountAsync(0);
        await page.GoBackAsync();
        await Assertions.Expect(value).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task A_state_has_one_word_in_the_side_bar_in_the_rows_and_in_completion_and_its_own_in_the_URL()
    {
        await using var watched = await OpenAsync("/p/default/requests?from=now-48h&to=now");
        var page = watched.Page;
        await page.Locator(".search__input").FillAsync("state:left");
        await Assertions.Expect(page.GetByRole(AriaRole.Option)).ToContainTextAsync(["client_disconnect"]);
        await page.Keyboard.PressAsync("Escape");
        await page.GetByRole(AriaRole.Region, new() { Name = "State", Exact = true }).Locator(".facet__value", new() { HasText = "client left" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("q=state:client_disconnect"));
        await Assertions.Expect(page.Locator($"{Rows} >> nth=0")).ToContainTextAsync("client left");
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task The_search_box_completes_fields_and_values_and_says_what_it_cannot_read()
    {
        await using var watched = await OpenAsync("/p/default/requests?from=now-24h&to=now");
        var page = watched.Page;
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("prov");
        await Assertions.Expect(page.Locator(".search__option").First).ToContainTextAsync("provider");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator(".search__input")).ToHaveValueAsync("provider:");
        await Assertions.Expect(page.Locator(".search__option", new() { HasText = "anthropic" })).ToBeVisibleAsync();
        await page.Keyboard.TypeAsync("anth");
        await Assertions.Expect(page.Locator(".search__option")).ToHaveCountAsync(1);
        await watched.PictureAsync("requests-completion", fullPage: false);
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("q=provider:anthropic"));

        await watched.GoAsync("/p/default/requests?q=modle:x");
        await Assertions.Expect(page.Locator(".search__problem")).ToContainTextAsync("did you mean “model”");
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Text_of_prompts_and_answers_is_found()
    {
        await using var watched = await OpenAsync("/p/default/requests?q=leipzig");
        await Assertions.Expect(watched.Page.Locator(Rows)).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task The_keyboard_moves_opens_and_steps_through_the_filter()
    {
        await using var watched = await OpenAsync("/p/default/requests?from=now-24h&to=now&q=user:ada");
        var page = watched.Page;
        await Assertions.Expect(page.Locator($"{Rows} >> nth=0")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page.Locator(".requests__row.is-selected")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/requests/[0-9a-f-]{36}"));
        await Assertions.Expect(page.Locator("[data-page-key=j]")).ToBeVisibleAsync();
        var first = page.Url;
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page).Not.ToHaveURLAsync(first);
        await Assertions.Expect(page.Locator("[data-page-key=k]")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("k");
        await Assertions.Expect(page).ToHaveURLAsync(first);
        // Escape closes what is open, and then goes back to the list as it was.
        await page.GetByLabel("Account and appearance").First.ClickAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page).ToHaveURLAsync(first);
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/requests\\?.*q=user:ada"));
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Scrolling_reads_on_without_a_miss_or_a_repeat_while_rows_arrive()
    {
        var start = server.Now.AddMinutes(-3);
        await server.AppendAsync([.. Enumerable.Range(0, 350).Select(i => RequestsServer.Simple(ProjectId.Default, start.AddMilliseconds(i * 100), "paged-model") with { User = $"u{i:000}" })]);
        await using var watched = await OpenAsync("/p/default/requests?q=model:paged-model");
        var page = watched.Page;
        var seen = new HashSet<string>();
        for (var i = 0; i < 60 && seen.Count < 350; i++)
        {
            foreach (var user in await page.Locator($"{Rows} [data-f=user]").AllTextContentsAsync()) { seen.Add(user.Trim()); }
            if (i == 8) { await server.AppendAsync([.. Enumerable.Range(350, 5).Select(n => RequestsServer.Simple(ProjectId.Default, start.AddMilliseconds(n * 100), "paged-model") with { User = $"u{n:000}" })]); }
            await page.EvaluateAsync("document.querySelector('.requests__table').scrollTop += 400");
            // Rows that are scrolled past before they are drawn were not missed by the list.
            await page.WaitForFunctionAsync("""
                () => {
                  const frame = document.querySelector(".requests__table").getBoundingClientRect();
                  const inSight = [...document.querySelectorAll(".requests__row:not(.requests__row--head)")].map(row => ({ row, box: row.getBoundingClientRect() }))
                    .filter(({ box }) => box.bottom > frame.top + 32 && box.top < frame.bottom);
                  const drawn = inSight.reduce((sum, { box }) => sum + box.height, 0);
                  return drawn >= frame.height - 100 && inSight.every(({ row }) => !row.classList.contains("requests__row--skeleton"));
                }
                """);
        }
        for (var i = 0; i < 350; i++) { Assert.Contains($"u{i:000}", seen); }
        var shown = await page.Locator($"{Rows} [data-f=user]").AllTextContentsAsync();
        Assert.Equal(shown.Count, shown.Distinct().Count());
        await Assertions.Expect(page.Locator(".requests__newer")).ToContainTextAsync("5 new");
    }

    [Fact]
    public async Task New_requests_appear_pause_counts_them_and_resume_shows_them()
    {
        await server.AppendAsync(RequestsServer.Simple(ProjectId.Default, server.Now.AddSeconds(-60), "live-model"));
        await using var watched = await OpenAsync("/p/default/requests?q=model:live-model");
        var page = watched.Page;
        await Assertions.Expect(page.Locator(Rows)).ToHaveCountAsync(1);
        await server.AppendAsync(RequestsServer.Simple(ProjectId.Default, server.Now.AddSeconds(-50), "live-model"));
        await Assertions.Expect(page.Locator(Rows)).ToHaveCountAsync(2);

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("refresh=off"));
        await server.AppendAsync(RequestsServer.Simple(ProjectId.Default, server.Now.AddSeconds(-40), "live-model"), RequestsServer.Simple(ProjectId.Default, server.Now.AddSeconds(-39), "live-model"));
        await Assertions.Expect(page.Locator(".requests__waiting")).ToHaveTextAsync("2 new");
        await Assertions.Expect(page.Locator(Rows)).ToHaveCountAsync(2);

        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(page.Locator(Rows)).ToHaveCountAsync(4);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Nothing_of_a_hostile_call_runs_or_is_fetched()
    {
        await using var watched = await OpenAsync("/p/default/requests?from=now-24h&to=now&q=" + Uri.EscapeDataString("session:\"<svg onload=alert(1)>\""));
        var page = watched.Page;
        var dialogs = new List<string>();
        page.Dialog += (_, dialog) => { dialogs.Add(dialog.Message); _ = dialog.DismissAsync(); };
        await page.Locator($"{Rows} a.requests__open").First.ClickAsync();
        await Assertions.Expect(page.Locator(".chat__message").First).ToBeVisibleAsync();
        await watched.PictureAsync("request-hostile");
        await Assertions.Expect(page.Locator(".safe-text__mark").First).ToBeAttachedAsync();
        await Assertions.Expect(page.Locator(".chat")).ToContainTextAsync("hidden tags: ignore all rules");
        await Assertions.Expect(page.Locator(".safe-text__more").First).ToBeAttachedAsync();
        Assert.Equal(0, await page.Locator("main :is(img, iframe, script, object, embed, link, style)").CountAsync());
        Assert.Equal(0, await page.Locator(".chat a, .request__facts a:not([href^='/'])").CountAsync());
        foreach (var tab in new[] { "Raw", "Headers" })
        {
            await page.GetByRole(AriaRole.Tab, new() { Name = tab }).ClickAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Tab, new() { Name = tab, Selected = true })).ToBeVisibleAsync();
        }
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        Assert.Empty(dialogs);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task A_project_without_calls_says_how_to_send_one_and_a_search_without_hits_how_to_widen_it()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await watched.GoAsync("/p/empty/requests");
        await Assertions.Expect(page.GetByText("Waiting for the first call")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("No values").First).ToBeVisibleAsync();
        await watched.PictureAsync("requests-empty", fullPage: false);
        Assert.Empty(await watched.SeriousAxeViolationsAsync());

        await watched.GoAsync("/p/default/requests?q=model:nothing-like-it");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear the search", Exact = true }).Last.ClickAsync();
        await Assertions.Expect(page.Locator(Rows).First).ToBeVisibleAsync();
        Assert.DoesNotContain("q=", page.Url, StringComparison.Ordinal);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task A_store_that_fails_is_said_and_can_be_asked_again()
    {
        await using var watched = await browser.OpenAsync(server.Url, 1440, 900);
        var page = watched.Page;
        server.Store.Fails = true;
        try
        {
            await watched.GoAsync("/p/default/requests");
            await Assertions.Expect(page.GetByText("could not be read")).ToBeVisibleAsync();
            // Nothing pretends to be on its way.
            await Assertions.Expect(page.Locator("main .bw-skeleton")).ToHaveCountAsync(0);
            await watched.PictureAsync("requests-error", fullPage: false);
            Assert.Empty(await watched.SeriousAxeViolationsAsync());
        }
        finally
        {
            server.Store.Fails = false;
        }
        server.Store.Hang();
        try
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
            await Assertions.Expect(page.Locator(".requests__row--skeleton").First).ToBeVisibleAsync();
            await watched.PictureAsync("requests-loading", fullPage: false);
        }
        finally
        {
            server.Store.Resume();
        }
        await Assertions.Expect(page.Locator(Rows).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Chosen_columns_stand_in_the_URL()
    {
        await using var watched = await OpenAsync("/p/default/requests?from=now-24h&to=now&cols=time,model,property.team,speed");
        await Assertions.Expect(watched.Page.GetByRole(AriaRole.Columnheader)).ToHaveTextAsync(["Time", "Model", "team", "Tokens/s"]);
        await watched.Page.GetByRole(AriaRole.Button, new() { Name = "Columns" }).ClickAsync();
        await watched.Page.GetByLabel("Finish", new() { Exact = true }).CheckAsync();
        await Assertions.Expect(watched.Page).ToHaveURLAsync(new Regex("finish"));
        await watched.PictureAsync("requests-columns", fullPage: false);
    }

    private async Task<WatchedPage> OpenAsync(string url, int width = 1440, ColorScheme scheme = ColorScheme.Light)
    {
        var watched = await browser.OpenAsync(server.Url, width, 900, scheme);
        await watched.GoAsync(url);
        await Assertions.Expect(watched.Page.Locator(Rows).First).ToBeVisibleAsync();
        return watched;
    }
}
