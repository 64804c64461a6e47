using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

/// <summary>What the tests of settings pages do over and over.</summary>
internal static class SettingsPages
{
    /// <summary>A page as a signed-in person, once its circuit hears clicks.</summary>
    public static async Task<WatchedPage> OpenAsync(this SettingsServer server, Browser browser, string url, string person = "ada", int width = 1440, ColorScheme scheme = ColorScheme.Light)
    {
        var watched = await browser.OpenAsync(server.Url, width, 900, scheme, session: await server.SessionAsync(browser, person));
        await watched.GoAsync(url);
        return watched;
    }

    public static ILocator Button(this IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public static ILocator Row(this IPage page, string text) => page.Locator("tbody tr").Filter(new() { HasText = text });

    /// <summary>An error stands at the field, names it, and the field says so to a screen reader.</summary>
    public static async Task ExpectProblemAsync(this IPage page, string label, string problem)
    {
        var field = page.Locator("form").GetByLabel(label, new() { Exact = true });
        await Assertions.Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(field).ToHaveAccessibleDescriptionAsync($"{label} {problem}.");
    }

    /// <summary>Nothing serious for axe, nothing on the console, nothing wider than the window.</summary>
    public static async Task ExpectSoundAsync(this WatchedPage watched, string picture)
    {
        await watched.PictureAsync(picture);
        Assert.Empty(await watched.SeriousAxeViolationsAsync());
        Assert.Empty(watched.Complaints);
        Assert.Equal(0, await watched.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
    }
}
