using System.Collections.Immutable;

namespace Bellwether.Datasets;

/// <summary>One example in two experiments: several runs where it was repeated, none where it was not run.</summary>
public sealed record ComparedExample(Guid Example, ImmutableArray<RunResult> A, ImmutableArray<RunResult> B)
{
    /// <summary>The mean of all values of a score on one side; null when there is none.</summary>
    public static double? Mean(ImmutableArray<RunResult> side, string score)
    {
        var values = side.SelectMany(run => run.Scores).Where(said => said.Name == score && said.Value is not null).Select(said => said.Value!.Value).ToList();
        return values.Count > 0 ? values.Average() : null;
    }

    /// <summary>How much higher the second is; null when one of the two has no value.</summary>
    public double? Difference(string score) => Mean(B, score) - Mean(A, score);

    public bool HasFailed => A.Any(run => run.Failed) || B.Any(run => run.Failed);
}

/// <summary>A score over the examples that have it in both experiments.</summary>
/// <param name="A">Mean of the first over the pairs.</param>
/// <param name="B">Mean of the second over the pairs.</param>
/// <param name="Pairs">Examples with a value in both.</param>
public sealed record ScoreDifference(string Name, double? A, double? B, int Pairs, int Higher, int Same, int Lower)
{
    // Of what evaluators give, less is the rounding of a mean.
    private const double Smallest = 1e-9;

    public double? Difference => B - A;

    /// <summary>-1, 0 or 1.</summary>
    public static int Sign(double difference) => Math.Abs(difference) < Smallest ? 0 : Math.Sign(difference);

    internal static ScoreDifference Of(string name, IEnumerable<ComparedExample> examples)
    {
        var pairs = examples.Select(row => (A: ComparedExample.Mean(row.A, name), B: ComparedExample.Mean(row.B, name))).Where(pair => pair.A is not null && pair.B is not null)
            .Select(pair => (A: pair.A!.Value, B: pair.B!.Value)).ToList();
        var signs = pairs.ConvertAll(pair => Sign(pair.B - pair.A));
        return pairs.Count == 0 ? new(name, null, null, 0, 0, 0, 0)
            : new(name, pairs.Average(pair => pair.A), pairs.Average(pair => pair.B), pairs.Count, signs.Count(sign => sign > 0), signs.Count(sign => sign == 0), signs.Count(sign => sign < 0));
    }
}

/// <summary>Two experiments over the same dataset, example by example in the order in which they were run.</summary>
public sealed record ExperimentComparison(ExperimentSummary A, ExperimentSummary B, ImmutableArray<ComparedExample> Examples, ImmutableArray<ScoreDifference> Scores)
{
    internal static ExperimentComparison Of(ExperimentSummary a, IReadOnlyList<RunResult> left, ExperimentSummary b, IReadOnlyList<RunResult> right)
    {
        var (first, second) = (left.ToLookup(run => run.Example), right.ToLookup(run => run.Example));
        ImmutableArray<ComparedExample> examples = [.. left.Concat(right).Select(run => run.Example).Distinct().Select(id => new ComparedExample(id, [.. first[id]], [.. second[id]]))];
        var names = left.Concat(right).SelectMany(run => run.Scores).Select(score => score.Name).Distinct().Order(StringComparer.Ordinal);
        return new(a, b, examples, [.. names.Select(name => ScoreDifference.Of(name, examples))]);
    }
}

/// <summary>Texts of compared examples.</summary>
/// <param name="Examples">By id; one that is in neither version of the dataset is not there.</param>
/// <param name="Answers">By the run's id.</param>
/// <param name="Spends">By trace.</param>
public sealed record ComparedTexts(IReadOnlyDictionary<Guid, Example> Examples, IReadOnlyDictionary<Guid, RunAnswer> Answers, IReadOnlyDictionary<string, ModelSpend> Spends)
{
    public static readonly ComparedTexts None = new(new Dictionary<Guid, Example>(), new Dictionary<Guid, RunAnswer>(), new Dictionary<string, ModelSpend>());
}
