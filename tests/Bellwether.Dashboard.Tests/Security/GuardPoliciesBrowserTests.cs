using System.Text.RegularExpressions;
using Bellwether.Guardrails;
using Bellwether.Primitives;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

[Collection(nameof(SecurityCollection))]
public sealed class GuardPoliciesBrowserTests(SecurityServer server, Browser browser)
{
    private const string Path = "/p/default/security/policies";

    public static TheoryData<int, ColorScheme> Looks => OverviewBrowserTests.Looks;

    [Theory, MemberData(nameof(Looks))]
    public async Task List_form_trial_and_replay_break_no_rule_and_fit_the_window(int width, ColorScheme scheme)
    {
        await using var watched = await server.OpenAsync(browser, Path, width: width, scheme: scheme);
        var page = watched.Page;
        var look = $"{width}-{scheme}".ToLowerInvariant();
        await Assertions.Expect(page.Row("Checkout is strict")).ToContainTextAsync("endpoint checkout");
        await TryAsync(page, SecurityServer.Attack + " My card is 4111 1111 1111 1111, jane@example.com. " + SecurityServer.Hostile);
        await watched.ExpectSoundAsync($"policies-{look}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Checkout is strict", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".guard-survey")).ToContainTextAsync("Shares are of");
        await Assertions.Expect(page.GetByLabel("Policy", new() { Exact = true }).Locator("option:checked")).ToHaveTextAsync("As it stands above");
        await page.GetByRole(AriaRole.Button, new() { Name = "What would have happened?" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Outcomes by guard and action" })).ToContainTextAsync("Injection");
        await watched.ExpectSoundAsync($"policies-form-{look}");
    }

    [Fact]
    public async Task A_policy_is_made_with_its_mistakes_at_their_fields_then_changed_and_deleted()
    {
        await using var watched = await server.OpenAsync(browser, Path);
        var page = watched.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "New policy" }).ClickAsync();
        await page.GetByLabel("Endpoints").FillAsync("made-here");
        await page.GetByRole(AriaRole.Group, new() { Name = "Injection and jailbreak: User" }).GetByLabel("Flag from").FillAsync("0.9");
        await page.GetByRole(AriaRole.Group, new() { Name = "Injection and jailbreak: User" }).GetByLabel("Block from").FillAsync("0.4");
        await page.Button("Add a pattern").ClickAsync();
        await page.Locator("#pattern-0-name").FillAsync("ahead");
        await page.Locator("#pattern-0-text").FillAsync("(?=a)b");
        await page.Button("Add the policy").ClickAsync();
        await Assertions.Expect(page.Locator("#policy-name")).ToHaveAccessibleDescriptionAsync("Name is needed.");
        await Assertions.Expect(page.Locator("#injection-user-flag")).ToHaveAccessibleDescriptionAsync("Flag from must not be over block.");
        await Assertions.Expect(page.Locator("#pattern-0-text")).ToHaveAccessibleDescriptionAsync(new Regex("Pattern has look-around"));
        await watched.ExpectSoundAsync("policies-mistakes");
        await page.Locator("#policy-name").FillAsync("Made here");
        await page.Locator("#injection-user-flag").FillAsync("0.3");
        await page.Locator("#pattern-0-text").FillAsync("a+b");
        await page.GetByLabel("EMAIL, to the provider").SelectOptionAsync("tokenise");
        await page.Button("Add the policy").ClickAsync();
        await Assertions.Expect(page.Row("Made here")).ToContainTextAsync("Tokenise");
        await Assertions.Expect(page.Locator(".bw-status")).ToHaveTextAsync("Added. It holds for the next call.");
        var policies = server.Services.GetRequiredService<GuardPolicies>();
        var made = policies.Of(ProjectId.Default).Single(policy => policy.Name == "Made here");
        Assert.Equal((0.3, 0.4, "a+b", "made-here"), (made.Injection.User.Flag, made.Injection.User.Block, made.Patterns.Single().Pattern, made.AppliesTo.Endpoints.Single()));
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit Made here" }).ClickAsync();
        await page.Locator("#injection-mode").SelectOptionAsync("block");
        await page.Button("Save").ClickAsync();
        await Assertions.Expect(page.Row("Made here")).ToContainTextAsync("Block");
        await page.Button("Delete Made here").ClickAsync();
        await page.Row("Made here").Locator(".bw-confirm").GetByText("Delete").ClickAsync();
        await Assertions.Expect(page.Row("Made here")).ToHaveCountAsync(0);
        Assert.DoesNotContain(policies.Of(ProjectId.Default), policy => policy.Name == "Made here");
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task A_viewer_reads_tries_and_replays_a_policy_and_changes_none()
    {
        await using var watched = await server.OpenAsync(browser, Path, "vic");
        var page = watched.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "View Checkout is strict" }).ClickAsync();
        await Assertions.Expect(page.Locator("#policy-name")).ToBeDisabledAsync();
        await Assertions.Expect(page.Locator("#injection-mode")).ToBeDisabledAsync();
        await Assertions.Expect(page.Button("Save")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "What would have happened?" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Outcomes by guard and action" })).ToBeVisibleAsync();
        await watched.ExpectSoundAsync("policies-viewer");
    }

    [Fact]
    public async Task What_is_tried_is_judged_by_the_unsaved_policy_drawn_as_text_and_kept_nowhere()
    {
        await using var watched = await server.OpenAsync(browser, Path + "?policy=new");
        var page = watched.Page;
        await page.Locator("#injection-mode").SelectOptionAsync("block");
        await TryAsync(page, SecurityServer.Attack + " " + SecurityServer.Hostile + " jane@example.com canary-of-the-trial");
        await Assertions.Expect(page.Locator(".guard-try__outcome")).ToContainTextAsync("blocked.injection");
        await Assertions.Expect(page.Locator(".guard-try__text mark").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".guard-try__text")).ToContainTextAsync("<img src=x onerror=alert(1)>");
        Assert.Equal(0, await page.Locator(".guard-try__text img").CountAsync());
        await Assertions.Expect(page.Locator(".guard-try__text")).ToContainTextAsync("RLO");
        // The same text said by the model is no injection.
        await page.GetByLabel("Who says it").SelectOptionAsync("Answer");
        await page.Button("Try it").ClickAsync();
        await Assertions.Expect(page.Locator(".guard-try__findings li").Filter(new() { HasText = "Injection" })).ToContainTextAsync("Not looked at here");
        Assert.DoesNotContain("canary-of-the-trial", server.Log, StringComparison.Ordinal);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task A_replay_of_an_unsaved_policy_counts_and_leads_to_the_calls()
    {
        await using var watched = await server.OpenAsync(browser, Path + "?policy=new");
        var page = watched.Page;
        await page.Locator("#injection-mode").SelectOptionAsync("block");
        await page.GetByLabel("Endpoints").FillAsync("support");
        await Assertions.Expect(page.Locator(".guard-survey")).ToContainTextAsync("Shares are of");
        await Assertions.Expect(page.Locator("#injection-user-block-note")).ToContainTextAsync(new Regex(@"Reached by \d+ of \d+ calls"));
        await page.GetByRole(AriaRole.Button, new() { Name = "What would have happened?" }).ClickAsync();
        var outcomes = page.GetByRole(AriaRole.Region, new() { Name = "Outcomes by guard and action" });
        await Assertions.Expect(outcomes.GetByRole(AriaRole.Row).Filter(new() { HasText = "Injection" }).Filter(new() { HasText = "Blocked" })).ToContainTextAsync("%");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Outcomes by endpoint" })).Not.ToContainTextAsync("checkout");
        var href = await page.Locator(".guard-replay__list a").First.GetAttributeAsync("href");
        await watched.GoAsync(href!);
        await Assertions.Expect(page.Locator(".chat__message").First).ToBeVisibleAsync();
        Assert.Empty(watched.Complaints);
    }

    private static async Task TryAsync(IPage page, string text)
    {
        await page.GetByRole(AriaRole.Form, new() { Name = "Try a text" }).GetByLabel("Text", new() { Exact = true }).FillAsync(text);
        await page.Button("Try it").ClickAsync();
        await Assertions.Expect(page.Locator(".guard-try__outcome")).ToBeVisibleAsync();
    }
}
