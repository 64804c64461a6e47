using System.Text.RegularExpressions;
using Bellwether.Identity;
using Bellwether.Pricing;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

[Collection(nameof(SettingsCollection))]
public sealed class PricesProjectUsersBrowserTests(SettingsServer server, Browser browser)
{
    [Theory, InlineData(1440), InlineData(390)]
    public async Task A_price_is_found_overridden_and_let_go_again(int width)
    {
        await using var watched = await server.OpenAsync(browser, "/settings/prices", width: width);
        var page = watched.Page;
        await page.GetByLabel("Search prices").PressSequentiallyAsync("gpt-4o-mini openai");
        await Assertions.Expect(page.GetByLabel("Search prices")).ToHaveValueAsync("gpt-4o-mini openai");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("q=gpt-4o-mini%20openai"));
        await watched.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("Search prices")).ToHaveValueAsync("gpt-4o-mini openai");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Own price for claude" })).ToHaveCountAsync(0);
        await page.Button("Own price for gpt-4o-mini").First.ClickAsync();
        await Assertions.Expect(page.GetByLabel("Model", new() { Exact = true })).ToHaveValueAsync("gpt-4o-mini");
        await Assertions.Expect(page.GetByLabel("Input", new() { Exact = true })).ToHaveValueAsync("0.15");
        var model = $"gpt-4o-mini-{width}";
        await page.GetByLabel("Model", new() { Exact = true }).FillAsync(model);
        await page.GetByLabel("Input", new() { Exact = true }).FillAsync("0.07");
        await page.Button("Save price").ClickAsync();
        var own = page.GetByRole(AriaRole.Region, new() { Name = "Table of own prices" });
        await Assertions.Expect(own).ToContainTextAsync(model);
        await Assertions.Expect(own).ToContainTextAsync("0.07");
        await watched.ExpectSoundAsync($"settings-prices-own-{width}");

        await page.Button($"Remove the price of {model}").ClickAsync();
        await own.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Assertions.Expect(own).Not.ToContainTextAsync(model);

        await watched.GoAsync("/settings/prices?q=no-such-model");
        await Assertions.Expect(page.GetByText("No model fits “no-such-model”")).ToBeVisibleAsync();
        Assert.Empty(watched.Complaints);
    }

    [Theory, InlineData(1440), InlineData(390)]
    public async Task History_is_priced_again_after_a_look_at_what_would_change(int width)
    {
        var model = $"history-model-{width}";
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var call = new Observation
        {
            Id = Guid.CreateVersion7(now), Project = ProjectId.Default, StartTime = now.AddDays(-width / 400.0), Kind = ObservationKind.Llm, State = ObservationState.Ok,
            Model = model, RequestModel = model, Usage = new Usage { InputTokens = 1_000_000, OutputTokens = 0 },
        };
        Assert.True(server.Services.GetRequiredService<ITelemetryIntake>().TryAppend(TelemetryRecord.Of(call, ObservationPayload.Empty), out _));
        // Stored without a price before there is one.
        while (await server.Services.GetRequiredService<ITelemetryStore>().ReadAsync(ProjectId.Default, call.Id, CancellationToken.None) is null)
        {
            await Task.Delay(20);
        }
        var own = await server.Services.GetRequiredService<PriceOverrideStore>().AddAsync(new PriceOverrideDraft("", model, new DateOnly(2026, 1, 1), 3, 3, null, null, null), Actor.System, CancellationToken.None);
        await using var watched = await server.OpenAsync(browser, "/settings/prices", width: width);
        var history = watched.Page.GetByRole(AriaRole.Region, new() { Name = "History" });

        await history.GetByLabel("To", new() { Exact = true }).FillAsync("2020-01-01");
        await watched.Page.Button("What would change?").ClickAsync();
        await Assertions.Expect(history.GetByLabel("To", new() { Exact = true })).ToHaveAccessibleDescriptionAsync("To must not be before the first day.");
        await history.GetByLabel("To", new() { Exact = true }).FillAsync(now.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        await watched.Page.Button("What would change?").ClickAsync();
        await Assertions.Expect(history).ToContainTextAsync(new Regex("The cost of 1 of \\d+ calls, from \\$0 to \\$3.00, would change."));
        await watched.ExpectSoundAsync($"settings-prices-history-{width}");

        await watched.Page.Button("Re-price the stored calls of these days").ClickAsync();
        await Assertions.Expect(history).ToContainTextAsync("Change the stored cost of 1 call?");
        await history.GetByRole(AriaRole.Button, new() { Name = "Re-price", Exact = true }).ClickAsync();
        await Assertions.Expect(history).ToContainTextAsync("from $0 to $3.00, changed.");
        var stored = await server.Services.GetRequiredService<TelemetryReader>().ReadAsync(ProjectId.Default, call.Id, CancellationToken.None);
        Assert.Equal(new Cost(3, 0, own.Version), stored!.Observation.Cost);
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task Bad_input_of_a_price_names_the_field()
    {
        await using var watched = await server.OpenAsync(browser, "/settings/prices?q=sonnet");
        var page = watched.Page;
        await page.Button("Own price").ClickAsync();
        await page.Button("Save price").ClickAsync();
        await page.ExpectProblemAsync("Model", "must be a model, or a prefix with a * at its end, of at most 200 characters");
        await page.ExpectProblemAsync("Input", "is needed, unless the output price is set");
        await page.GetByLabel("Model", new() { Exact = true }).FillAsync("a*b");
        await page.GetByLabel("Output", new() { Exact = true }).FillAsync("-1");
        await page.Button("Save price").ClickAsync();
        await page.ExpectProblemAsync("Model", "may have a * at its end only");
        await page.ExpectProblemAsync("Output", "must be between 0 and 1,000,000 USD per million tokens");
        // A browser makes 15 of "1,5" and nothing of "1e"; both would be wrong prices.
        await page.GetByLabel("Model", new() { Exact = true }).FillAsync("half-a-price");
        await page.GetByLabel("Valid from", new() { Exact = true }).FillAsync("");
        await page.GetByLabel("Input", new() { Exact = true }).FillAsync("1,5");
        await page.GetByLabel("Output", new() { Exact = true }).FillAsync("1e");
        await page.Keyboard.PressAsync("Enter");
        await page.ExpectProblemAsync("Valid from", "is needed");
        await page.ExpectProblemAsync("Input", "must be a number with a point, such as 0.15");
        await page.ExpectProblemAsync("Output", "must be a number with a point, such as 0.15");
        // Whoever sent it by key is at the first field that is wrong.
        await Assertions.Expect(page.GetByLabel("Valid from", new() { Exact = true })).ToBeFocusedAsync();
        await page.Button("Cancel").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();

        await page.GetByLabel("From", new() { Exact = true }).FillAsync("0001-01-01");
        await page.Button("What would change?").ClickAsync();
        await page.ExpectProblemAsync("From", "must not be before 2015");
        await page.GetByLabel("From", new() { Exact = true }).FillAsync("2026-01-01");
        await page.GetByLabel("To", new() { Exact = true }).FillAsync("9999-12-31");
        await page.Button("What would change?").ClickAsync();
        await page.ExpectProblemAsync("To", "must not be in the future");
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task A_project_is_made_and_renamed_and_bad_input_names_the_field()
    {
        await using var watched = await server.OpenAsync(browser, "/settings/project");
        var page = watched.Page;
        var rename = page.GetByRole(AriaRole.Form, new() { Name = "Rename project" });
        var make = page.GetByRole(AriaRole.Form, new() { Name = "New project" });
        await rename.GetByLabel("Name").FillAsync(" ");
        await page.Button("Save").ClickAsync();
        await Assertions.Expect(rename.GetByLabel("Name")).ToHaveAccessibleDescriptionAsync("Name is needed.");
        await rename.GetByLabel("Name").FillAsync("Default <b>");
        await page.Button("Save").ClickAsync();
        await Assertions.Expect(page.GetByText("The name is saved.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Default <b>", Exact = true })).ToBeVisibleAsync();

        await make.GetByLabel("Id").FillAsync("Search Team");
        await make.GetByLabel("Name").FillAsync("Billing");
        await page.Button("Make project").ClickAsync();
        await Assertions.Expect(make.GetByLabel("Id")).ToHaveAccessibleDescriptionAsync("Id must be 1 to 64 characters of a-z, 0-9 and -.");
        await make.GetByLabel("Id").FillAsync("search-team");
        await page.Button("Make project").ClickAsync();
        await Assertions.Expect(make.GetByLabel("Id")).ToHaveAccessibleDescriptionAsync("Id is taken.");
        await make.GetByLabel("Id").FillAsync("billing");
        await page.Button("Make project").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings of Billing" }).ClickAsync();
        await Assertions.Expect(rename.GetByLabel("Name")).ToHaveValueAsync("Billing");
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task A_person_is_invited_by_a_link_that_works_once()
    {
        await using var watched = await server.OpenAsync(browser, "/settings/users");
        var page = watched.Page;
        await page.Button("Invite").ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Projects" }).FillAsync("nowhere");
        await page.Button("Make link").ClickAsync();
        await page.ExpectProblemAsync("Projects", "names a project that does not exist");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Projects" }).FillAsync("search-team");
        await page.Button("Make link").ClickAsync();
        var link = await page.Locator(".bw-once__value code").InnerTextAsync();
        Assert.StartsWith(server.Url + "/signin?link=", link, StringComparison.Ordinal);
        await watched.ExpectSoundAsync("settings-users-link");
        await page.Button("I have kept it").ClickAsync();
        await Assertions.Expect(page.Locator(".bw-once__value")).ToHaveCountAsync(0);
        Assert.DoesNotContain(link.Split('=')[1], await page.ContentAsync(), StringComparison.Ordinal);

        await using (var invited = await browser.OpenAsync(server.Url))
        {
            await invited.Page.GotoAsync(link);
            await invited.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Grace Hopper");
            await invited.Page.GetByLabel("Sign-in name").FillAsync("ada");
            await invited.Page.GetByLabel("Password").FillAsync("another long phrase");
            await invited.Page.Button("Make account").ClickAsync();
            await Assertions.Expect(invited.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("That name is taken.");
            await invited.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Grace Hopper");
            await invited.Page.GetByLabel("Sign-in name").FillAsync("grace");
            await invited.Page.GetByLabel("Password").FillAsync("another long phrase");
            await invited.Page.Button("Make account").ClickAsync();
            // Bound to one project: that is where she begins, and the frame names no other.
            await Assertions.Expect(invited.Page).ToHaveURLAsync(server.Url + "/p/search-team");
            await invited.GoAsync("/settings/system");
            await Assertions.Expect(invited.Page.Locator(".bw-project__name")).ToHaveTextAsync("Search team");
            await invited.Page.GotoAsync(link);
            await Assertions.Expect(invited.Page.GetByRole(AriaRole.Heading, new() { Name = "This link cannot be used" })).ToBeVisibleAsync();
            Assert.Empty(invited.Complaints);
        }

        await watched.GoAsync("/settings/users");
        await Assertions.Expect(page.Row("Grace Hopper")).ToContainTextAsync("search-team");
        await page.GetByLabel("Role of Grace Hopper").SelectOptionAsync("Editor");
        await Assertions.Expect(page.GetByText("Grace Hopper is editor now.")).ToBeVisibleAsync();
        await page.Button("Disable Grace Hopper").ClickAsync();
        await page.Row("Grace Hopper").GetByRole(AriaRole.Button, new() { Name = "Disable", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Row("Grace Hopper")).ToContainTextAsync("Disabled");
        Assert.Empty(watched.Complaints);
    }

    [Fact]
    public async Task The_last_administrator_stays_one_and_the_page_says_so()
    {
        await using var watched = await server.OpenAsync(browser, "/settings/users");
        var page = watched.Page;
        await page.GetByLabel("Role of Ada Lovelace").SelectOptionAsync("Viewer");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("would leave nobody who can administer");
        await Assertions.Expect(page.GetByLabel("Role of Ada Lovelace")).ToHaveValueAsync("Administrator");
        await watched.ExpectSoundAsync("settings-users-refused");
    }
}
