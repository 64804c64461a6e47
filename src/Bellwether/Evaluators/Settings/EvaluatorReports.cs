using System.Collections.Immutable;
using Bellwether.Feedback;
using Bellwether.Primitives;
using Bellwether.Quality;
using Bellwether.Telemetry;

namespace Bellwether.Evaluators;

/// <summary>An evaluator and how it does.</summary>
/// <param name="Passed">Of the calls of the window that it judged, those that passed.</param>
/// <param name="MeanScore">0 to 1; null when it judged none.</param>
/// <param name="Today">What its calls came to in this UTC day; a judge's only.</param>
public sealed record EvaluatorReport(Evaluator Evaluator, Proportion Passed, double? MeanScore, Spend Today, EvaluatorCounts Counts);

/// <summary>Reads how the evaluators of a project do.</summary>
public sealed class EvaluatorReports
{
    private readonly EvaluatorStore _store;
    private readonly SpendLedger _ledger;
    private readonly TelemetryReader _reader;
    private readonly TimeProvider _clock;

    internal EvaluatorReports(EvaluatorStore store, SpendLedger ledger, TelemetryReader reader, TimeProvider clock) => (_store, _ledger, _reader, _clock) = (store, ledger, reader, clock);

    public async Task<ImmutableArray<EvaluatorReport>> ReadAsync(ProjectId project, TimeRange window, CancellationToken cancellationToken)
    {
        var evaluators = _store.Of(project);
        if (evaluators.Count == 0) { return []; }
        var counts = (await _reader.CountAnnotationsAsync(
            new AnnotationQuery(project, window) { Sources = [FeedbackSources.Evaluator], Authors = [Annotation.Own], Names = [.. evaluators.Select(evaluator => evaluator.Name)] }, step: null, cancellationToken)).ToLookup(count => count.Name);
        var day = DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime);
        var reports = ImmutableArray.CreateBuilder<EvaluatorReport>();
        foreach (var evaluator in evaluators)
        {
            var said = counts[evaluator.Name].ToList();
            var (passed, all) = (said.Where(count => count.Category == "pass").Sum(count => count.Total), said.Sum(count => count.Total));
            var spent = evaluator.Kind == EvaluatorKind.Judge ? await _ledger.ReadAsync(JudgeRunner.Spender(evaluator), day, cancellationToken) : default;
            reports.Add(new EvaluatorReport(
                evaluator, new Proportion(passed, all), all > 0 ? said.Sum(count => (count.Mean ?? 0) * count.Total) / all : null, spent, _store.CountsOf(evaluator.Id)));
        }
        return reports.ToImmutable();
    }
}
