using Bellwether.Feedback;
using Bellwether.Telemetry;

namespace Bellwether.Quality;

/// <summary>What users thought of the answers of a period (requirement Q3).</summary>
/// <param name="Votes">Those that are up.</param>
/// <param name="Outcomes">Signs that a matter was settled, of all signs that it was or was not.</param>
public sealed record SatisfactionReport(Proportion Votes, Proportion Outcomes)
{
    // What people do tells how it ended: a copied answer was of use; asking again, leaving or wanting a person says that it was not.
    private static readonly HashSet<string> s_settled = ["copied"];
    private static readonly HashSet<string> s_unsettled = ["escalated", "re_asked", "regenerated", "abandoned"];

    /// <summary>Everything that is counted here, by the annotation's name.</summary>
    public static readonly IReadOnlyList<string> Names = [FeedbackNames.Vote, FeedbackNames.Resolved, .. s_settled, .. s_unsettled];

    /// <summary>-100 (everybody is against) to 100: promoters less detractors, of votes that know only up and down. Null without a vote.</summary>
    public ScoreInterval? Nps => Votes.Value is null ? null : new(Score(Votes.Value), Score(Votes.Low), Score(Votes.High));

    public static SatisfactionReport Of(IEnumerable<AnnotationCount> counts)
    {
        var (up, down, settled, unsettled) = (0L, 0L, 0L, 0L);
        foreach (var count in counts)
        {
            if (FeedbackSources.IsMachine(count.Source)) { continue; }
            if (count.Name == FeedbackNames.Vote) { (up, down) = (up + count.Up, down + count.Down); }
            else if (count.Name == FeedbackNames.Resolved) { (settled, unsettled) = (settled + count.Up, unsettled + count.Down); }
            else if (count.Source != FeedbackSources.Implicit) { continue; }
            else if (s_settled.Contains(count.Name)) { settled += count.Total; }
            else if (s_unsettled.Contains(count.Name)) { unsettled += count.Total; }
        }
        return new(new(up, up + down), new(settled, settled + unsettled));
    }

    // (up - down) / n is 2p - 1, so that the share's interval gives the score's.
    private static double Score(double? share) => ((2 * share!.Value) - 1) * 100;
}

/// <summary>A score with its 95 % interval.</summary>
public readonly record struct ScoreInterval(double Value, double Low, double High);
