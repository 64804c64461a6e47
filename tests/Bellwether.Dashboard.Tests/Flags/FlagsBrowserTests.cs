using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

/// <summary>Making and changing flags on their page, on the whole server.</summary>
[Collection(nameof(SettingsCollection))]
public sealed class FlagsBrowserTests(SettingsServer server, Browser browser)
{
    [Theory, InlineData(1440, ColorScheme.Light), InlineData(1440, ColorScheme.Dark), InlineData(390, ColorScheme.Light), InlineData(390, ColorScheme.Dark)]
    public async Task A_flag_is_made_changed_turned_off_and_removed(int width, ColorScheme scheme)
    {
        await using var watched = await server.OpenAsync(browser, "/p/default/flags", width: width, scheme: scheme);
        var page = watched.Page;
        var key = $"checkout/{width}-{scheme}".ToLowerInvariant();
        await page.Button("Flag").ClickAsync();
        var definition = page.GetByLabel("Definition", new() { Exact = true });
        await page.GetByLabel("Key", new() { Exact = true }).FillAsync("not a key");
        await definition.FillAsync("""{"type": "boolean", "split": [{"variant": "on", "weight": 1}]}""");
        await page.Button("Save flag").ClickAsync();
        await page.ExpectProblemAsync("Key", "must be 1 to 200 of A-Z a-z 0-9 . _ : - in parts between single slashes, no part only of dots");
        await page.GetByLabel("Key", new() { Exact = true }).FillAsync(key);
        await page.Button("Save flag").ClickAsync();
        await page.ExpectProblemAsync("Definition", "split has weights of 1 together; they must be 10000 (100 is 1 %)");
        await watched.ExpectSoundAsync($"flags-wrong-{width}-{scheme}".ToLowerInvariant());
        await definition.FillAsync("""{"type": "boolean", "colour": "red"}""");
        await page.Button("Save flag").ClickAsync();
        await page.ExpectProblemAsync("Definition", "colour is not a field that can be set here");
        await definition.FillAsync("""{"description": "<b>The new</b> way to pay", "type": "boolean", "rules": [{"when": [{"attribute": "plan", "operator": "eq", "value": "pro"}], "variant": "on"}], "split": [{"variant": "on", "weight": 2500}, {"variant": "off", "weight": 7500}]}""");
        await page.Button("Save flag").ClickAsync();
        var row = page.Row(key);
        await Assertions.Expect(row).ToContainTextAsync("1 rule, then on 25 %, off 75 %");
        await Assertions.Expect(row).ToContainTextAsync("<b>The new</b> way to pay");
        await watched.ExpectSoundAsync($"flags-{width}-{scheme}".ToLowerInvariant());

        await page.Button($"Change {key}").ClickAsync();
        await Assertions.Expect(definition).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("\"weight\": 2500"));
        await definition.FillAsync((await definition.InputValueAsync()).Replace("2500", "5000", StringComparison.Ordinal).Replace("7500", "5000", StringComparison.Ordinal));
        await page.Button("Save flag").ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("on 50 %, off 50 %");
        await page.Button($"Disable {key}").ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("disabled: off for everybody");
        await watched.ReloadAsync();
        await page.Button($"Enable {key}").ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("1 rule, then on 50 %, off 50 %");
        await page.Button($"Remove {key}").ClickAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Assertions.Expect(row).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_viewer_may_look_and_not_change()
    {
        await using var watched = await server.OpenAsync(browser, "/p/default/flags", person: "vic");
        await Assertions.Expect(watched.Page.GetByText("A flag turns something on for some users").Or(watched.Page.GetByRole(AriaRole.Table)).First).ToBeVisibleAsync();
        await Assertions.Expect(watched.Page.Button("Flag")).ToHaveCountAsync(0);
        await watched.ExpectSoundAsync("flags-viewer");
    }
}
