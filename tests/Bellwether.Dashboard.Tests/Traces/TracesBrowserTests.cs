using System.Text.RegularExpressions;
using Bellwether.Telemetry;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

[Collection(nameof(TracesCollection))]
public sealed class TracesBrowserTests(TracesServer server, Browser browser)
{
    // Contrast differs by scheme and layout by width: two looks meet both, and fifteen pages take a minute each time.
    [Theory, InlineData(1440, ColorScheme.Light), InlineData(390, ColorScheme.Dark)]
    public async Task Every_new_page_shows_what_it_is_for_and_breaks_no_rule(int width, ColorScheme scheme)
    {
        await using var watched = await browser.OpenAsync(server.Url, width, 900, scheme);
        var broken = new List<string>();
        foreach (var (name, path, wanted) in new[]
        {
            ("trace-agent", $"/p/default/traces/{TracesServer.Agent}", ".step"), ("trace-rag", $"/p/default/traces/{TracesServer.Rag}?step={server.Id("b20")}", ".document"),
            ("trace-5000", $"/p/default/traces/{TracesServer.Big}", ".step"), ("traces", "/p/default/traces", ".bw-table tbody tr"), ("sessions", "/p/default/sessions", ".bw-table tbody tr"),
            ("session", "/p/default/sessions/chat-17", ".turn"), ("users", "/p/default/users", ".bw-table tbody tr"), ("user", "/p/default/users/grace", ".bw-tile"),
            ("trace-hostile", $"/p/default/traces/{Uri.EscapeDataString(TracesServer.Hostile)}", ".step"), ("trace-call", $"/p/default/traces/{TracesServer.Agent}?step={server.Id("a5")}", ".detail .chat"), ("trace-failed", $"/p/default/traces/{TracesServer.Agent}?step={server.Id("a4")}", ".detail__error"),
            ("connect", "/p/empty/connect", ".connect__client"), ("traces-empty", "/p/empty/traces", ".bw-empty"), ("session-none", "/p/default/sessions/nobody", ".bw-empty"), ("trace-none", "/p/default/traces/nothing", ".bw-empty"),
        })
        {
            await watched.GoAsync(path);
            await Assertions.Expect(watched.Page.Locator(wanted).First).ToBeVisibleAsync();
            await watched.PictureAsync($"{name}-{width}-{scheme}".ToLowerInvariant());
            broken.AddRange((await watched.SeriousAxeViolationsAsync()).Select(violation => $"{name}: {violation}"));
            if (await watched.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") is > 0 and var over) { broken.Add($"{name}: {over} px too wide"); }
        }
        Assert.Empty(broken);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task A_trace_is_walked_by_key_and_its_state_stands_in_the_URL()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await watched.GoAsync($"/p/default/traces/{TracesServer.Agent}");
        await Assertions.Expect(page.Locator(".step")).ToHaveCountAsync(7);
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page.Locator(".step.is-selected .step__label")).ToHaveTextAsync("AgentExecutor");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(page.Locator(".step")).ToHaveCountAsync(2);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("step=.*fold="));
        await watched.ReloadAsync();
        await Assertions.Expect(page.Locator(".step")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator(".detail h2")).ToHaveTextAsync("AgentExecutor");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator(".detail")).ToHaveCountAsync(0);
    }

    [Theory, InlineData("sessions", "session", 1440), InlineData("users", "user", 390)]
    public async Task A_list_of_sessions_or_users_is_read_to_its_end_by_links(string list, string name, int width)
    {
        await using var watched = await browser.OpenAsync(server.Url, width, 900, ColorScheme.Light);
        var page = watched.Page;
        var rows = page.Locator(".bw-table tbody tr");
        await watched.GoAsync($"/p/{TracesServer.Crowd}/{list}");
        await Assertions.Expect(rows).ToHaveCountAsync(100);
        await Assertions.Expect(rows.First).ToContainTextAsync($"{name}-000");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "First page" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ScrollIntoViewIfNeededAsync();
        await watched.PictureAsync($"{list}-first-{width}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Assertions.Expect(rows.First).ToContainTextAsync($"{name}-100");
        await watched.ReloadAsync();
        await Assertions.Expect(rows.First).ToContainTextAsync($"{name}-100");
        await page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(30);
        await Assertions.Expect(rows.Last).ToContainTextAsync($"{name}-229");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Next page" })).ToHaveCountAsync(0);
        await watched.PictureAsync($"{list}-last-{width}");
        await page.GetByRole(AriaRole.Link, new() { Name = "First page" }).ClickAsync();
        await Assertions.Expect(rows.First).ToContainTextAsync($"{name}-000");

        await watched.GoAsync($"/p/{TracesServer.Crowd}/{list}?cursor=nonsense");
        await Assertions.Expect(page.Locator(".bw-empty")).ToContainTextAsync("The cursor is not one that a page returned.");
        await page.GetByRole(AriaRole.Link, new() { Name = "First page" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(100);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Attachments_of_a_step_are_named_and_offered_as_downloads_where_they_were_kept()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        foreach (var path in new[] { $"/p/default/traces/{TracesServer.Agent}?step={server.Id("a3")}", $"/p/default/requests/{server.Id("a3")}" })
        {
            await watched.GoAsync(path);
            var files = page.Locator(".attachments li");
            await Assertions.Expect(files).ToHaveCountAsync(2);
            await Assertions.Expect(files.Nth(0)).ToHaveTextAsync(new Regex(@"^\s*all readings\s*text/csv, 70\.0 MiB\s*not kept\s*$"));
            await Assertions.Expect(files.Nth(1)).ToHaveTextAsync(new Regex(@"^\s*rain chart\s*image/png, 20\S* KiB\s*Download\s*$"));
            var link = files.Nth(1).GetByRole(AriaRole.Link, new() { Name = "Download rain chart" });
            await Assertions.Expect(link).ToHaveAttributeAsync("href", $"/api/v1/observations/{server.Id("a3")}/attachments?project=default&name=rain%20chart");
            await Assertions.Expect(link).ToHaveAttributeAsync("download", "");
            await watched.PictureAsync("attachments-" + (path.Contains("traces", StringComparison.Ordinal) ? "trace" : "request"));
        }
        await watched.GoAsync($"/p/default/traces/{Uri.EscapeDataString(TracesServer.Hostile)}?step={server.Id("h1")}");
        await Assertions.Expect(page.Locator(".attachments__name")).ToContainTextAsync("</a><script>alert(2)</script>");
        await Assertions.Expect(page.Locator(".attachments a, .attachments img")).ToHaveCountAsync(0);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task A_trace_of_5000_spans_draws_what_is_in_sight_and_reaches_its_end_by_key()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await watched.GoAsync($"/p/default/traces/{TracesServer.Big}");
        await Assertions.Expect(page.Locator(".trace__line")).ToContainTextAsync("5,000 steps");
        // The first rows come with the head; how many fit is known only then.
        await Assertions.Expect(page.Locator(".step").Nth(10)).ToBeVisibleAsync();
        Assert.InRange(await page.Locator(".step").CountAsync(), 10, 120);
        await page.Locator(".trace__rows").FocusAsync();
        await page.Keyboard.PressAsync("End");
        await Assertions.Expect(page.Locator(".step.is-selected")).ToBeInViewportAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Fold all" }).ClickAsync();
        await Assertions.Expect(page.Locator(".step")).ToHaveCountAsync(11);
    }

    [Fact]
    public async Task A_step_of_a_long_trace_is_found_by_its_words_also_below_what_is_folded()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await watched.GoAsync($"/p/default/traces/{TracesServer.Big}?fold=*");
        var chosen = page.Locator(".step.is-selected");
        await Assertions.Expect(page.Locator(".step").First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("/");
        await Assertions.Expect(page.GetByPlaceholder("Find a step")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("step 499");
        await Assertions.Expect(page.Locator(".trace__found")).ToHaveTextAsync("11 steps");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(chosen.Locator(".step__label")).ToHaveTextAsync(new Regex("^step 499"));
        await Assertions.Expect(chosen).ToBeInViewportAsync();
        await Assertions.Expect(page.Locator(".trace__found")).ToHaveTextAsync("1 of 11");
        await page.GetByRole(AriaRole.Button, new() { Name = "Previous step that was found" }).ClickAsync();
        await Assertions.Expect(page.Locator(".trace__found")).ToHaveTextAsync("11 of 11");
        await Assertions.Expect(chosen).ToBeInViewportAsync();
        await page.GetByPlaceholder("Find a step").FillAsync("nothing is called so");
        await Assertions.Expect(page.Locator(".trace__found")).ToHaveTextAsync("none");
        Assert.Empty(await watched.SeriousAxeViolationsAsync());
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task The_number_of_errors_leads_to_the_step_that_failed()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        await watched.GoAsync($"/p/default/traces/{TracesServer.Agent}");
        await watched.Page.GetByRole(AriaRole.Button, new() { Name = "1 error" }).ClickAsync();
        await Assertions.Expect(watched.Page.Locator(".step.is-selected .step__label")).ToHaveTextAsync("check_stock");
        await Assertions.Expect(watched.Page.Locator(".detail__error")).ToContainTextAsync("stock service did not answer");
    }

    [Theory, InlineData(390), InlineData(1440)]
    public async Task Sixty_levels_leave_each_name_its_room_and_say_how_deep_they_are(int width)
    {
        await using var watched = await browser.OpenAsync(server.Url, width);
        var page = watched.Page;
        await watched.GoAsync($"/p/default/traces/{TracesServer.Deep}");
        await Assertions.Expect(page.Locator(".step").Nth(12)).ToBeVisibleAsync();
        await page.Locator(".trace__rows").FocusAsync();
        await page.Keyboard.PressAsync("End");
        await Assertions.Expect(page.Locator(".step.is-selected .step__label")).ToHaveTextAsync("delegate to sub-agent 59");
        await Assertions.Expect(page.Locator(".step.is-selected .step__level")).ToHaveTextAsync("60");
        await watched.PictureAsync($"trace-deep-{width}");
        var squeezed = await page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('.step')].filter(step => {
              const label = step.querySelector('.step__label').getBoundingClientRect(), took = step.querySelector('.step__took').getBoundingClientRect();
              return label.width < 40 || label.right > took.left;
            }).map(step => step.querySelector('.step__label').textContent)
            """);
        Assert.Empty(squeezed);
        Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }

    [Fact]
    public async Task The_first_run_page_flips_when_the_first_event_lands()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        await watched.GoAsync("/p/empty/connect");
        await Assertions.Expect(watched.Page.Locator(".connect__state")).ToContainTextAsync("Waiting for the first event");
        var step = TracesServer.Step("flip", "", "f", server.Now.AddDays(-3), ObservationKind.Llm, "first call", 10) with { Project = new("empty") };
        await server.AppendAsync(step);
        await Assertions.Expect(watched.Page.Locator(".connect__state")).ToContainTextAsync("Events arrive");
    }

    [Fact]
    public async Task What_people_said_is_counted_on_the_trace_the_session_and_the_user()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await watched.GoAsync($"/p/default/traces/{TracesServer.Agent}");
        await Assertions.Expect(page.Locator(".trace__line .votes")).ToHaveAttributeAsync("title", "Feedback: 1 up, 1 down");
        await page.Locator(".step", new() { Has = page.Locator(".votes__down") }).ClickAsync();
        await Assertions.Expect(page.Locator(".detail .note")).ToContainTextAsync("incorrect");
        await watched.GoAsync("/p/default/sessions/chat-17");
        // The session's own, two of its steps, and an evaluation of one of its traces.
        await Assertions.Expect(page.Locator(".trace__line .votes")).ToHaveAttributeAsync("title", "Feedback: 2 up, 1 down, 1 note");
        await Assertions.Expect(page.GetByText("The whole chat helped.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".turn", new() { HasText = "groundedness" })).ToHaveCountAsync(1);
        await watched.GoAsync("/p/default/users/grace");
        await Assertions.Expect(page.Locator(".bw-tile .votes")).ToHaveAttributeAsync("title", "Feedback: 2 up");
    }

    [Fact]
    public async Task Sums_of_the_list_the_trace_and_the_user_are_of_calls_only()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await watched.GoAsync("/p/default/traces?q=name:ProductSearchChain");
        // Three runs of three steps, with one call of 1,000 tokens and $0.0026 each.
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Chains" }).Locator("tbody tr")).ToHaveTextAsync(new Regex(@"ProductSearchChain\s*3\s*0 %\s*2\.60 s\s*2\.60 s\s*\$0\.0026\s*1,000"));
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Traces" }).Locator("tbody tr")).ToHaveCountAsync(3);
        await page.GetByRole(AriaRole.Region, new() { Name = "Traces" }).GetByRole(AriaRole.Link, new() { Name = "ProductSearchChain" }).Nth(1).ClickAsync();
        await Assertions.Expect(page.Locator(".trace__line")).ToContainTextAsync(new Regex(@"2\.60 s\s*3 steps\s*1 call\s*1,000 tokens\s*\$0\.0026"));
        // The one in the middle has neighbours on both sides, and the ends have none.
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Older trace" })).ToHaveAttributeAsync("href", new Regex(TracesServer.Rag));
        await page.Keyboard.PressAsync("Shift+J");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex(TracesServer.Rag + ".*q=name"));
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Newer trace" })).ToHaveAttributeAsync("href", new Regex("q=name"));
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Older trace" })).ToHaveAttributeAsync("aria-disabled", "true");
    }

    [Fact]
    public async Task Hostile_names_and_ids_stay_text_and_lead_where_they_say()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        foreach (var list in (string[])["traces", "sessions", "users"])
        {
            await watched.GoAsync($"/p/default/{list}");
            await page.Locator(list switch { "traces" => "[aria-label=Traces] tbody a:has-text('gpj.exe')", "sessions" => "a:has-text('svg onload')", _ => "a:has-text('mallory')" }).First.ClickAsync();
            await Assertions.Expect(page.Locator(list switch { "traces" => ".step", "sessions" => ".turn", _ => ".bw-tile" }).First).ToBeVisibleAsync();
            Assert.StartsWith($"/p/default/{list}/", new Uri(page.Url).AbsolutePath, StringComparison.Ordinal);
        }
        Assert.Equal(0, await page.Locator("img, iframe, svg[onload]").CountAsync());
        Assert.Empty(watched.Complaints);
    }

    [Theory, InlineData("traces"), InlineData("sessions"), InlineData("users"), InlineData("traces/0af7651916cd43dd8448eb211c80319c"), InlineData("sessions/chat-17"), InlineData("users/grace")]
    public async Task A_page_shows_that_it_loads_and_that_it_could_not_and_recovers(string path)
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        server.Store.Hang();
        try
        {
            await watched.GoAsync($"/p/default/{path}");
            await Assertions.Expect(page.GetByText("Loading the")).ToBeAttachedAsync();
            await watched.PictureAsync($"loading-{path.Split('/')[0]}{(path.Contains('/', StringComparison.Ordinal) ? "-one" : "")}");
            server.Store.Fails = true;
        }
        finally
        {
            server.Store.Resume();
        }
        try
        {
            await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("could not be read");
            await watched.PictureAsync($"failed-{path.Split('/')[0]}{(path.Contains('/', StringComparison.Ordinal) ? "-one" : "")}");
            Assert.Empty(await watched.SeriousAxeViolationsAsync());
        }
        finally
        {
            server.Store.Fails = false;
        }
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await Assertions.Expect(page.Locator(".step, .turn, .bw-tile, .bw-table tbody tr").First).ToBeVisibleAsync();
    }
}
