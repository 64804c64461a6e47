using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

/// <summary>Experiments of two clients on one page, and two of them side by side.</summary>
[Collection(nameof(ExperimentsCollection))]
public sealed class ExperimentsBrowserTests(ExperimentsServer server, Browser browser)
{
    private string List => $"/p/default/experiments/{server.Capitals:D}";

    private string Comparison => $"{List}/compare?a={server.Before:D}&b={server.After:D}";

    [Theory, InlineData(1440, ColorScheme.Light), InlineData(1440, ColorScheme.Dark), InlineData(390, ColorScheme.Light), InlineData(390, ColorScheme.Dark)]
    public async Task Every_state_of_the_pages_says_what_it_is_and_breaks_no_rule(int width, ColorScheme scheme)
    {
        await using var watched = await server.OpenAsync(browser, "/p/default/experiments", width: width, scheme: scheme);
        await StoredAsync(watched);
        var page = watched.Page;
        var broken = new List<string>();
        foreach (var (name, path, wanted) in new[]
        {
            ("experiments", "/p/default/experiments", "tbody tr:has-text('Capitals')"), ("experiments-empty", "/p/nothing/experiments", ".bw-empty:has-text('No dataset yet')"),
            ("experiments-broken", "/p/broken/experiments", "[role=alert]:has-text('could not be read')"), ("experiments-loading", "/p/slow/experiments", "[role=status]:has-text('Loading the datasets')"),
            ("experiments-dataset", List, "tbody tr:has-text('prompt-v2')"), ("experiments-dataset-gone", $"/p/default/experiments/{Guid.Empty:D}", ".bw-empty:has-text('no such dataset')"),
            ("experiments-compare", Comparison, ".pair"), ("experiments-compare-none", $"{Comparison}&show=one", ".bw-empty:has-text('No example is like that')"),
            ("experiments-compare-gone", $"{List}/compare?a={server.Before:D}&b={Guid.Empty:D}", ".bw-empty:has-text('cannot be compared')"),
        })
        {
            await watched.GoAsync(path);
            await Assertions.Expect(page.Locator(wanted).First).ToBeVisibleAsync();
            await watched.PictureAsync($"{name}-{width}-{scheme}".ToLowerInvariant());
            broken.AddRange((await watched.SeriousAxeViolationsAsync()).Select(violation => $"{name}: {violation}"));
            if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") is > 0 and var over) { broken.Add($"{name}: {over} px too wide"); }
            Assert.DoesNotContain("secret path", await page.ContentAsync(), StringComparison.Ordinal);
        }
        Assert.Empty(broken);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Experiments_of_both_clients_stand_in_one_list_with_their_means_rates_and_cost()
    {
        await using var watched = await server.OpenAsync(browser, "/p/default/experiments");
        await StoredAsync(watched);
        var page = watched.Page;
        await watched.GoAsync("/p/default/experiments");
        await Assertions.Expect(page.Row("Never run")).ToContainTextAsync("none yet");
        await page.GetByRole(AriaRole.Link, new() { Name = "Capitals" }).ClickAsync();
        var before = page.Row("first-try");
        await Assertions.Expect(before).ToContainTextAsync(new Regex(@"exact\s*0\.6\s*n 5"));
        await Assertions.Expect(before).ToContainTextAsync("16.7 %");
        await Assertions.Expect(before).ToContainTextAsync("720");
        await Assertions.Expect(before).ToContainTextAsync("$0.000162");
        // The median of 400 to 900 ms.
        await Assertions.Expect(before).ToContainTextAsync("650 ms");
        var after = page.Row("prompt-v2");
        await Assertions.Expect(after).ToContainTextAsync(new Regex(@"exact\s*0\.833\s*n 6"));
        await Assertions.Expect(after).ToContainTextAsync(new Regex(@"tone\s*kind 5, curt 1\s*n 6"));
        var evaluated = page.Row("evaluate-3fa9");
        await Assertions.Expect(evaluated).ToContainTextAsync(new Regex(@"correct\s*0\.667\s*n 3"));
        await Assertions.Expect(evaluated).ToContainTextAsync(new Regex(@"precision\s*0\.5"));
        await Assertions.Expect(evaluated).ToContainTextAsync(new Regex(@"3\s*of 6"));
        await Assertions.Expect(evaluated).ToContainTextAsync("no price");
        await Assertions.Expect(evaluated).Not.ToContainTextAsync("$0");
        // A baseline of one's own stands in the address.
        await page.GetByRole(AriaRole.Link, new() { Name = "as baseline: first-try" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"a={server.Before:D}"));
        await watched.ReloadAsync();
        await Assertions.Expect(page.Row("first-try").Locator(".bw-badge")).ToHaveTextAsync("baseline");
        await page.GetByRole(AriaRole.Link, new() { Name = "with the baseline: evaluate-3fa9 with first-try" }).ClickAsync();
        await Assertions.Expect(page.Locator(".pair")).ToHaveCountAsync(6);
        // Nothing was scored by the same name, so nothing differs; three examples were not run.
        await Assertions.Expect(page.Locator("tr:has(th:text-is('correct')) td").Last).ToHaveTextAsync("–");
        await Assertions.Expect(page.GetByText("not run", new() { Exact = true })).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Two_experiments_are_compared_example_by_example_and_the_choice_stands_in_the_URL()
    {
        await using var watched = await server.OpenAsync(browser, "/p/default/experiments");
        await StoredAsync(watched);
        var page = watched.Page;
        await watched.GoAsync(Comparison);
        await watched.ExpectAsync(".pair", 6);
        var exact = page.Locator("tr:has(th:text-is('exact'))");
        await Assertions.Expect(exact).ToContainTextAsync("0.6 (n 5)");
        await Assertions.Expect(exact).ToContainTextAsync("0.833 (n 6)");
        await Assertions.Expect(exact).ToContainTextAsync("+0.2");
        await Assertions.Expect(exact).ToContainTextAsync("n 5: 2 higher, 2 same, 1 lower");
        await Assertions.Expect(page.Locator("tr:has(th:text-is('Error rate'))")).ToContainTextAsync("−16.7 points");
        await Assertions.Expect(page.Locator("tr:has(th:text-is('Cost')) td").Last).ToHaveTextAsync("±0");

        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^B lower") }).ClickAsync();
        await watched.ExpectAsync(".pair", 1);
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("show=lower"));
        await watched.ReloadAsync();
        await watched.ExpectAsync(".pair", 1);
        var pair = page.Locator(".pair");
        await Assertions.Expect(pair.GetByRole(AriaRole.Heading, new() { Name = "Example 4" })).ToBeVisibleAsync();
        await Assertions.Expect(pair.Locator(".pair__score")).ToContainTextAsync(new Regex(@"exact\s*1\s*to\s*0\s*−1"));
        foreach (var text in new[] { "What is the capital of country 4?", "City 4", "Town 3", "City 3, xxx" }) { await Assertions.Expect(pair).ToContainTextAsync(text); }
        await page.GoBackAsync();
        await watched.ExpectAsync(".pair", 6);
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Failed") }).ClickAsync();
        await watched.ExpectAsync(".pair", 1);
        await Assertions.Expect(pair).ToContainTextAsync("TimeoutError: the model did not answer");
        await page.GetByRole(AriaRole.Link, new() { Name = "Swap A and B" }).ClickAsync();
        await Assertions.Expect(exact).ToContainTextAsync("−0.2");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex(@"^All \d") }).ClickAsync();
        await watched.ExpectAsync(".pair", 6);
        await page.GetByRole(AriaRole.Link, new() { Name = "Trace of A, example 1", Exact = true }).ClickAsync();
        await watched.ExpectAsync(".step", 2);
    }

    [Fact]
    public async Task Nothing_of_an_example_or_an_answer_is_markup()
    {
        await using var watched = await server.OpenAsync(browser, Comparison);
        await watched.ExpectAsync(".pair", 6);
        var page = watched.Page;
        var hostile = page.Locator(".pair").Nth(2);
        await Assertions.Expect(hostile.GetByText("<script>document.title='owned'</script>")).ToHaveCountAsync(2);
        await Assertions.Expect(hostile.Locator("img, script")).ToHaveCountAsync(0);
        await Assertions.Expect(hostile.Locator(".safe-text__mark, [title*='right-to-left override']")).Not.ToHaveCountAsync(0);
        Assert.NotEqual("owned", await page.TitleAsync());
        Assert.Empty(watched.Complaints);
    }

    // What was appended is stored in some tenths of a second; the last of it is LangSmith's feedback.
    private async Task StoredAsync(WatchedPage watched)
    {
        await watched.GoAsync(List);
        var (before, last) = (watched.Page.Row("first-try"), watched.Page.Row("evaluate-3fa9"));
        for (var i = 0; i < 100; i++)
        {
            await Assertions.Expect(last).ToBeVisibleAsync();
            if ((await last.InnerTextAsync()) is var text && text.Contains("n 3", StringComparison.Ordinal) && text.Contains("precision", StringComparison.Ordinal)
                && text.Contains("no price", StringComparison.Ordinal) && (await before.InnerTextAsync()).Contains("$0.000162", StringComparison.Ordinal))
            {
                return;
            }
            await Task.Delay(100);
            await watched.ReloadAsync();
        }
        Assert.Fail($"Not stored: {await last.InnerTextAsync()} {await before.InnerTextAsync()}");
    }
}
