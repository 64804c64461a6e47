using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

/// <summary>Every settings page and its form, at every width and in both colour schemes.</summary>
[Collection(nameof(SettingsCollection))]
public sealed class SettingsLooksTests(SettingsServer server, Browser browser)
{
    public static TheoryData<int, ColorScheme> Looks => OverviewBrowserTests.Looks;

    [Theory, MemberData(nameof(Looks))]
    public async Task Every_page_breaks_no_rule_and_fits_the_window(int width, ColorScheme scheme)
    {
        await using var watched = await server.OpenAsync(browser, "/settings/providers", width: width, scheme: scheme);
        foreach (var (name, opener) in new[] { ("providers", "Add provider"), ("keys", "New key"), ("prices", "Own price"), ("project", ""), ("users", "Invite"), ("system", "") })
        {
            await watched.GoAsync($"/settings/{name}" + (name == "prices" ? "?q=sonnet" : ""));
            await Assertions.Expect(watched.Page.Locator(".bw-panel__body :is(td, dd, li)").First).ToBeVisibleAsync();
            await watched.ExpectSoundAsync($"settings-{name}-{width}-{scheme}".ToLowerInvariant());
            if (opener.Length > 0)
            {
                await watched.Page.Button(opener).ClickAsync();
                // The button is gone; whoever uses the keyboard is taken to the form.
                await Assertions.Expect(watched.Page.Locator("form.bw-form:focus")).ToBeVisibleAsync();
                await watched.ExpectSoundAsync($"settings-{name}-form-{width}-{scheme}".ToLowerInvariant());
            }
        }
    }

    [Theory, MemberData(nameof(Looks))]
    public async Task Signing_in_breaks_no_rule_and_fits_the_window(int width, ColorScheme scheme)
    {
        await using var watched = await browser.OpenAsync(server.Url, width, 900, scheme);
        foreach (var (name, url) in new[] { ("plain", "/signin"), ("wrong", "/signin?problem=wrong"), ("link", await server.InviteAsync(Bellwether.Identity.Role.Editor)), ("link-used", "/signin?link=" + new string('0', 64)) })
        {
            await watched.Page.GotoAsync(url);
            await Assertions.Expect(watched.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await watched.ExpectSoundAsync($"signin-{name}-{width}-{scheme}".ToLowerInvariant());
        }
    }

    [Theory, InlineData(1440), InlineData(390)]
    public async Task A_viewer_sees_settings_and_can_change_none(int width)
    {
        await using var watched = await server.OpenAsync(browser, "/settings/providers", "vic", width);
        var page = watched.Page;
        await Assertions.Expect(page.Row("seeded")).ToContainTextAsync("Stored");
        foreach (var name in new[] { "providers", "prices", "project", "system" })
        {
            await watched.GoAsync($"/settings/{name}");
            await Assertions.Expect(page.Locator(".bw-panel__body :is(td, dd, li)").First).ToBeVisibleAsync();
            await Assertions.Expect(page.Locator("main :is(button, input:not([type=search]):not([readonly]):not([disabled]), select)").Filter(new() { HasNotText = "Show more" })).ToHaveCountAsync(0);
            await watched.ExpectSoundAsync($"settings-{name}-viewer-{width}");
        }
        foreach (var name in new[] { "keys", "users" })
        {
            var answer = await page.GotoAsync($"/settings/{name}");
            Assert.Equal(403, answer!.Status);
            await Assertions.Expect(page.GetByText("Your role does not include this page")).ToBeVisibleAsync();
            // The console tells of the 403, which is meant.
            watched.Complaints.RemoveAll(complaint => complaint.Contains("403", StringComparison.Ordinal));
            await watched.ExpectSoundAsync($"settings-{name}-viewer-{width}");
        }
    }

    [Fact]
    public async Task What_a_receiver_refused_is_on_the_system_page_with_its_reason()
    {
        using (var client = new HttpClient { BaseAddress = new Uri(server.Url) })
        {
            using var refused = await client.PostAsync("/batch/", new StringContent("""{"api_key":"phc_unknown","batch":[]}"""));
            Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
        }
        await using var watched = await server.OpenAsync(browser, "/settings/system");
        var row = watched.Page.GetByRole(AriaRole.Region, new() { Name = "Table of refusals" }).GetByRole(AriaRole.Row).Filter(new() { HasText = "PostHog" });
        await Assertions.Expect(row).ToContainTextAsync("Whole requests");
        await Assertions.Expect(row).ToContainTextAsync("Bellwether key missing or not valid");
        Assert.DoesNotContain("phc_unknown", await watched.Page.ContentAsync(), StringComparison.Ordinal);
        await watched.ExpectSoundAsync("settings-system-refused");
    }

    [Fact]
    public async Task A_stranger_is_led_to_the_sign_in_page_and_back()
    {
        await using var watched = await browser.OpenAsync(server.Url);
        var page = watched.Page;
        await page.GotoAsync("/settings/system");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await page.GetByLabel("Sign-in name").FillAsync("ada");
        await page.GetByLabel("Password").FillAsync("not the pass phrase");
        await page.Button("Sign in").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The name or the password is wrong.");
        await page.GetByLabel("Sign-in name").FillAsync("ada");
        await page.GetByLabel("Password").FillAsync(SettingsServer.Password);
        await page.Button("Sign in").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(server.Url + "/settings/system");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "System" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Ready", new() { Exact = true })).ToBeVisibleAsync();

        await page.Locator(".bw-app[data-live]").WaitForAsync();
        await page.GetByLabel("Account and appearance").First.ClickAsync();
        await page.Button("Sign out").ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(server.Url + "/signin");
        await page.GotoAsync("/settings/system");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        Assert.Empty(watched.Complaints);
    }
}
