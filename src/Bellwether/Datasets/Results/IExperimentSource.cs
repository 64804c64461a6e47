using Bellwether.Primitives;

namespace Bellwether.Datasets;

/// <summary>Experiments as one client's API keeps them.</summary>
public interface IExperimentSource
{
    /// <summary><see cref="ExperimentHead.Client"/> of its experiments.</summary>
    string Client { get; }

    /// <summary>Newest first.</summary>
    /// <param name="project">Whose they are.</param>
    /// <param name="dataset">Null for all.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<IReadOnlyList<ExperimentHead>> ListAsync(ProjectId project, Guid? dataset, int limit, CancellationToken cancellationToken);

    /// <summary>The runs without their texts.</summary>
    /// <param name="project">Whose it is.</param>
    /// <param name="experiment">One of <see cref="ListAsync"/>.</param>
    /// <param name="most">How many runs at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<RunResults> ResultsAsync(ProjectId project, ExperimentHead experiment, int most, CancellationToken cancellationToken);

    /// <summary>The texts of some runs (dozens), by the run's id.</summary>
    Task<IReadOnlyDictionary<Guid, RunAnswer>> AnswersAsync(ProjectId project, ExperimentHead experiment, IReadOnlyCollection<RunResult> runs, CancellationToken cancellationToken);
}
