using System.Text.RegularExpressions;
using Bellwether.Evaluators;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Bellwether.Dashboard.Tests;

/// <summary>Making evaluators and question sets on their pages, on the whole server.</summary>
[Collection(nameof(SettingsCollection))]
public sealed class EvaluatorsBrowserTests(SettingsServer server, Browser browser)
{
    [Theory, InlineData(1440, ColorScheme.Light), InlineData(390, ColorScheme.Dark)]
    public async Task An_evaluator_is_made_changed_stopped_and_removed(int width, ColorScheme scheme)
    {
        await using var watched = await server.OpenAsync(browser, "/p/default/quality/evaluators", width: width, scheme: scheme);
        var page = watched.Page;
        var name = $"No prices {width}";
        await page.Button("Evaluator").ClickAsync();
        await watched.ExpectSoundAsync($"evaluators-judge-{width}");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Kind", new() { Exact = true }).SelectOptionAsync("Regex");
        await page.GetByLabel("Pattern", new() { Exact = true }).FillAsync("(?=EUR)");
        await page.Button("Save evaluator").ClickAsync();
        await Assertions.Expect(page.GetByText("Patterns run without backtracking")).ToBeVisibleAsync();
        await watched.ExpectSoundAsync($"evaluators-wrong-{width}");
        await page.GetByLabel("Pattern", new() { Exact = true }).FillAsync(@"EUR \d+");
        await page.GetByLabel("A match", new() { Exact = true }).SelectOptionAsync("fails");
        await page.Button("Save evaluator").ClickAsync();
        await Assertions.Expect(page.Row(name)).ToContainTextAsync("10.0 %");
        await Assertions.Expect(page.Row(name)).ToContainTextAsync("no data");
        await watched.ExpectSoundAsync($"evaluators-{width}");
        await page.Button($"Change {name}").ClickAsync();
        await Assertions.Expect(page.GetByLabel("A match", new() { Exact = true })).ToHaveValueAsync("fails");
        await page.GetByLabel("Share in percent", new() { Exact = true }).FillAsync("100");
        await page.Button("Save evaluator").ClickAsync();
        await Assertions.Expect(page.Row(name)).ToContainTextAsync("100 %");
        await page.Button($"Stop {name}").ClickAsync();
        await Assertions.Expect(page.Row(name)).ToContainTextAsync("off");
        await page.Button($"Remove {name}").ClickAsync();
        await page.Row(name).GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Row(name)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_an_evaluator_said_and_how_far_people_agree_stands_in_its_row()
    {
        var made = await server.Services.GetRequiredService<EvaluatorStore>().CreateAsync(
            Actor.System, ProjectId.Default, new EvaluatorDraft { Name = "Brief", Kind = EvaluatorKind.Code, Checks = [new("max_length", "20")], Filter = "endpoint:brief" }, CancellationToken.None);
        Assert.NotNull(made.Value);
        var now = server.Services.GetRequiredService<TimeProvider>().GetUtcNow().AddMinutes(-5);
        var intake = server.Services.GetRequiredService<ITelemetryIntake>();
        for (var i = 0; i < 8; i++)
        {
            var call = new Observation { Id = Guid.CreateVersion7(now), Project = ProjectId.Default, StartTime = now, Kind = ObservationKind.Llm, State = ObservationState.Ok, Operation = "chat", Endpoint = "brief" };
            var answer = i < 6 ? "Two hours." : "It takes two hours, and sometimes a little longer.";
            var vote = new Annotation { Id = Guid.CreateVersion7(now), Project = ProjectId.Default, Time = now, ObservationId = call.Id, Name = "user_feedback", Source = "user", Number = i < 5 ? 1 : 0, Author = "ann" };
            Assert.True((await intake.AppendAsync(new[]
            {
                TelemetryRecord.Of(call, new ObservationPayload { Output = System.Text.Encoding.UTF8.GetBytes($$$"""{"choices":[{"message":{"role":"assistant","content":"{{{answer}}}"}}]}""") }), TelemetryRecord.Of(vote),
            }, CancellationToken.None)).Accepted);
        }
        await using var watched = await server.OpenAsync(browser, "/p/default/quality/evaluators");
        var row = watched.Page.Row("Brief");
        for (var i = 0; i < 100 && !(await row.InnerTextAsync()).Contains("8 votes", StringComparison.Ordinal); i++)
        {
            await Task.Delay(200);
            await watched.ReloadAsync();
            await Assertions.Expect(row).ToBeVisibleAsync();
        }
        await Assertions.Expect(row).ToContainTextAsync("75.0 %");
        // 5 both pass, 2 both fail, 1 only the evaluator.
        await Assertions.Expect(row).ToContainTextAsync(new Regex(@"κ 0\.71 \(.* to 1\.00\), 8 votes, few"));
        await watched.ExpectSoundAsync("evaluators-agreement");
        await row.GetByRole(AriaRole.Link, new() { Name = "8", Exact = true }).ClickAsync();
        await watched.ExpectAsync(".feedback__row", 8);
    }

    [Theory, InlineData(1440, ColorScheme.Light), InlineData(390, ColorScheme.Dark)]
    public async Task A_question_set_is_asked_at_once_and_shows_how_alike_the_answers_are(int width, ColorScheme scheme)
    {
        await using var watched = await server.OpenAsync(browser, "/p/default/quality/references", width: width, scheme: scheme);
        var page = watched.Page;
        var name = $"Ferries {width}";
        await page.Button("Question set").ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Model", new() { Exact = true }).FillAsync("sim-instant");
        await page.GetByLabel("Questions", new() { Exact = true }).FillAsync("When does the ferry leave?");
        await page.Button("Save question set").ClickAsync();
        await page.ExpectProblemAsync("Questions", "must each have a question and an answer");
        await watched.ExpectSoundAsync($"references-wrong-{width}");
        await page.GetByLabel("Questions", new() { Exact = true }).FillAsync("When does the ferry leave?\nAt nine in the morning.\n\nHow long does it take?\nTwo hours.");
        await page.Button("Save question set").ClickAsync();
        var table = page.GetByRole(AriaRole.Region, new() { Name = $"Questions of {name}" });
        await Assertions.Expect(table).ToBeVisibleAsync();
        for (var i = 0; i < 100 && (await table.InnerTextAsync()).Contains("not asked yet", StringComparison.Ordinal); i++)
        {
            await Task.Delay(200);
            await watched.ReloadAsync();
            await Assertions.Expect(table).ToBeVisibleAsync();
        }
        await Assertions.Expect(table.Locator(".bw-badge")).ToHaveCountAsync(2);
        await watched.ExpectSoundAsync($"references-{width}");
        await table.Locator("a.bw-link").First.ClickAsync();
        await Assertions.Expect(page.Locator(".request__notes")).ToContainTextAsync("reference_similarity");
    }

    [Fact]
    public async Task A_viewer_may_look_and_not_change()
    {
        await using var watched = await server.OpenAsync(browser, "/p/default/quality/evaluators", person: "vic");
        await Assertions.Expect(watched.Page.GetByRole(AriaRole.Heading, new() { Name = "Evaluators" }).First).ToBeVisibleAsync();
        await Assertions.Expect(watched.Page.Button("Evaluator")).ToHaveCountAsync(0);
        await watched.GoAsync("/p/default/quality/references");
        await Assertions.Expect(watched.Page.Button("Question set")).ToHaveCountAsync(0);
    }
}
