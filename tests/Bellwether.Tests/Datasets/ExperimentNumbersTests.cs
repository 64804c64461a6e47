using Bellwether.Datasets;

namespace Bellwether.Tests.Datasets;

/// <summary>What experiments come to in numbers: nothing is no zero, and pairs are of what both have.</summary>
public sealed class ExperimentNumbersTests
{
    private static readonly ExperimentHead s_head = new() { Id = Guid.Empty, Dataset = Guid.Empty, Name = "one", Client = "Phoenix" };

    [Fact]
    public void Means_are_of_the_values_that_there_are_and_rates_of_the_runs_that_ended()
    {
        var summary = ExperimentSummary.Of(
            s_head,
            new RunResults(
                [Run(1, 100, false, new RunScore("exact", 1, "")), Run(2, 300, true), Run(3, null, false), Run(4, 200, false, new RunScore("exact", 0, ""), new RunScore("tone", null, "kind"), new RunScore("exact", 0.5, "half"))], false) { Whole = [new RunScore("precision", 0.25, "")] },
            null);
        Assert.Equal((4, 1, 1, 200.0), (summary.Runs, summary.Failed, summary.Running, summary.LatencyP50Ms));
        Assert.Equal(1.0 / 3, summary.ErrorRate!.Value, 12);
        var exact = summary.Scores.Single(score => score.Name == "exact");
        Assert.Equal((0.5, 3), (exact.Mean, exact.Count));
        var tone = summary.Scores.Single(score => score.Name == "tone");
        Assert.Null(tone.Mean);
        Assert.Equal((1, "kind"), (tone.Count, tone.Labels.Single().Key));
        Assert.Equal(0.25, summary.Whole.Single().Mean);
    }

    [Fact]
    public void Without_a_run_there_is_no_rate_no_latency_and_no_cost()
    {
        var summary = ExperimentSummary.Of(s_head, RunResults.None, null);
        Assert.Null(summary.ErrorRate);
        Assert.Null(summary.LatencyP50Ms);
        Assert.Null(summary.Spend);
        Assert.Empty(summary.Scores);
        var running = ExperimentSummary.Of(s_head, new RunResults([Run(1, null, false)], false), null);
        Assert.Equal((1, 1), (running.Runs, running.Running));
        Assert.Null(running.ErrorRate);
    }

    [Fact]
    public void Two_are_compared_over_the_examples_that_both_scored()
    {
        RunResult[] left = [Run(1, 1, false, new RunScore("exact", 0, "")), Run(1, 1, false, new RunScore("exact", 1, "")), Run(2, 1, false, new RunScore("exact", 1, "")), Run(3, 1, true)];
        RunResult[] right = [Run(2, 1, false, new RunScore("exact", 0.25, "")), Run(1, 1, false, new RunScore("exact", 0.5, "")), Run(4, 1, false, new RunScore("exact", 1, ""), new RunScore("tone", null, "kind"))];
        var both = ExperimentComparison.Of(Summary(left), left, Summary(right), right);
        // In the order of the first, then what only the second ran.
        Assert.Equal(new[] { 1, 2, 3, 4 }, both.Examples.Select(example => (int)example.Example.ToByteArray()[0]));
        Assert.Equal(new double?[] { 0, -0.75, null, null }, both.Examples.Select(example => example.Difference("exact")));
        var exact = both.Scores.Single(score => score.Name == "exact");
        Assert.Equal((0.75, 0.375, -0.375, 2), (exact.A, exact.B, exact.Difference, exact.Pairs));
        Assert.Equal((0, 1, 1), (exact.Higher, exact.Same, exact.Lower));
        var tone = both.Scores.Single(score => score.Name == "tone");
        Assert.Null(tone.Difference);
        Assert.Equal(0, tone.Pairs);
        Assert.True(both.Examples[2].HasFailed);
    }

    private static ExperimentSummary Summary(RunResult[] runs) => ExperimentSummary.Of(s_head, new RunResults(runs, false), null);

    private static RunResult Run(int example, double? latency, bool failed, params RunScore[] scores) =>
        new() { Id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Example = new Guid(example, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), Failed = failed, IsRunning = latency is null, LatencyMs = latency, Scores = scores };
}
