using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

[Collection(nameof(SettingsCollection))]
public sealed class ConnectBrowserTests(SettingsServer server, Browser browser)
{
    [Theory, InlineData(1440), InlineData(390)]
    public async Task A_key_is_made_in_place_and_shown_once_and_its_first_call_flips_the_page(int width)
    {
        var project = $"connect-{width}";
        await server.Services.GetRequiredService<ProjectSettings>().CreateAsync(Actor.System, new NewProject(project, $"Connect {width}"), CancellationToken.None);
        await using var watched = await server.OpenAsync(browser, $"/p/{project}/connect", width: width);
        var page = watched.Page;
        await Assertions.Expect(page.Locator(".connect__state")).ToContainTextAsync("Waiting for the first event");
        foreach (var client in (string[])["curl", "OpenAI Python", "LangChain", "OpenTelemetry", "Langfuse", "Helicone"])
        {
            await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = client, Exact = true }).Locator("code").First).ToContainTextAsync(server.Url);
        }
        await page.Button("Make a key").ClickAsync();
        var key = await page.Locator(".bw-once__value code").InnerTextAsync();
        await Assertions.Expect(page.GetByLabel("Line for the key")).ToHaveTextAsync($"export BELLWETHER_KEY={key}");
        await watched.ExpectSoundAsync($"connect-key-{width}");
        await page.Button("I have kept it").ClickAsync();
        await Assertions.Expect(page.Locator(".bw-once__value")).ToHaveCountAsync(0);
        Assert.DoesNotContain(key, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(key, server.Log, StringComparison.Ordinal);

        await page.APIRequest.PostAsync(server.Url + "/v1/chat/completions", new()
        {
            Headers = [new("Authorization", "Bearer " + key)], DataObject = new { model = "sim-fast", messages = new[] { new { role = "user", content = "Hello" } } },
        });
        await Assertions.Expect(page.Locator(".connect__state")).ToContainTextAsync("Events arrive");
        await watched.ExpectSoundAsync($"connect-there-{width}");
    }

    [Fact]
    public async Task Who_may_not_make_keys_pastes_one_and_hears_whether_it_is_of_this_project()
    {
        var settings = server.Services.GetRequiredService<KeySettings>();
        var mine = (await settings.CreateAsync(Actor.System, ProjectId.Default, new("Pasted <b>", null, true, null, null), CancellationToken.None)).Value!.Token.Reveal();
        var other = (await settings.CreateAsync(Actor.System, new("search-team"), new("Theirs", null, true, null, null), CancellationToken.None)).Value!.Token.Reveal();
        await using var watched = await server.OpenAsync(browser, "/p/default/connect", "vic");
        var page = watched.Page;
        var box = page.GetByLabel("Paste a key");
        await box.FillAsync("sk-of-a-provider-0123456789");
        await Assertions.Expect(box).ToHaveAccessibleDescriptionAsync("No such key. A provider's own key goes where it went before; this is about a key of Bellwether.");
        await box.FillAsync(other);
        await Assertions.Expect(box).ToHaveAccessibleDescriptionAsync("This key is of another project: what it sends appears there.");
        await box.FillAsync(mine);
        await Assertions.Expect(box).ToHaveAccessibleDescriptionAsync("Key “Pasted <b>” of this project.");
        // The page shows no more of it than settings do.
        Assert.DoesNotContain(mine, await page.InnerTextAsync("body"), StringComparison.Ordinal);
        await Assertions.Expect(page.Button("Make a key")).ToHaveCountAsync(0);
        await watched.ExpectSoundAsync("connect-viewer");
    }
}
