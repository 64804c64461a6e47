using System.Text;
using Bellwether.Detection;
using Bellwether.Guardrails;
using Microsoft.Extensions.Time.Testing;

namespace Bellwether.Tests.Guardrails;

/// <summary>What is made of a moderation endpoint's words.</summary>
public sealed class SecondOpinionTests
{
    private static readonly DetectorReport s_unsure = new(0.5, DetectorVerdict.Flag) { Reasons = ["It insults."] };

    [Fact]
    public void Who_sees_harm_raises_the_score_and_is_quoted_after_the_first()
    {
        var both = SecondOpinions.Combine(s_unsure, new ModerationReply(true, 0.93, ["violence", "illicit"]));
        Assert.Equal((0.93, DetectorVerdict.Block), (both.Score, both.Verdict));
        Assert.Equal(["It insults.", "A second opinion sees violence, illicit."], both.Reasons);
        Assert.Equal((0.5, DetectorVerdict.Flag), (SecondOpinions.Combine(s_unsure, new ModerationReply(true, 0.2, [])).Score, SecondOpinions.Combine(s_unsure, new ModerationReply(true, 0.2, [])).Verdict));
    }

    [Fact]
    public void Who_sees_none_lowers_it_and_a_block_is_still_a_flag()
    {
        var both = SecondOpinions.Combine(s_unsure, new ModerationReply(false, 0.1, []));
        Assert.Equal((0.3, DetectorVerdict.Pass), (Math.Round(both.Score, 6), both.Verdict));
        Assert.Equal(0.5, SecondOpinions.Combine(s_unsure, new ModerationReply(false, 0.8, [])).Score);
        Assert.Equal(DetectorVerdict.Flag, SecondOpinions.Combine(s_unsure with { Verdict = DetectorVerdict.Block }, new ModerationReply(false, 0.1, [])).Verdict);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"results":{}}""")]
    [InlineData("""{"results":[]}""")]
    [InlineData("""{"results":[7]}""")]
    [InlineData("""{"results":[{"flagged":"yes"}]}""")]
    [InlineData("""{"results":[{"flagged":true}""")]
    public void What_is_no_answer_of_a_moderation_endpoint_is_none(string body) => Assert.Null(ModerationReply.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Odd_scores_and_names_are_passed_over()
    {
        var reply = ModerationReply.Read("""{"results":[{"flagged":true,"categories":{"violence":true,"hate":false,"<script>":true,"self-harm/intent":true},"category_scores":{"violence":7,"hate":"high","x":null}}]}"""u8.ToArray());
        Assert.Equal((true, 1.0), (reply!.Flagged, reply.Score));
        Assert.Equal(["violence", "self-harm/intent"], reply.Categories);
    }

    [Fact]
    public void The_budget_of_a_minute_is_spent_and_comes_back()
    {
        var clock = new FakeTimeProvider();
        var budget = new OpinionBudget(clock, 2);
        Assert.Equal([true, true, false], new[] { budget.TryTake(), budget.TryTake(), budget.TryTake() });
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(budget.TryTake());
    }
}
