using System.Collections.Immutable;
using System.Text;
using Bellwether.Datasets;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Experiments as <c>evaluate()</c> makes them: a project with a reference dataset, whose roots name their example and are judged by feedback.</summary>
internal sealed class LangSmithExperiments(LangSmithProjects projects, TelemetryReader reader) : IExperimentSource
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan s_around = TimeSpan.FromDays(1);

    public string Client => "LangSmith";

    public Task<IReadOnlyList<ExperimentHead>> ListAsync(ProjectId project, Guid? dataset, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ExperimentHead>>([.. projects.Experiments(project, dataset).Take(limit).Select(Head)]);

    public async Task<RunResults> ResultsAsync(ProjectId project, ExperimentHead experiment, int most, CancellationToken cancellationToken)
    {
        var runs = new List<Observation>();
        string? cursor = null;
        do
        {
            var page = await reader.ReadPageAsync(
                new ObservationPageRequest(project, Window(experiment), Math.Min(PageSize, most + 1 - runs.Count)) { Where = Roots(experiment), Cursor = cursor }, cancellationToken);
            runs.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null && runs.Count <= most);
        var isCut = runs.Count > most;
        runs.Reverse();
        var kept = isCut ? runs[1..] : runs;
        var words = await RunWords.OfAsync(reader, project, kept, cancellationToken);
        var whole = await reader.ReadAnnotationsAsync(new AnnotationPageRequest(new AnnotationQuery(project, AnnotationQuery.AllTime) { Sessions = [experiment.Id.ToString()] }, PageSize), cancellationToken);
        return new RunResults([.. kept.Select(run => Result(run, words.Of(run))).OfType<RunResult>()], isCut) { Whole = Scores(whole.Items) };
    }

    public async Task<IReadOnlyDictionary<Guid, RunAnswer>> AnswersAsync(ProjectId project, ExperimentHead experiment, IReadOnlyCollection<RunResult> runs, CancellationToken cancellationToken)
    {
        var answers = new Dictionary<Guid, RunAnswer>();
        foreach (var run in runs)
        {
            if (await reader.ReadAsync(project, run.Id, cancellationToken) is { } detail)
            {
                answers[run.Id] = new RunAnswer(Encoding.UTF8.GetString(detail.Payload.Output.Span), detail.Observation.ErrorMessage);
            }
        }
        return answers;
    }

    private ExperimentHead Head(ClientDocument document)
    {
        var body = document.Body();
        var expected = JsonFields.Count(body["num_examples"]) * Math.Max(1, JsonFields.Count(body["num_repetitions"]) ?? 1);
        return new ExperimentHead
        {
            Id = document.Id, Dataset = JsonFields.Id(body["reference_dataset_id"])!.Value, Name = document.Name, Description = JsonFields.Text(body["description"]), Client = Client, TraceProject = document.Name,
            Expected = expected is > 0 and <= int.MaxValue ? (int)expected : null, CreatedAt = document.CreatedAt, EndedAt = JsonFields.Time(body["end_time"]),
        };
    }

    // A root without an example is no run of the experiment: somebody else used the project's name.
    private static RunResult? Result(Observation run, IReadOnlyList<Annotation> said) => !Guid.TryParse(RunFacts.Property(run, RunFacts.ExampleProperty), out var example) ? null : new RunResult
    {
        Id = run.Id, Example = example, TraceId = run.TraceId, StartedAt = run.StartTime, Failed = run.IsError, IsRunning = run.State == ObservationState.Running,
        LatencyMs = run.State == ObservationState.Running ? null : run.Timings.TotalMs, Scores = Scores(said),
    };

    private static List<RunScore> Scores(IEnumerable<Annotation> said) =>
        [.. said.Where(word => word.Number is not null || word.Category.Length > 0).Select(word => new RunScore(word.Name, word.Number, word.Category)).OrderBy(score => score.Name, StringComparer.Ordinal)];

    private static ImmutableArray<Filter> Roots(ExperimentHead experiment) =>
        [Filter.Eq("endpoint", experiment.TraceProject), new Filter("parent_id", FilterOp.Missing, []), new Filter(FilterField.PropertyPrefix + RunFacts.ExampleProperty, FilterOp.Exists, [])];

    private static TimeRange Window(ExperimentHead experiment) => new(experiment.CreatedAt - s_around, AnnotationQuery.AllTime.To);
}
