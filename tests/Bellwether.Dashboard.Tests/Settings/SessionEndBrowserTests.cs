using System.Text.RegularExpressions;
using Bellwether.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

/// <summary>A page that is open when its session ends, ends too.</summary>
[Collection(nameof(SettingsCollection))]
public sealed class SessionEndBrowserTests(SettingsServer server, Browser browser)
{
    private static readonly Regex SignInPage = new(@"/signin\?returnUrl=%2Fp%2Fdefault%2Fflags");

    [Fact]
    public async Task Signing_out_ends_the_pages_of_other_tabs_and_a_copy_of_the_cookie()
    {
        await server.AddPersonAsync("tabs", "Tab Person", Role.Viewer);
        var session = await server.SessionAsync(browser, "tabs");
        await using var watched = await browser.OpenAsync(server.Url, session: session);
        await watched.GoAsync("/p/default/flags");
        await watched.Page.EvaluateAsync("""
            () => {
                const framework = Blazor._internal.navigationManager, leave = framework.navigateTo;
                framework.navigateTo = (...to) => { sessionStorage.setItem('left', to[0]); return leave(...to); };
            }
            """);
        var other = await watched.Page.Context.NewPageAsync();
        await other.GotoAsync("/settings/project");
        await other.Locator(".bw-app[data-live]").WaitForAsync();
        await other.GetByRole(AriaRole.Button, new() { Name = "Account and appearance" }).ClickAsync();
        await other.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(other).ToHaveURLAsync(new Regex("/signin$"));
        // Nobody touches the first tab.
        await Assertions.Expect(watched.Page).ToHaveURLAsync(SignInPage);
        await Assertions.Expect(watched.Page.GetByLabel("Password")).ToBeVisibleAsync();
        // The framework would wait for an answer of a browser that has left, and call it an error a minute later.
        Assert.Null(await watched.Page.EvaluateAsync<string?>("sessionStorage.getItem('left')"));

        await using var thief = await browser.OpenAsync(server.Url, session: session);
        await thief.Page.GotoAsync("/p/default/flags");
        await Assertions.Expect(thief.Page).ToHaveURLAsync(SignInPage);
    }

    [Theory, InlineData("disabled"), InlineData("role"), InlineData("password")]
    public async Task A_changed_account_ends_its_open_pages(string change)
    {
        await server.AddPersonAsync("gone-" + change, "Gone Person", Role.Editor);
        await using var watched = await browser.OpenAsync(server.Url, session: await server.SessionAsync(browser, "gone-" + change));
        await watched.GoAsync("/p/default/flags");
        await using var stays = await server.OpenAsync(browser, "/p/default/flags");
        var accounts = server.Services.GetRequiredService<AccountSettings>();
        var id = server.Services.GetRequiredService<Accounts>().BySignInName("gone-" + change)!.Id;
        switch (change)
        {
            case "password":
                var link = (await accounts.ResetAsync(Actor.System, id, CancellationToken.None)).Value!.Path.Reveal();
                await server.Services.GetRequiredService<SignIn>().LinkAsync(new LinkForm(link.Split('=')[1], "", "", "another long pass phrase"), CancellationToken.None);
                break;
            default:
                await accounts.PatchAsync(Actor.System, id, change == "role" ? new AccountPatch(null, Role.Viewer, null, null) : new AccountPatch(null, null, null, true), CancellationToken.None);
                break;
        }
        await Assertions.Expect(watched.Page).ToHaveURLAsync(SignInPage);
        // Everybody else stays where they are.
        await Assertions.Expect(stays.Page.GetByRole(AriaRole.Heading, new() { Name = "Flags", Level = 1 })).ToBeVisibleAsync();
        Assert.Empty(stays.Complaints);
    }
}
