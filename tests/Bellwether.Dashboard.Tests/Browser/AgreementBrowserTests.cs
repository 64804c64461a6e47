using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

/// <summary>What two pages say of the same range is the same number.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class AgreementBrowserTests(DashboardServer server, Browser browser)
{
    [Fact]
    public async Task Calls_failures_users_cost_and_kinds_of_errors_are_the_same_on_every_page()
    {
        var now = TimeProvider.System.GetUtcNow();
        var range = string.Create(CultureInfo.InvariantCulture, $"from={now.AddHours(-40):yyyy-MM-ddTHH:mm:ssZ}&to={now.AddHours(-1):yyyy-MM-ddTHH:mm:ssZ}");
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;

        await watched.GoAsync($"/p/default?{range}");
        var failed = await TileAsync(page, "Error rate", "of ");
        var match = Regex.Match(failed, "([0-9,]+) of ([0-9,]+)");
        var (errors, calls) = (Number(match.Groups[1].Value), Number(match.Groups[2].Value));
        Assert.InRange(errors, 1, calls - 1);
        await Assertions.Expect(page.Locator(".bw-page__subtitle")).ToContainTextAsync(match.Groups[2].Value + " requests");
        var users = Number(Regex.Match(await TileAsync(page, "Active users", "requests"), "[0-9,]+").Value);
        var kinds = await CountsAsync(page, "Top error types");

        await watched.GoAsync($"/p/default/requests?{range}");
        await Assertions.Expect(page.Locator(".requests__count")).ToHaveTextAsync($"{Text(calls)} · {Text(errors)} failed");

        await watched.GoAsync($"/p/default/users?{range}");
        var (listed, theirCalls, theirErrors) = (0, 0L, 0L);
        while (true)
        {
            // A page of the list has a hundred.
            var rows = (int)Math.Min(100, users - listed);
            await Assertions.Expect(page.Locator("main tbody tr")).ToHaveCountAsync(rows);
            listed += rows;
            theirCalls += await SumAsync(page, "Calls");
            theirErrors += await SumAsync(page, "Errors");
            if (listed == users) { break; }
            var first = await page.Locator("main tbody tr").First.InnerTextAsync();
            await page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
            await Assertions.Expect(page.Locator("main tbody tr").First).Not.ToHaveTextAsync(first, new() { UseInnerText = true });
        }
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Next page" })).ToHaveCountAsync(0);
        Assert.Equal((calls, errors), (theirCalls, theirErrors));

        await watched.GoAsync($"/p/default/quality?{range}");
        var judged = await CountsAsync(page, "Top error types");
        Assert.NotEmpty(kinds);
        Assert.All(kinds, kind => Assert.Equal(kind.Value, judged[kind.Key]));

        await watched.GoAsync($"/p/default?{range}&q=user:user-7");
        var cost = Regex.Match(await TileAsync(page, "Cost", "in all"), @"(\$[0-9.]+) in all").Groups[1].Value;
        await watched.GoAsync($"/p/default/users/user-7?{range}");
        Assert.Contains(cost, await TileAsync(page, "Cost", "$"), StringComparison.Ordinal);
        var own = Number(Regex.Match(await TileAsync(page, "Calls", ""), "[0-9,]+").Value);
        await watched.GoAsync($"/p/default/sessions?{range}&q=user:user-7");
        Assert.Equal(own, await SumAsync(page, "Calls"));
        Assert.Empty(watched.Complaints);
    }

    private static async Task<string> TileAsync(IPage page, string label, string waitFor)
    {
        var tile = page.Locator(".bw-tile").Filter(new() { Has = page.GetByText(label, new() { Exact = true }) });
        await Assertions.Expect(tile).ToContainTextAsync(waitFor.Length > 0 ? waitFor : label);
        return (await tile.InnerTextAsync()).Replace(label, "", StringComparison.Ordinal);
    }

    /// <summary>Of a table of a panel: the second cell by the first.</summary>
    private static async Task<Dictionary<string, long>> CountsAsync(IPage page, string panel)
    {
        var rows = page.GetByRole(AriaRole.Region, new() { Name = panel, Exact = true }).Locator("tbody tr");
        await Assertions.Expect(rows.First).ToBeVisibleAsync();
        var counts = new Dictionary<string, long>();
        foreach (var row in await rows.AllAsync())
        {
            counts[(await row.Locator("th").InnerTextAsync()).Trim()] = Number(await row.Locator("td").First.InnerTextAsync());
        }
        return counts;
    }

    private static async Task<long> SumAsync(IPage page, string column)
    {
        await Assertions.Expect(page.Locator("main tbody tr").First).ToBeVisibleAsync();
        var cells = await page.EvaluateAsync<string[]>(
            "name => { const table = document.querySelector('main table'); const at = [...table.querySelectorAll('thead th')].findIndex(head => head.textContent === name); return [...table.querySelectorAll('tbody tr')].map(row => row.children[at].textContent); }", column);
        return cells.Sum(Number);
    }

    private static long Number(string text) => long.Parse(text.Trim(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
