using System.Text.RegularExpressions;
using Bellwether.Telemetry;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

[Collection(nameof(TracesCollection))]
public sealed class TracesBrowserTests(TracesServer server, Browser browser)
{
    public static TheoryData<int, ColorScheme> Looks => OverviewBrowserTests.Looks;

    [Theory, MemberData(nameof(Looks))]
    public async Task Every_new_page_shows_what_it_is_for_and_breaks_no_rule(int width, ColorScheme scheme)
    {
        await using var watched = await browser.OpenAsync(server.Url, width, 900, scheme);
        var broken = new List<string>();
        foreach (var (name, path, wanted) in new[]
        {
            ("trace-agent", $"/p/default/traces/{TracesServer.Agent}", ".step"), ("trace-rag", $"/p/default/traces/{TracesServer.Rag}?step={ObservationIds.Of("span", server.Now.AddMinutes(-6).AddMilliseconds(30), TracesServer.Rag, "b20", "VectorStoreRetriever")}", ".document"),
            ("trace-5000", $"/p/default/traces/{TracesServer.Big}", ".step"), ("traces", "/p/default/traces", ".bw-table tbody tr"), ("sessions", "/p/default/sessions", ".bw-table tbody tr"),
            ("session", "/p/default/sessions/chat-17", ".turn"), ("users", "/p/default/users", ".bw-table tbody tr"), ("user", "/p/default/users/grace", ".bw-tile"),
            ("connect", "/p/empty/connect", ".connect__client"), ("traces-empty", "/p/empty/traces", ".bw-empty"), ("session-none", "/p/default/sessions/nobody", ".bw-empty"), ("trace-none", "/p/default/traces/nothing", ".bw-empty"),
        })
        {
            await watched.Page.GotoAsync(path);
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
        await page.GotoAsync($"/p/default/traces/{TracesServer.Agent}");
        await Assertions.Expect(page.Locator(".step")).ToHaveCountAsync(7);
        await page.Keyboard.PressAsync("j");
        await Assertions.Expect(page.Locator(".step.is-selected .step__label")).ToHaveTextAsync("AgentExecutor");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(page.Locator(".step")).ToHaveCountAsync(2);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("step=.*fold="));
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".step")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator(".detail h2")).ToHaveTextAsync("AgentExecutor");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator(".detail")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_trace_of_5000_spans_draws_what_is_in_sight_and_reaches_its_end_by_key()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await page.GotoAsync($"/p/default/traces/{TracesServer.Big}");
        await Assertions.Expect(page.Locator(".trace__line")).ToContainTextAsync("5,000 steps");
        Assert.InRange(await page.Locator(".step").CountAsync(), 10, 120);
        await page.Locator(".trace__rows").FocusAsync();
        await page.Keyboard.PressAsync("End");
        await Assertions.Expect(page.Locator(".step.is-selected")).ToBeInViewportAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Fold all" }).ClickAsync();
        await Assertions.Expect(page.Locator(".step")).ToHaveCountAsync(11);
    }

    [Fact]
    public async Task The_first_run_page_flips_when_the_first_event_lands()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        await watched.Page.GotoAsync("/p/empty/connect");
        await Assertions.Expect(watched.Page.Locator(".connect__state")).ToContainTextAsync("Waiting for the first event");
        var step = TracesServer.Step("flip", "", "f", server.Now.AddDays(-3), ObservationKind.Llm, "first call", 10) with { Project = new("empty") };
        await server.AppendAsync(step);
        await Assertions.Expect(watched.Page.Locator(".connect__state")).ToContainTextAsync("Events arrive");
    }
}
