using System.Collections.Immutable;
using Bellwether.Telemetry;

namespace Bellwether.Datasets;

/// <summary>A dataset with how much was tried on it.</summary>
/// <param name="Newest">Null while there is none.</param>
public sealed record DatasetExperiments(Dataset Dataset, int Count, ExperimentHead? Newest);

/// <summary>What calls of models used.</summary>
/// <param name="Tokens">Null when nobody told.</param>
/// <param name="CostUsd">US dollars of the calls that have a price; null when none has.</param>
/// <param name="Unpriced">Calls with tokens and without a price.</param>
public sealed record ModelSpend(long Calls, long? Tokens, double? CostUsd, long Unpriced)
{
    internal static ModelSpend Of(QueryRow row) => new((long)(row.Values[0] ?? 0), (long?)row.Values[1], row.Values[2], (long)(row.Values[3] ?? 0));
}

/// <summary>What was said by one name.</summary>
/// <param name="Mean">Of the values; null when there are none.</param>
/// <param name="Count">How many values, or labels where there are no values.</param>
/// <param name="Labels">What was said in words and how often, the most frequent first.</param>
public sealed record ScoreSummary(string Name, double? Mean, int Count, ImmutableArray<KeyValuePair<string, int>> Labels)
{
    internal static ScoreSummary Of(string name, IEnumerable<RunScore> scores)
    {
        var all = scores.ToList();
        var values = all.Where(score => score.Value is not null).Select(score => score.Value!.Value).ToList();
        var labels = all.Where(score => score.Label.Length > 0).GroupBy(score => score.Label, StringComparer.Ordinal)
            .Select(group => KeyValuePair.Create(group.Key, group.Count())).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToImmutableArray();
        return new(name, values.Count > 0 ? values.Average() : null, values.Count > 0 ? values.Count : labels.Sum(pair => pair.Value), labels);
    }
}

/// <summary>An experiment in numbers.</summary>
/// <param name="Running">Runs that have not ended; they are in no rate and no percentile.</param>
/// <param name="ErrorRate">Of the runs that ended; null when none has.</param>
/// <param name="LatencyP50Ms">Null when no run ended.</param>
/// <param name="Spend">Null when the traces of the runs are not known.</param>
/// <param name="Whole">Scores of the experiment as a whole.</param>
/// <param name="IsCut">There are more runs than were read.</param>
public sealed record ExperimentSummary(
    ExperimentHead Head, int Runs, int Failed, int Running, double? ErrorRate, double? LatencyP50Ms, ImmutableArray<ScoreSummary> Scores, ModelSpend? Spend, ImmutableArray<ScoreSummary> Whole, bool IsCut)
{
    internal static ExperimentSummary Of(ExperimentHead head, RunResults results, ModelSpend? spend)
    {
        var runs = results.Runs;
        var (failed, running) = (runs.Count(run => run.Failed), runs.Count(run => run.IsRunning));
        var ended = runs.Count - running;
        var latencies = runs.Where(run => run.LatencyMs is not null).Select(run => run.LatencyMs!.Value).Order().ToList();
        return new(
            head, runs.Count, failed, running, ended > 0 ? (double)failed / ended : null, latencies.Count > 0 ? Median(latencies) : null, Scored(runs.SelectMany(run => run.Scores)), spend, Scored(results.Whole), results.IsCut);
    }

    private static ImmutableArray<ScoreSummary> Scored(IEnumerable<RunScore> scores) =>
        [.. scores.GroupBy(score => score.Name, StringComparer.Ordinal).Select(group => ScoreSummary.Of(group.Key, group)).OrderBy(score => score.Name, StringComparer.Ordinal)];

    private static double Median(List<double> sorted) => sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
}
