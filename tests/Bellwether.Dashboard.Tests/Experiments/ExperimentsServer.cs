using System.Collections.Immutable;
using System.Net.Http.Json;
using Bellwether.Datasets;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Dashboard.Tests;

/// <summary>
/// The whole server with a dataset of six examples and three experiments over it: two as Phoenix's client keeps them, with traces of priced calls, one as
/// LangSmith's <c>evaluate()</c> makes it, over its API. Projects: <c>nothing</c> has no dataset, <c>broken</c> cannot be read, <c>slow</c> does not answer.
/// </summary>
public sealed class ExperimentsServer : SettingsServer
{
    public const string Hostile = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>\u202Ereversed";

    // Of each example; null where the run failed and nothing was scored.
    private static readonly double?[] s_before = [1, 0, 1, 1, 0, null];
    private static readonly double?[] s_after = [1, 1, 1, 0, 1, 1];

    private readonly ImmutableArray<Guid> _examples = [.. Enumerable.Range(1, 6).Select(number => new Guid(number, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 7))];

    public Guid Capitals { get; private set; }
    public Guid Before { get; private set; }
    public Guid After { get; private set; }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var project in new[] { "nothing", "broken", "slow" })
        {
            await Services.GetRequiredService<ProjectSettings>().CreateAsync(Actor.System, new NewProject(project, $"Project {project}"), CancellationToken.None);
        }
        var datasets = Services.GetRequiredService<DatasetStore>();
        Capitals = (await datasets.CreateAsync(ProjectId.Default, new DatasetDraft("Capitals") { Description = "Questions about capitals" }, CancellationToken.None)).Value!.Id;
        await datasets.CreateAsync(ProjectId.Default, new DatasetDraft("Never run"), CancellationToken.None);
        await datasets.ReviseAsync(ProjectId.Default, Capitals, ExampleChanges.Add([.. _examples.Select((id, index) => new ExampleDraft
        {
            Id = id, Input = $$"""{"question":{{Quoted(index == 2 ? Hostile : $"What is the capital of country {index + 1}?")}}}""", Output = index == 4 ? "" : $$"""{"answer":"City {{index + 1}}"}""",
        })]), CancellationToken.None);
        Before = await RunAsync("first-try", -120, s_before, i => $$"""{"answer":"Town {{i}}"}""");
        After = await RunAsync("prompt-v2", -60, s_after, i => i == 2 ? $$"""{"answer":{{Quoted(Hostile)}}}""" : $$"""{"answer":"City {{i}}, {{new string('x', i == 0 ? 900 : 3)}}"}""");
        await EvaluateAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => services.AddSingleton<IExperimentSource>(new TroubledSource()));
    }

    private async Task<Guid> RunAsync(string name, int minutes, double?[] scores, Func<int, string> answer)
    {
        var now = Clock.GetUtcNow().AddMinutes(minutes);
        var experiment = (await Services.GetRequiredService<ExperimentStore>().CreateAsync(ProjectId.Default, new ExperimentDraft(Capitals) { Name = name, TraceProject = $"Experiment-{name}" }, CancellationToken.None)).Value!;
        var runs = Services.GetRequiredService<RunStore>();
        for (var i = 0; i < scores.Length; i++)
        {
            var trace = Guid.CreateVersion7(now).ToString("N");
            var run = (await runs.WriteAsync(ProjectId.Default, new ExperimentRun
            {
                Id = Guid.CreateVersion7(now), Experiment = experiment.Id, Example = _examples[i], Output = scores[i] is null ? "" : answer(i), Error = scores[i] is null ? "TimeoutError: the model did not answer" : "",
                TraceId = trace, StartedAt = now.AddSeconds(i), EndedAt = now.AddSeconds(i).AddMilliseconds(400 + (100 * i)),
            }, CancellationToken.None)).Value!;
            await StepsAsync(experiment.TraceProject, trace, now.AddSeconds(i));
            if (scores[i] is { } score)
            {
                await runs.WriteAsync(ProjectId.Default, new Evaluation { Id = Guid.CreateVersion7(now), Run = run.Id, Name = "exact", Score = score, StartedAt = now, EndedAt = now }, CancellationToken.None);
                await runs.WriteAsync(ProjectId.Default, new Evaluation { Id = Guid.CreateVersion7(now), Run = run.Id, Name = "tone", Label = i == 1 ? "curt" : "kind", StartedAt = now, EndedAt = now }, CancellationToken.None);
            }
        }
        return experiment.Id;
    }

    // A task with a call of a model in it, of 100 and 20 tokens.
    private async Task StepsAsync(string endpoint, string trace, DateTimeOffset start)
    {
        var root = new Observation
        {
            Id = Guid.CreateVersion7(start), Project = ProjectId.Default, StartTime = start, Kind = ObservationKind.Chain, State = ObservationState.Ok, Endpoint = endpoint, TraceId = trace, SpanId = "task", Name = "task",
            Timings = new() { TotalMs = 400 },
        };
        var call = root with
        {
            Id = Guid.CreateVersion7(start), Kind = ObservationKind.Llm, Operation = "chat", SpanId = "call", ParentId = "task", Name = "chat", Provider = "openai", Model = "gpt-4o-mini", RequestModel = "gpt-4o-mini",
            Usage = new() { InputTokens = 100, OutputTokens = 20 },
        };
        var taken = await Services.GetRequiredService<ITelemetryIntake>().AppendAsync(new[] { TelemetryRecord.Of(root, ObservationPayload.Empty), TelemetryRecord.Of(call, ObservationPayload.Empty) }, CancellationToken.None);
        Assert.True(taken.Accepted);
    }

    // As evaluate() does it: a project with a reference dataset, runs that name their example, feedback of runs and of the whole.
    private async Task EvaluateAsync()
    {
        var key = (await Services.GetRequiredService<KeySettings>().CreateAsync(Actor.System, ProjectId.Default, new NewKey("Evaluation", Role.Editor, true, null, null), CancellationToken.None)).Value!.Token.Reveal();
        using var http = new HttpClient { BaseAddress = new Uri(Url) };
        http.DefaultRequestHeaders.Add("x-api-key", key);
        var session = Guid.CreateVersion7(Clock.GetUtcNow());
        await PostAsync("/sessions", new { id = session, name = "evaluate-3fa9", reference_dataset_id = Capitals, num_examples = 6, description = "by LangSmith" });
        var start = Clock.GetUtcNow().AddSeconds(-5);
        for (var i = 0; i < 3; i++)
        {
            var id = Guid.CreateVersion7(start);
            var child = Guid.CreateVersion7(start);
            await PostAsync("/runs/batch", new
            {
                post = new object[]
                {
                    new { id, trace_id = id, name = "target", run_type = "chain", session_name = "evaluate-3fa9", reference_example_id = _examples[i], start_time = start, end_time = start.AddMilliseconds(250), inputs = new { question = "?" }, outputs = new { answer = $"City {i + 1}" } },
                    new { id = child, trace_id = id, parent_run_id = id, name = "model", run_type = "llm", session_name = "evaluate-3fa9", start_time = start, end_time = start.AddMilliseconds(200), inputs = new { }, outputs = new { usage_metadata = new { input_tokens = 10, output_tokens = 5, total_tokens = 15 } }, extra = new { metadata = new { ls_model_name = "a-model-without-price" } } },
                },
            });
            await PostAsync("/feedback", new { id = Guid.CreateVersion7(start), run_id = id, trace_id = id, key = "correct", score = i == 0 ? 0 : 1 });
        }
        await PostAsync("/feedback", new { id = Guid.CreateVersion7(start), session_id = session, key = "precision", score = 0.5 });

        async Task PostAsync(string path, object body)
        {
            using var response = await http.PostAsJsonAsync(path, body);
            Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    /// <summary>A source that fails, and one that never answers.</summary>
    private sealed class TroubledSource : IExperimentSource
    {
        public string Client => "Troubled";

        public async Task<IReadOnlyList<ExperimentHead>> ListAsync(ProjectId project, Guid? dataset, int limit, CancellationToken cancellationToken)
        {
            if (project.Value == "broken") { throw new IOException("a secret path of the disk"); }
            if (project.Value == "slow") { await Task.Delay(Timeout.Infinite, cancellationToken); }
            return [];
        }

        public Task<RunResults> ResultsAsync(ProjectId project, ExperimentHead experiment, int most, CancellationToken cancellationToken) => Task.FromResult(RunResults.None);

        public Task<IReadOnlyDictionary<Guid, RunAnswer>> AnswersAsync(ProjectId project, ExperimentHead experiment, IReadOnlyCollection<RunResult> runs, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<Guid, RunAnswer>>(new Dictionary<Guid, RunAnswer>());
    }
}

[CollectionDefinition(nameof(ExperimentsCollection))]
public sealed class ExperimentsCollection : ICollectionFixture<ExperimentsServer>, ICollectionFixture<Browser>;
