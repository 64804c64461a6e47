using Bellwether.Datasets;
using Bellwether.Primitives;
using Bellwether.State;
using Bellwether.Telemetry;

namespace Bellwether.Storage.Tests;

/// <summary>Datasets, their versions, and experiments over them.</summary>
public abstract partial class StateConformance
{
    private static readonly ProjectId s_other = new("other");

    private async Task<(DatasetStore Datasets, ExperimentStore Experiments, RunStore Runs)> DatasetsAsync()
    {
        await Migrator().RunAsync(None);
        await SeedProjectAsync("default", _clock.GetUtcNow());
        await SeedProjectAsync("other", _clock.GetUtcNow());
        var datasets = new DatasetStore(State, _clock, CaptureFilters.None);
        return (datasets, new ExperimentStore(State, datasets, _clock, CaptureFilters.None), new RunStore(State, CaptureFilters.None));
    }

    private static ExampleDraft Draft(string text, params string[] splits) =>
        new() { Input = $$"""{"q":"{{text}}"}""", Output = """{"a":1}""", Splits = splits, ExternalId = text };

    [Fact]
    public async Task A_dataset_reads_back_has_its_name_alone_in_its_project_and_is_seen_by_no_other()
    {
        var (datasets, _, _) = await DatasetsAsync();
        var made = (await datasets.CreateAsync(ProjectId.Default, new DatasetDraft("Questions \u2603") { Description = "a\0b", Kind = "kv", Metadata = """{"x":1}""" }, None)).Value!;

        Assert.Equal(("Questions \u2603", "a\uFFFDb", "kv", """{"x":1}""", 0, 0), (made.Name, made.Description, made.Kind, made.Metadata, made.Version, made.ExampleCount));
        Assert.Equal(ChangeOutcome.Conflict, (await datasets.CreateAsync(ProjectId.Default, new DatasetDraft("Questions \u2603"), None)).Outcome);
        Assert.Equal(ChangeOutcome.Invalid, (await datasets.CreateAsync(ProjectId.Default, new DatasetDraft(" "), None)).Outcome);
        Assert.Equal(ChangeOutcome.Done, (await datasets.CreateAsync(s_other, new DatasetDraft("Questions \u2603"), None)).Outcome);
        Assert.Null(await datasets.FindAsync(s_other, made.Id, None));
        Assert.False(await datasets.DeleteAsync(s_other, made.Id, None));
        Assert.Equal(ChangeOutcome.NotFound, (await datasets.ReviseAsync(s_other, made.Id, ExampleChanges.Add([Draft("x")]), None)).Outcome);
        Assert.Single(await datasets.ListAsync(new DatasetQuery(ProjectId.Default, 10) { NameContains = "QUEST" }, None));
        Assert.Empty(await datasets.ListAsync(new DatasetQuery(ProjectId.Default, 10) { NameContains = "Quest_ons" }, None));
    }

    [Fact]
    public async Task Earlier_versions_of_a_dataset_stay_as_they_were()
    {
        var (datasets, _, _) = await DatasetsAsync();
        var id = (await datasets.CreateAsync(ProjectId.Default, new DatasetDraft("d"), None)).Value!.Id;
        var first = (await datasets.ReviseAsync(ProjectId.Default, id, ExampleChanges.Add([Draft("one", "train"), Draft("two", "test", "train"), Draft("three")]), None)).Value!;
        var was = await datasets.ExamplesAsync(new ExampleQuery(id, 1), None);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var second = (await datasets.ReviseAsync(
            ProjectId.Default, id, new ExampleChanges([Draft("TWO", "te") with { Id = was[1].Id, Attachments = """{"a.png":{"bytes":1}}""" }, Draft("four")], [was[0].Id]), None)).Value!;

        Assert.Equal((1, 2), (first.Number, second.Number));
        Assert.Equal(["one", "two", "three"], (await datasets.ExamplesAsync(new ExampleQuery(id, 1), None)).Select(e => e.ExternalId));
        Assert.Equal(["TWO", "three", "four"], (await datasets.ExamplesAsync(new ExampleQuery(id, 2), None)).Select(e => e.ExternalId));
        Assert.Equal(["{}", """{"a.png":{"bytes":1}}"""], [was[1].Attachments, (await datasets.ExamplesAsync(new ExampleQuery(id, 2), None))[0].Attachments]);
        Assert.Equal(["two"], (await datasets.ExamplesAsync(new ExampleQuery(id, 1) { Splits = ["test", "none"] }, None)).Select(e => e.ExternalId));
        Assert.Empty(await datasets.ExamplesAsync(new ExampleQuery(id, 2) { Splits = ["Te", "test"] }, None));
        Assert.Equal(["three"], (await datasets.ExamplesAsync(new ExampleQuery(id, 1) { After = was[1].Position, Limit = 1 }, None)).Select(e => e.ExternalId));
        Assert.Equal(3, (await datasets.FindAsync(ProjectId.Default, id, None))!.ExampleCount);
        Assert.Equal(first, await datasets.FindVersionAsync(id, first.CreatedAt.AddSeconds(30), None));
        Assert.Equal(second, await datasets.FindVersionAsync(id, second.Id, None));
        Assert.Null(await datasets.FindExampleAsync(ProjectId.Default, was[0].Id, None));
        Assert.Equal("TWO", (await datasets.FindExampleAsync(ProjectId.Default, was[1].Id, None))!.ExternalId);
        Assert.Null(await datasets.FindExampleAsync(s_other, was[1].Id, None));
    }

    [Fact]
    public async Task Nothing_to_change_makes_no_version_and_a_refused_change_leaves_nothing_behind()
    {
        var (datasets, _, _) = await DatasetsAsync();
        var id = (await datasets.CreateAsync(ProjectId.Default, new DatasetDraft("d"), None)).Value!.Id;
        var first = (await datasets.ReviseAsync(ProjectId.Default, id, ExampleChanges.Add([Draft("one")]), None)).Value!;
        var example = Assert.Single(await datasets.ExamplesAsync(new ExampleQuery(id, 1), None));

        Assert.Equal(first, (await datasets.ReviseAsync(ProjectId.Default, id, known => known.Count == 1 ? new([], []) : throw new InvalidOperationException(), None)).Value);
        var elsewhere = (await datasets.CreateAsync(ProjectId.Default, new DatasetDraft("e"), None)).Value!.Id;
        var refused = await datasets.ReviseAsync(ProjectId.Default, elsewhere, ExampleChanges.Add([Draft("new"), Draft("stolen") with { Id = example.Id }]), None);
        Assert.Equal(ChangeOutcome.Conflict, refused.Outcome);
        Assert.Equal(0, (await datasets.FindAsync(ProjectId.Default, elsewhere, None))!.ExampleCount);
        Assert.Single(await datasets.VersionsAsync(id, 10, None));
    }

    [Fact]
    public async Task An_experiment_counts_its_runs_and_the_last_word_on_a_run_counts()
    {
        var (datasets, experiments, runs) = await DatasetsAsync();
        var id = (await datasets.CreateAsync(ProjectId.Default, new DatasetDraft("d"), None)).Value!.Id;
        await datasets.ReviseAsync(ProjectId.Default, id, ExampleChanges.Add([Draft("one", "a"), Draft("two")]), None);
        var examples = await datasets.ExamplesAsync(new ExampleQuery(id, 1), None);
        var made = (await experiments.CreateAsync(ProjectId.Default, new ExperimentDraft(id) { Name = "first", TraceProject = "d-exp", Repetitions = 2, Metadata = """{"m":true}""" }, None)).Value!;
        Assert.Equal((1, 2, 4), (made.DatasetVersion, made.ExampleCount, made.Missing));
        Assert.Equal(1, (await experiments.CreateAsync(ProjectId.Default, new ExperimentDraft(id) { Splits = ["a"] }, None)).Value!.ExampleCount);
        Assert.Equal(ChangeOutcome.NotFound, (await experiments.CreateAsync(ProjectId.Default, new ExperimentDraft(id) { Version = 7 }, None)).Outcome);
        Assert.Equal(ChangeOutcome.NotFound, (await experiments.CreateAsync(s_other, new ExperimentDraft(id), None)).Outcome);

        var run = new ExperimentRun
        {
            Id = Guid.CreateVersion7(_clock.GetUtcNow()), Experiment = made.Id, Example = examples[0].Id, Output = "", Error = "boom", StartedAt = _clock.GetUtcNow(), EndedAt = _clock.GetUtcNow(),
        };
        var failed = (await runs.WriteAsync(ProjectId.Default, run, None)).Value!;
        Assert.Equal(ChangeOutcome.NotFound, (await runs.WriteAsync(s_other, run, None)).Outcome);
        Assert.Equal(ChangeOutcome.NotFound, (await runs.WriteAsync(ProjectId.Default, run with { Example = Guid.CreateVersion7(_clock.GetUtcNow()) }, None)).Outcome);
        Assert.Equal((0, 1, 3), (await experiments.FindAsync(ProjectId.Default, made.Id, None)) is { } one ? (one.Succeeded, one.Failed, one.Missing) : default);
        var again = (await runs.WriteAsync(ProjectId.Default, run with { Id = Guid.CreateVersion7(_clock.GetUtcNow()), Output = "\"x\"", Error = "", TraceId = "ab" }, None)).Value!;
        await runs.WriteAsync(ProjectId.Default, run with { Id = Guid.CreateVersion7(_clock.GetUtcNow()), Example = examples[1].Id, Repetition = 2, Output = "1", Error = "" }, None);
        Assert.Equal(failed.Id, again.Id);
        Assert.Equal((2, 0, 2), (await experiments.FindAsync(ProjectId.Default, made.Id, None)) is { } two ? (two.Succeeded, two.Failed, two.Missing) : default);
        Assert.Equal(2, (await runs.ListAsync(ProjectId.Default, made.Id, null, 10, None)).Count);
        Assert.Empty(await runs.ListAsync(s_other, made.Id, null, 10, None));

        var said = new Evaluation { Id = Guid.CreateVersion7(_clock.GetUtcNow()), Run = failed.Id, Name = "exact", Score = 0.25, Label = "no", StartedAt = _clock.GetUtcNow(), EndedAt = _clock.GetUtcNow() };
        Assert.NotNull(await runs.WriteAsync(ProjectId.Default, said, None));
        Assert.Null(await runs.WriteAsync(s_other, said with { Name = "theirs" }, None));
        var last = await runs.WriteAsync(ProjectId.Default, said with { Id = Guid.CreateVersion7(_clock.GetUtcNow()), Score = null, Label = "yes", Explanation = "because" }, None);
        Assert.Equal(said with { Score = null, Label = "yes", Explanation = "because" }, last);
        Assert.Equal(last, Assert.Single(await runs.EvaluationsAsync(ProjectId.Default, made.Id, None)));

        // As pages read them: no texts with the numbers, and texts by the run.
        await runs.WriteAsync(ProjectId.Default, run with { Id = Guid.CreateVersion7(_clock.GetUtcNow()), Example = examples[1].Id, Error = "boom", StartedAt = _clock.GetUtcNow().AddSeconds(1), EndedAt = _clock.GetUtcNow().AddSeconds(3) }, None);
        await runs.WriteAsync(ProjectId.Default, said with { Id = Guid.CreateVersion7(_clock.GetUtcNow()), Name = "broken", Score = null, Label = "", Error = "no judge" }, None);
        var results = await runs.ResultsAsync(ProjectId.Default, made.Id, 10, None);
        Assert.Equal((3, 1, 2_000.0), (results.Count, results.Count(result => result.Failed), results[^1].LatencyMs));
        Assert.Equal(2, (await runs.ResultsAsync(ProjectId.Default, made.Id, 2, None)).Count);
        Assert.Empty(await runs.ResultsAsync(s_other, made.Id, 10, None));
        Assert.Equal((failed.Id, new RunScore("exact", null, "yes")), Assert.Single(await runs.ScoresAsync(ProjectId.Default, made.Id, None)));
        Assert.Empty(await runs.ScoresAsync(s_other, made.Id, None));
        var answers = await runs.AnswersAsync(ProjectId.Default, [failed.Id, results[^1].Id], None);
        Assert.Equal((new RunAnswer("\"x\"", ""), new RunAnswer("", "boom")), (answers[failed.Id], answers[results[^1].Id]));
        Assert.Empty(await runs.AnswersAsync(s_other, [failed.Id], None));
        Assert.Empty(await runs.AnswersAsync(ProjectId.Default, [], None));

        await datasets.DeleteAsync(ProjectId.Default, id, None);
        Assert.Null(await experiments.FindAsync(ProjectId.Default, made.Id, None));
    }
}
