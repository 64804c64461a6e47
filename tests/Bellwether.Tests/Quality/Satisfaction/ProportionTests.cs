using Bellwether.Quality;
using Bellwether.Telemetry;

namespace Bellwether.Tests;

/// <summary>Requirement Q3: intervals and the words for "no data".</summary>
public sealed class ProportionTests
{
    // R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void The_interval_is_the_published_one(long hits, long of, double low, double high)
    {
        var share = new Proportion(hits, of);
        Assert.Equal((low, high), (Math.Round(share.Low!.Value, 4), Math.Round(share.High!.Value, 4)));
    }

    [Fact]
    public void Nothing_said_is_no_data_and_not_zero()
    {
        var share = new Proportion(0, 0);
        Assert.Equal((null, null, null, false), (share.Value, share.Low, share.High, share.IsSmall));
        Assert.Null(SatisfactionReport.Of([]).Nps);
    }

    [Fact]
    public void The_ends_of_the_scale_have_an_interval_too_and_never_leave_it()
    {
        for (var of = 1; of <= 200; of++)
        {
            var (none, all) = (new Proportion(0, of), new Proportion(of, of));
            Assert.Equal(0, none.Low!.Value, 12);
            Assert.Equal(1, all.High!.Value, 12);
            Assert.InRange(none.High!.Value, 1e-9, 1);
            // The same seen from the other side.
            Assert.Equal(1 - none.High.Value, all.Low!.Value, 12);
            Assert.Equal(of < 30, none.IsSmall);
        }
    }

    [Fact]
    public void Votes_signs_and_outcomes_are_counted_by_their_name_and_source()
    {
        static AnnotationCount Count(string name, string source, long up, long down, long total) => new(null, name, source, "", total, up, down, null);
        var report = SatisfactionReport.Of(
        [
            Count("user_feedback", "user", 60, 15, 75), Count("user_feedback", "user", 10, 5, 18),
            Count("resolved", "user", 6, 2, 8), Count("copied", "implicit", 0, 0, 4), Count("escalated", "implicit", 0, 0, 3), Count("re_asked", "implicit", 0, 0, 1),
            // A score of somebody's own that only has the same name.
            Count("copied", "evaluator", 9, 0, 9), Count("edited", "implicit", 3, 0, 3),
            // Evaluators that are compared with people.
            Count("user_feedback", "evaluator", 40, 2, 42), Count("resolved", "evaluator", 5, 5, 10),
        ]);
        Assert.Equal((new Proportion(70, 90), new Proportion(10, 16)), (report.Votes, report.Outcomes));
        Assert.Equal(100 * (70 - 20) / 90.0, report.Nps!.Value.Value, 9);
        Assert.Equal(100 * ((2 * report.Votes.Low!.Value) - 1), report.Nps.Value.Low, 9);
        Assert.True(report.Outcomes.IsSmall);
    }
}
