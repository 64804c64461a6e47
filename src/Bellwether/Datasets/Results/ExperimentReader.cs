using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Datasets;

/// <summary>How pages read experiments: their runs from whoever keeps them, tokens and cost from the traces of the runs.</summary>
public sealed class ExperimentReader(DatasetStore datasets, IEnumerable<IExperimentSource> sources, TelemetryReader telemetry, TimeProvider clock)
{
    /// <summary>Of one experiment; what is behind them is not in the figures, which say so.</summary>
    public static readonly int MostRuns = 5_000;

    /// <summary>Of one dataset, the newest.</summary>
    public static readonly int MostExperiments = 50;

    private static readonly int s_mostDatasets = 500;
    private static readonly int s_mostHeads = 2_000;
    private static readonly TimeSpan s_around = TimeSpan.FromDays(1);
    private static readonly ImmutableArray<Measure> s_spend = [Measure.Count, Measure.TotalTokens, Measure.CostUsd, Measure.Unpriced];

    private readonly ImmutableArray<IExperimentSource> _sources = [.. sources];

    /// <summary>The datasets of a project, those with the newest experiment first.</summary>
    public async Task<ImmutableArray<DatasetExperiments>> DatasetsAsync(ProjectId project, CancellationToken cancellationToken)
    {
        var byDataset = (await HeadsAsync(project, null, s_mostHeads, cancellationToken)).ToLookup(head => head.Dataset);
        return
        [
            .. (await datasets.ListAsync(new DatasetQuery(project, s_mostDatasets), cancellationToken))
                .Select(dataset => new DatasetExperiments(dataset, byDataset[dataset.Id].Count(), byDataset[dataset.Id].FirstOrDefault()))
                .OrderByDescending(row => row.Newest?.CreatedAt ?? DateTimeOffset.MinValue).ThenByDescending(row => row.Dataset.UpdatedAt),
        ];
    }

    public Task<Dataset?> FindDatasetAsync(ProjectId project, Guid dataset, CancellationToken cancellationToken) => datasets.FindAsync(project, dataset, cancellationToken);

    /// <summary>The experiments over a dataset in numbers, newest first.</summary>
    public async Task<ImmutableArray<ExperimentSummary>> SummariesAsync(ProjectId project, Guid dataset, CancellationToken cancellationToken)
    {
        var heads = await HeadsAsync(project, dataset, MostExperiments, cancellationToken);
        var spends = await SpendsAsync(project, heads, cancellationToken);
        var all = ImmutableArray.CreateBuilder<ExperimentSummary>(heads.Length);
        foreach (var head in heads)
        {
            var results = await SourceOf(head).ResultsAsync(project, head, MostRuns, cancellationToken);
            all.Add(ExperimentSummary.Of(head, results, spends.GetValueOrDefault(head.Id)));
        }
        return all.DrainToImmutable();
    }

    /// <summary>Two experiments over a dataset side by side; null when one of them is not there.</summary>
    public async Task<ExperimentComparison?> CompareAsync(ProjectId project, Guid dataset, Guid a, Guid b, CancellationToken cancellationToken)
    {
        var heads = await HeadsAsync(project, dataset, s_mostHeads, cancellationToken);
        if (heads.FirstOrDefault(head => head.Id == a) is not { } first || heads.FirstOrDefault(head => head.Id == b) is not { } second)
        {
            return null;
        }
        var (left, right) = (await SourceOf(first).ResultsAsync(project, first, MostRuns, cancellationToken), await SourceOf(second).ResultsAsync(project, second, MostRuns, cancellationToken));
        var spends = await SpendsAsync(project, [first, second], cancellationToken);
        return ExperimentComparison.Of(
            ExperimentSummary.Of(first, left, spends.GetValueOrDefault(a)), left.Runs, ExperimentSummary.Of(second, right, spends.GetValueOrDefault(b)), right.Runs);
    }

    /// <summary>The texts of some compared examples (dozens), and what their runs used.</summary>
    public async Task<ComparedTexts> TextsAsync(ProjectId project, ExperimentComparison comparison, IReadOnlyCollection<ComparedExample> some, CancellationToken cancellationToken)
    {
        var (a, b) = (comparison.A.Head, comparison.B.Head);
        var examples = new Dictionary<Guid, Example>();
        // As the second one saw them; what only the first one saw as it did.
        foreach (var version in new[] { await VersionAsync(b, cancellationToken), await VersionAsync(a, cancellationToken) })
        {
            var wanted = some.Select(row => row.Example).Where(id => !examples.ContainsKey(id)).ToList();
            foreach (var example in wanted.Count == 0 ? [] : await datasets.ExamplesAsync(new ExampleQuery(a.Dataset, version) { Ids = wanted }, cancellationToken))
            {
                examples[example.Id] = example;
            }
        }
        var (left, right) = (some.SelectMany(row => row.A).ToList(), some.SelectMany(row => row.B).ToList());
        var answers = new Dictionary<Guid, RunAnswer>(await SourceOf(a).AnswersAsync(project, a, left, cancellationToken));
        foreach (var (id, answer) in await SourceOf(b).AnswersAsync(project, b, right, cancellationToken))
        {
            answers[id] = answer;
        }
        return new ComparedTexts(examples, answers, await SpendsOfTracesAsync(project, [.. left, .. right], cancellationToken));
    }

    private async Task<ImmutableArray<ExperimentHead>> HeadsAsync(ProjectId project, Guid? dataset, int limit, CancellationToken cancellationToken)
    {
        var all = new List<ExperimentHead>();
        foreach (var source in _sources)
        {
            all.AddRange(await source.ListAsync(project, dataset, limit, cancellationToken));
        }
        return [.. all.OrderByDescending(head => head.CreatedAt).ThenByDescending(head => head.Id).Take(limit)];
    }

    private IExperimentSource SourceOf(ExperimentHead head) => _sources.First(source => source.Client == head.Client);

    private async Task<int> VersionAsync(ExperimentHead head, CancellationToken cancellationToken) =>
        head.Version ?? (await datasets.FindVersionAsync(head.Dataset, head.CreatedAt, cancellationToken))?.Number ?? 1;

    // By the project that the traces name, since an experiment has thousands of traces. Of two that named the same one nobody can say which spent it.
    private async Task<Dictionary<Guid, ModelSpend>> SpendsAsync(ProjectId project, IReadOnlyCollection<ExperimentHead> heads, CancellationToken cancellationToken)
    {
        var own = heads.Where(head => head.TraceProject.Length > 0).GroupBy(head => head.TraceProject).Where(group => group.Count() == 1).ToDictionary(group => group.Key, group => group.First());
        if (own.Count == 0)
        {
            return [];
        }
        var window = new TimeRange(own.Values.Min(head => head.CreatedAt) - s_around, clock.GetUtcNow() + s_around);
        var result = await telemetry.QueryAsync(
            new TelemetryQuery(project, window, s_spend) { Where = [new Filter("endpoint", FilterOp.In, [.. own.Keys])], By = [new("endpoint")] }, cancellationToken);
        return result.Rows.Where(row => own.ContainsKey(row.Group[0])).ToDictionary(row => own[row.Group[0]].Id, ModelSpend.Of);
    }

    private async Task<Dictionary<string, ModelSpend>> SpendsOfTracesAsync(ProjectId project, IReadOnlyCollection<RunResult> runs, CancellationToken cancellationToken)
    {
        var traced = runs.Where(run => run.TraceId.Length > 0).ToList();
        if (traced.Count == 0)
        {
            return [];
        }
        var window = new TimeRange(traced.Min(run => run.StartedAt) - s_around, traced.Max(run => run.StartedAt) + s_around);
        var result = await telemetry.QueryAsync(
            new TelemetryQuery(project, window, s_spend) { Where = [new Filter("trace_id", FilterOp.In, [.. traced.Select(run => run.TraceId).Distinct()])], By = [new("trace_id")] }, cancellationToken);
        return result.Rows.ToDictionary(row => row.Group[0], ModelSpend.Of, StringComparer.Ordinal);
    }
}
