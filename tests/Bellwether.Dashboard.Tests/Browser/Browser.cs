using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

/// <summary>A real Chromium. One for all tests of a class that takes it as a fixture.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly float Expect = float.Parse(Environment.GetEnvironmentVariable("BELLWETHER_EXPECT_MS") ?? "45000", System.Globalization.CultureInfo.InvariantCulture);

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        // Not an assertion about time: how long a busy machine may take before a test says that something never came.
        Assertions.SetDefaultExpectTimeout(Expect);
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            // Without the windows of a desktop: every page of the whole browser has one, whose own pages take as much work as ours.
            ExecutablePath = "/usr/bin/chromium-headless-shell",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) { await _browser.DisposeAsync(); }
        _playwright?.Dispose();
    }

    /// <summary>A fresh page. Off-origin requests are refused and remembered, console messages too.</summary>
    /// <param name="session">Playwright's storage state of somebody who is signed in; null for a stranger.</param>
    public async Task<WatchedPage> OpenAsync(string origin, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, string zone = "Europe/Berlin", string? session = null)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            TimezoneId = zone,
            Locale = "en-GB",
            ReducedMotion = ReducedMotion.Reduce,
            BaseURL = origin,
            StorageState = session,
            Permissions = ["clipboard-read", "clipboard-write"],
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(45_000);
        return new WatchedPage(page, origin);
    }
}

/// <summary>A page that keeps what must not happen on it.</summary>
public sealed class WatchedPage : IAsyncDisposable
{
    private const string Live = ".bw-app[data-live]";

    public WatchedPage(IPage page, string origin)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" || message.Text.Contains("Content Security Policy", StringComparison.Ordinal)) { Complaints.Add($"console: {message.Text}"); }
        };
        page.PageError += (_, error) => Complaints.Add($"script: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(origin, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
            {
                Complaints.Add($"off-origin: {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Errors on the console, policy violations, script errors and requests to other origins.</summary>
    public List<string> Complaints { get; } = [];

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    /// <summary>Goes there and waits until the page's circuit hears clicks: one on what was prerendered is lost.</summary>
    public async Task GoAsync(string url)
    {
        await Page.GotoAsync(url);
        await Page.Locator(Live).WaitForAsync();
    }

    /// <summary>Loads the page again and waits as <see cref="GoAsync"/> does.</summary>
    public async Task ReloadAsync()
    {
        await Page.ReloadAsync();
        await Page.Locator(Live).WaitForAsync();
    }

    /// <summary>Waits until there are that many; when there never are, says what the page complained of and pictures it.</summary>
    public async Task ExpectAsync(string selector, int count)
    {
        try
        {
            await Assertions.Expect(Page.Locator(selector)).ToHaveCountAsync(count);
        }
        catch (PlaywrightException error)
        {
            await PictureAsync("failure");
            Assert.Fail($"{error.Message}\nComplaints: {string.Join("\n", Complaints)}\nText: {(await Page.InnerTextAsync("body"))[..300]}");
        }
    }

    /// <summary>Violations that axe calls serious or critical, as "rule: element".</summary>
    /// <param name="within">Only in what this selects; null for the whole page.</param>
    public async Task<IReadOnlyList<string>> SeriousAxeViolationsAsync(string? within = null)
    {
        var options = new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } };
        var result = within is null ? await Page.RunAxe(options) : await Page.Locator(within).RunAxe(options);
        return [.. result.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {node.Html}"))];
    }

    /// <summary>Writes a picture into the ignored folder <c>screenshots</c> of this project.</summary>
    public async Task PictureAsync(string name, bool fullPage = true)
    {
        var folder = Directory.CreateDirectory(Path.Combine(ProjectFolder(), "screenshots")).FullName;
        // A full-page picture of a sticky top bar is only right from the top.
        await Page.EvaluateAsync("scrollTo(0, 0)");
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = fullPage });
    }

    private static string ProjectFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && folder.GetFiles("*.csproj").Length == 0) { folder = folder.Parent; }
        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
