using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

[Collection(nameof(DashboardCollection))]
public sealed class ShellBrowserTests(DashboardServer server, Browser browser)
{
    [Fact]
    public async Task The_keyboard_opens_the_palette_the_help_and_the_pages()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await watched.GoAsync("/p/default?from=now-24h&to=now");
        await watched.ExpectAsync(".bw-chart__plot[data-drawn]", 6);

        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.Locator("#bw-palette")).ToBeVisibleAsync();
        await page.Keyboard.TypeAsync("monitor req");
        await watched.PictureAsync("palette", fullPage: false);
        Assert.Empty(await watched.SeriousAxeViolationsAsync());
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#bw-palette")).ToBeHiddenAsync();

        await page.Keyboard.PressAsync("?");
        await Assertions.Expect(page.Locator("#bw-help")).ToBeVisibleAsync();
        await watched.PictureAsync("help", fullPage: false);
        await page.Keyboard.PressAsync("Escape");

        await page.Keyboard.PressAsync("t");
        await Assertions.Expect(page.Locator(".bw-time__menu")).ToBeVisibleAsync();
        await watched.PictureAsync("time-range", fullPage: false);
        Assert.Empty(await watched.SeriousAxeViolationsAsync());
        await page.Keyboard.PressAsync("Escape");

        await page.Keyboard.PressAsync("c");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("compare=1"));
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("r");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/p/default/requests.*from=now-24h"));
        Assert.Empty(watched.Complaints);
    }

    [Theory, InlineData("from=now-24h&to=now"), InlineData("from=2026-11-20T10:15:00Z&to=2026-11-27T23:45:00Z")]
    public async Task The_time_range_leaves_the_other_controls_their_place_on_a_small_phone(string range)
    {
        await using var watched = await browser.OpenAsync(server.Url, 360, 800, zone: "Asia/Kolkata");
        await watched.GoAsync($"/p/default/users?{range}");
        await Assertions.Expect(watched.Page.Locator(".bw-time__offset")).ToContainTextAsync("UTC+5:30");
        var last = (await watched.Page.Locator(".bw-split").BoundingBoxAsync())!;
        Assert.InRange(last.X + last.Width, 300, 360 - 16);
        Assert.Equal(0, await watched.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }

    [Theory, InlineData(1440, ColorScheme.Dark), InlineData(390, ColorScheme.Light)]
    public async Task Every_dialog_and_menu_of_the_frame_breaks_no_rule_while_it_is_open(int width, ColorScheme scheme)
    {
        await using var watched = await browser.OpenAsync(server.Url, width, 900, scheme);
        var page = watched.Page;
        await watched.GoAsync("/p/default/users?from=now-24h&to=now");
        await Assertions.Expect(page.Locator("table tbody a").First).ToBeVisibleAsync();
        var broken = new List<string>();
        foreach (var (key, opened) in new[] { ("Control+k", "#bw-palette"), ("?", "#bw-help") })
        {
            await page.Keyboard.PressAsync(key);
            await Assertions.Expect(page.Locator(opened)).ToBeVisibleAsync();
            broken.AddRange((await watched.SeriousAxeViolationsAsync()).Select(violation => $"{opened}: {violation}"));
            await page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(page.Locator(opened)).ToBeHiddenAsync();
        }
        var menus = page.Locator("[data-menu-button]:visible");
        Assert.InRange(await menus.CountAsync(), 4, 6);
        for (var menu = 0; menu < await menus.CountAsync(); menu++)
        {
            await menus.Nth(menu).ClickAsync();
            await Assertions.Expect(page.Locator("[data-menu].is-open")).ToHaveCountAsync(1);
            await watched.PictureAsync($"menu-{menu}-{width}-{scheme}".ToLowerInvariant(), fullPage: false);
            // What an open menu covers in part is no target until it is closed.
            broken.AddRange((await watched.SeriousAxeViolationsAsync("[data-menu].is-open")).Select(violation => $"menu {menu}: {violation}"));
            await page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(page.Locator("[data-menu].is-open")).ToHaveCountAsync(0);
        }
        Assert.Empty(broken);
        Assert.Empty(watched.Complaints);
    }

    [Theory]
    [InlineData("/p/default/users?from=now-7d", "End users")]
    [InlineData("/p/default/sessions/s-1?q=user:user-7&from=now-7d&to=now", "Sessions")]
    [InlineData("/p/default?from=now-7d", "Overview")]
    public async Task The_navigation_shows_where_one_is_however_the_view_is_written(string path, string label)
    {
        await using var watched = await browser.OpenAsync(server.Url);
        await watched.GoAsync(path);
        await Assertions.Expect(watched.Page.Locator(".bw-nav [aria-current=page]")).ToHaveTextAsync([new Regex("^" + label)]);
    }

    [Fact]
    public async Task Dragging_zooms_and_back_undoes_it()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await watched.GoAsync("/p/default?from=now-24h&to=now");
        await watched.ExpectAsync(".bw-chart__plot[data-drawn]", 6);
        var box = (await page.Locator(".bw-chart__plot").First.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + box.Width * 0.4f, box.Y + 60);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + box.Width * 0.6f, box.Y + 60, new MouseMoveOptions { Steps = 4 });
        await page.Mouse.UpAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(@"from=\d{4}-"));
        await page.GoBackAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("from=now-24h"));
        await Assertions.Expect(page.Locator(".bw-time__range")).ToContainTextAsync("Last 24 hours");
    }

    [Fact]
    public async Task The_chosen_theme_is_there_before_the_circuit_and_stays()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await watched.GoAsync("/p/empty");
        Assert.Equal("light", await page.EvaluateAsync<string>("document.documentElement.dataset.theme"));
        await Assertions.Expect(page.GetByText("Waiting for the first call")).ToBeVisibleAsync();
        await page.GetByLabel("Account and appearance").First.ClickAsync();
        await page.Locator("[data-menu-list] [data-theme-choice=dark]").ClickAsync();
        await watched.PictureAsync("account-menu", fullPage: false);
        await page.ReloadAsync(new PageReloadOptions { WaitUntil = WaitUntilState.Commit });
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        Assert.Empty(watched.Complaints);
    }

    [Theory, InlineData(ColorScheme.Light), InlineData(ColorScheme.Dark)]
    public async Task The_notice_of_a_lost_connection_can_be_read(ColorScheme scheme)
    {
        await using var watched = await browser.OpenAsync(server.Url, 390, 844, scheme);
        await watched.GoAsync("/p/empty");
        // As Blazor's script marks it while it tries again.
        await watched.Page.EvaluateAsync("document.getElementById('components-reconnect-modal').classList.add('components-reconnect-show', 'components-reconnect-retrying')");
        await Assertions.Expect(watched.Page.GetByText("Connection lost. Reconnecting …")).ToBeVisibleAsync();
        Assert.Empty(await watched.SeriousAxeViolationsAsync());
    }

    [Fact]
    public async Task A_strangers_project_looks_like_none()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        await watched.Page.GotoAsync("/p/somebody-else");
        await Assertions.Expect(watched.Page.GetByText("There is no such project")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_policy_forbids_inline_and_evaluated_scripts()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var answer = await watched.Page.GotoAsync("/p/empty");
        var policy = (await answer!.AllHeadersAsync())["content-security-policy"];
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", (await answer.AllHeadersAsync())["x-content-type-options"]);
        Assert.Equal(0, await watched.Page.EvaluateAsync<int>("[...document.scripts].filter(script => !script.src && script.textContent.trim() && !/json/.test(script.type)).length"));
    }

    [Fact]
    public async Task The_first_page_leads_to_the_project()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        await watched.Page.GotoAsync("/");
        await Assertions.Expect(watched.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/p/default$"));
    }

    [Theory, InlineData("/p/default"), InlineData("/p/default/requests"), InlineData("/p/default/feedback")]
    public async Task Whatever_is_reached_by_key_shows_where_the_focus_is(string path)
    {
        await using var watched = await browser.OpenAsync(server.Url);
        await watched.GoAsync(path);
        await Assertions.Expect(watched.Page.Locator(".bw-skeleton")).ToHaveCountAsync(0);
        // Back over the shell, then on into the page.
        await watched.Page.Locator(".bw-skip").FocusAsync();
        var invisible = new List<string>();
        for (var stop = 0; stop < 60; stop++)
        {
            await watched.Page.Keyboard.PressAsync("Tab");
            invisible.AddRange(await watched.Page.EvaluateAsync<string[]>("""
                (async () => {
                  const rings = element => getComputedStyle(element).outlineStyle !== "none" && parseFloat(getComputedStyle(element).outlineWidth) > 0;
                  const shows = at => {
                    // A box around the field may have it instead.
                    const frame = at.closest(":focus-within:not(html, body, main)")?.parentElement;
                    return at === document.body || rings(at) || frame && (rings(frame) || getComputedStyle(frame).boxShadow !== "none");
                  };
                  // A ring grows, and is as thick as nothing in its first frames.
                  for (let frame = 0; frame < 120 && !shows(document.activeElement); frame++) { await new Promise(requestAnimationFrame); }
                  return shows(document.activeElement) ? [] : [document.activeElement.outerHTML.slice(0, 120)];
                })()
                """));
        }
        Assert.Empty(invisible);
    }
}
