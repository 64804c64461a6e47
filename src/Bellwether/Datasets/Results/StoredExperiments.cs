using Bellwether.Primitives;

namespace Bellwether.Datasets;

/// <summary>Experiments that are kept here with their runs, as Phoenix's client sends them.</summary>
internal sealed class StoredExperiments(ExperimentStore experiments, RunStore runs) : IExperimentSource
{
    public string Client => "Phoenix";

    public async Task<IReadOnlyList<ExperimentHead>> ListAsync(ProjectId project, Guid? dataset, int limit, CancellationToken cancellationToken) =>
        [.. (await experiments.ListAsync(new ExperimentQuery(project, limit) { Dataset = dataset }, cancellationToken)).Select(experiment => new ExperimentHead
        {
            Id = experiment.Id, Dataset = experiment.Dataset, Name = experiment.Name, Description = experiment.Description, Client = Client, TraceProject = experiment.TraceProject,
            Version = experiment.DatasetVersion, Expected = experiment.ExampleCount * experiment.Repetitions, CreatedAt = experiment.CreatedAt, EndedAt = experiment.EndedAt,
        })];

    public async Task<RunResults> ResultsAsync(ProjectId project, ExperimentHead experiment, int most, CancellationToken cancellationToken)
    {
        var found = await runs.ResultsAsync(project, experiment.Id, most + 1, cancellationToken);
        var said = (await runs.ScoresAsync(project, experiment.Id, cancellationToken)).ToLookup(score => score.Run, score => score.Score);
        return new RunResults([.. found.Take(most).Select(run => run with { Scores = [.. said[run.Id]] })], found.Count > most);
    }

    public Task<IReadOnlyDictionary<Guid, RunAnswer>> AnswersAsync(ProjectId project, ExperimentHead experiment, IReadOnlyCollection<RunResult> some, CancellationToken cancellationToken) =>
        runs.AnswersAsync(project, [.. some.Select(run => run.Id)], cancellationToken);
}
