using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Providers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

[Collection(nameof(SettingsCollection))]
public sealed class ProvidersAndKeysBrowserTests(SettingsServer server, Browser browser)
{
    [Theory, InlineData(1440), InlineData(390)]
    public async Task A_provider_is_added_tested_and_removed_and_its_key_is_never_shown_again(int width)
    {
        var name = $"upstream-{width}";
        await using var watched = await server.OpenAsync(browser, "/settings/providers", width: width);
        var page = watched.Page;
        await page.Button("Add provider").ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Base URL").FillAsync(server.UpstreamUrl);
        await page.GetByLabel("API key").FillAsync("sk-wrong-9876543210");
        await page.Button("Save").ClickAsync();
        await Assertions.Expect(page.Row(name)).ToContainTextAsync("Stored");
        await page.Button($"Test {name}").ClickAsync();
        await Assertions.Expect(page.Row(name)).ToContainTextAsync("rejected the key");

        await page.Button($"Change {name}").ClickAsync();
        await Assertions.Expect(page.GetByLabel("API key")).ToHaveValueAsync("");
        await page.GetByLabel("API key").FillAsync(SettingsServer.UpstreamKey);
        await page.Button("Save").ClickAsync();
        await page.Button($"Test {name}").ClickAsync();
        await Assertions.Expect(page.Row(name)).ToContainTextAsync("The provider answered and took the key.");
        await watched.ExpectSoundAsync($"settings-provider-tested-{width}");

        // What is left empty keeps the key, and a key never leaves with another address.
        await page.Button($"Change {name}").ClickAsync();
        await page.GetByLabel("Base URL").FillAsync("https://elsewhere.example/v1");
        await page.Button("Save").ClickAsync();
        await page.ExpectProblemAsync("API key", "must be entered again when the address changes");
        await page.Button("Cancel").ClickAsync();

        foreach (var secret in new[] { "sk-wrong-9876543210", SettingsServer.UpstreamKey })
        {
            Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);
            Assert.DoesNotContain(secret, server.Log, StringComparison.Ordinal);
        }
        await watched.GoAsync("/settings/providers");
        Assert.DoesNotContain(SettingsServer.UpstreamKey, await page.ContentAsync(), StringComparison.Ordinal);

        await page.Button($"Remove {name}").ClickAsync();
        await page.Row(name).GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Row(name)).ToHaveCountAsync(0);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Bad_input_of_a_provider_and_a_route_names_the_field()
    {
        await using var watched = await server.OpenAsync(browser, "/settings/providers");
        var page = watched.Page;
        await page.Button("Add provider").ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Not A Slug");
        await page.GetByLabel("Base URL").FillAsync("no address");
        await page.GetByLabel("API key").FillAsync("with a blank");
        await page.Button("Save").ClickAsync();
        await page.ExpectProblemAsync("Name", "must be 1 to 64 characters of a-z, 0-9, - and _");
        await page.ExpectProblemAsync("Base URL", "must be an absolute http or https URL without a user name, query or fragment");
        await page.ExpectProblemAsync("API key", "must be visible ASCII characters without spaces");
        await watched.ExpectSoundAsync("settings-provider-wrong");
        await page.GetByLabel("Base URL").FillAsync("http://169.254.169.254/latest");
        await page.Button("Save").ClickAsync();
        await page.ExpectProblemAsync("Base URL", "is a link-local or metadata address, where credentials of this machine are and no provider; an operator can list it in Bellwether:Network:PrivateTargets");
        await page.Button("Cancel").ClickAsync();

        await page.GetByLabel("Model", new() { Exact = true }).FillAsync("gpt*4o");
        await page.Button("Add route").ClickAsync();
        await page.ExpectProblemAsync("Model", "may have a * at its end only");
        await page.ExpectProblemAsync("Provider", "is not the name of a provider");
        Assert.Empty(watched.Complaints);
    }

    [Theory]
    [InlineData("http://169.254.169.254/v1", false), InlineData("http://2852039166", false), InlineData("http://0xA9FEA9FE/v1", false), InlineData("http://[::ffff:169.254.169.254]/v1", false), InlineData("http://[fe80::1]/v1", false)]
    [InlineData("http://127.0.0.1:11434/v1", true), InlineData("http://localhost:11434/v1", true), InlineData("http://10.1.2.3:8000/v1", true), InlineData("http://192.168.1.20:8000/v1", true)]
    public async Task A_provider_may_be_on_the_own_network_and_not_where_a_cloud_keeps_credentials(string address, bool may)
    {
        var saved = await server.Services.GetRequiredService<ProviderSettings>().SaveAsync(Actor.System, "somewhere", new ProviderEntry("openai", address, "", [], null), CancellationToken.None);
        Assert.Equal(may, saved.Value is not null);
        if (!may) { Assert.Equal(["baseUrl"], saved.Errors.Keys); }
        else { await server.Services.GetRequiredService<ProviderSettings>().DeleteAsync(Actor.System, "somewhere", CancellationToken.None); }
    }

    [Fact]
    public async Task A_double_click_asks_and_does_not_answer_and_a_name_turns_no_text_around()
    {
        await server.Services.GetRequiredService<KeySettings>().CreateAsync(Actor.System, ProjectId.Default, new NewKey("pay\u202Egnp.exe", null, true, [], null), CancellationToken.None);
        await using var watched = await server.OpenAsync(browser, "/settings/keys");
        var page = watched.Page;
        await page.Row("gnp.exe").GetByRole(AriaRole.Button).DblClickAsync();
        await Assertions.Expect(page.Locator(".bw-confirm")).ToBeVisibleAsync();
        await Assertions.Expect(page.Row("gnp.exe")).ToContainTextAsync("Active");
        Assert.DoesNotContain('\u202E', await page.Row("gnp.exe").InnerTextAsync());
        Assert.Empty(watched.Complaints);
    }

    [Theory, InlineData(1440), InlineData(390)]
    public async Task A_key_is_shown_once_works_and_is_revoked(int width)
    {
        var name = $"Checkout {width}";
        await using var watched = await server.OpenAsync(browser, "/settings/keys", width: width);
        var page = watched.Page;
        await page.Button("New key").ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Access").SelectOptionAsync("Viewer");
        await page.Button("Create key").ClickAsync();
        var key = await page.Locator(".bw-once__value code").InnerTextAsync();
        Assert.Equal(200, await StatusAsync(page, key));
        await watched.ExpectSoundAsync($"settings-key-once-{width}");

        await page.Button("I have kept it").ClickAsync();
        await Assertions.Expect(page.Locator(".bw-once__value")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Row(name)).ToContainTextAsync("Active");
        Assert.DoesNotContain(key, await page.ContentAsync(), StringComparison.Ordinal);
        await watched.GoAsync("/settings/keys");
        Assert.DoesNotContain(key, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(key, server.Log, StringComparison.Ordinal);

        // By keyboard: the question takes the focus, "Keep" gives it back.
        await page.Button($"Revoke {name}").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Row(name).GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Button($"Revoke {name}")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Row(name).GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).PressAsync("Enter");
        await Assertions.Expect(page.Row(name)).ToContainTextAsync("Revoked");
        Assert.Equal(401, await StatusAsync(page, key));
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task A_key_expires_on_its_day_and_a_day_of_the_past_is_refused()
    {
        await using var watched = await server.OpenAsync(browser, "/settings/keys");
        var page = watched.Page;
        await page.Button("New key").ClickAsync();
        await page.GetByLabel("Expires").FillAsync("2020-02-29");
        await page.Button("Create key").ClickAsync();
        await page.ExpectProblemAsync("Name", "is needed");
        await page.ExpectProblemAsync("Expires", "must be in the future");

        var day = server.Clock.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Short-lived");
        await page.GetByLabel("Expires").FillAsync(day);
        await page.GetByLabel("Access").SelectOptionAsync("Viewer");
        await page.Button("Create key").ClickAsync();
        var key = await page.Locator(".bw-once__value code").InnerTextAsync();
        await Assertions.Expect(page.Row("Short-lived")).ToContainTextAsync($"{day} 23:59:59");
        Assert.Equal(200, await StatusAsync(page, key));
        server.Clock.Ahead = TimeSpan.FromDays(2);
        try
        {
            await watched.GoAsync("/settings/keys");
            await Assertions.Expect(page.Row("Short-lived")).ToContainTextAsync("Expired");
            Assert.Equal(401, await StatusAsync(page, key));
        }
        finally
        {
            server.Clock.Ahead = TimeSpan.Zero;
        }
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Keys_are_those_of_the_project_that_the_frame_shows()
    {
        // A project of its own: other tests make keys in the shared ones.
        await server.Services.GetRequiredService<ProjectSettings>().CreateAsync(Actor.System, new NewProject("keyless", "No keys"), CancellationToken.None);
        await using var watched = await server.OpenAsync(browser, "/p/keyless");
        var page = watched.Page;
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = "Keys" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(server.Url + "/settings/keys?project=keyless");
        await Assertions.Expect(page.GetByText("There is no key yet")).ToBeVisibleAsync();
        await watched.ReloadAsync();
        await Assertions.Expect(page.Locator(".bw-project__name")).ToHaveTextAsync("No keys");

        await watched.GoAsync("/settings/keys?project=no-such");
        await Assertions.Expect(page.GetByText("There is no such project")).ToBeVisibleAsync();
        await Assertions.Expect(page.Button("New key")).ToHaveCountAsync(0);
        Assert.Empty(watched.Complaints);
    }

    private static async Task<int> StatusAsync(IPage page, string key)
    {
        var answer = await page.APIRequest.GetAsync("/api/v1/observations?limit=1", new() { Headers = [new("Authorization", $"Bearer {key}")] });
        return answer.Status;
    }
}
