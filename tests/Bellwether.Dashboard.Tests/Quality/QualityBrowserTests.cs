using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

/// <summary>Requirement D2.</summary>
[Collection(nameof(QualityCollection))]
public sealed class QualityBrowserTests(QualityServer server, Browser browser)
{
    [Theory, InlineData(1440, ColorScheme.Light), InlineData(1440, ColorScheme.Dark), InlineData(390, ColorScheme.Light), InlineData(390, ColorScheme.Dark)]
    public async Task The_page_shows_how_good_the_answers_are_and_breaks_no_rule(int width, ColorScheme scheme)
    {
        await using var watched = await browser.OpenAsync(server.Url, width, 900, scheme);
        var page = watched.Page;
        var broken = new List<string>();
        foreach (var (name, path, wanted, charts) in new[]
        {
            ("quality", "/p/default/quality", "table th a[href*='groundedness']", 3), ("quality-never", "/p/empty/quality", ".bw-empty pre", 0), ("quality-none", "/p/default/quality?q=model:none", ".bw-panel__note", 0),
        })
        {
            await watched.GoAsync(path);
            await Assertions.Expect(page.Locator(wanted).First).ToBeVisibleAsync();
            await watched.ExpectAsync(".bw-chart__plot[data-drawn]", charts);
            await watched.PictureAsync($"{name}-{width}-{scheme}".ToLowerInvariant());
            broken.AddRange((await watched.SeriousAxeViolationsAsync()).Select(violation => $"{name}: {violation}"));
            if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") is > 0 and var over) { broken.Add($"{name}: {over} px too wide"); }
        }
        Assert.Empty(broken);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Every_figure_leads_to_its_requests()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await watched.GoAsync("/p/default/quality");
        await Assertions.Expect(page.GetByText(string.Create(CultureInfo.InvariantCulture, $"{QualityServer.Checked} of {QualityServer.Answers} answers checked (80.0 %)"))).ToBeVisibleAsync();
        var grounded = page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("^Groundedness") });
        await Assertions.Expect(grounded.GetByRole(AriaRole.Cell).Nth(3)).ToHaveTextAsync("120");
        await grounded.GetByRole(AriaRole.Link, new() { Name = QualityServer.Ungrounded.ToString(CultureInfo.InvariantCulture), Exact = true }).Last.ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("requests.*check.groundedness:fail"));
        await watched.ExpectAsync(".requests__row .requests__open", QualityServer.Ungrounded);
        await page.GoBackAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "semantic.refusal" }).ClickAsync();
        await watched.ExpectAsync(".requests__row .requests__open", 5);
        // A condition in the URL holds for votes, checks and errors alike.
        await watched.GoAsync("/p/default/quality?q=model:gpt-4.1");
        await Assertions.Expect(page.GetByText("100 answers in 6 h")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("Thumbs") })).ToContainTextAsync("20 : 5");
        await watched.GoAsync("/p/default/quality?q=some+words");
        await Assertions.Expect(page.GetByText("The filter cannot be read")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_wide_chart_of_a_week_tells_the_halves_of_a_day_apart()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await page.AddInitScriptAsync("""
            window.drawn = new Map();
            const fill = CanvasRenderingContext2D.prototype.fillText;
            CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
                if (/^\d+ [A-Z][a-z]+$|^\d\d:\d\d$/.test(text)) { window.drawn.set(this.canvas, new Map(window.drawn.get(this.canvas)).set(Math.round(this.getTransform().e + x), text)); }
                return fill.apply(this, arguments);
            };
            """);
        await watched.GoAsync("/p/default/quality?from=now-7d&to=now");
        await watched.ExpectAsync(".bw-chart__plot[data-drawn]", 3);
        var labels = await page.EvaluateAsync<string[][]>("[...window.drawn.values()].map(labels => [...labels].sort((a, b) => a[0] - b[0]).map(label => label[1]))");
        Assert.Contains(labels, axis => axis.Contains("12:00"));
        Assert.All(labels, axis => Assert.Equal(axis.Where(label => label != "12:00").Distinct(), axis.Where(label => label != "12:00")));
    }

    [Fact]
    public async Task A_store_that_is_slow_or_fails_is_told_with_a_way_out()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        server.Store.Hang();
        try
        {
            await watched.GoAsync("/p/default/quality");
            await Assertions.Expect(page.Locator("main .bw-skeleton").First).ToBeVisibleAsync();
            server.Store.Fails = true;
            server.Store.Resume();
            await Assertions.Expect(page.GetByText("The quality could not be read")).ToBeVisibleAsync();
            Assert.Empty(await watched.SeriousAxeViolationsAsync());
        }
        finally
        {
            server.Store.Resume();
            server.Store.Fails = false;
        }
        await page.GetByText("Try again").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { NameRegex = new Regex("^Groundedness") })).ToBeVisibleAsync();
    }
}
