using Bellwether.Feedback;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>What people said, in three numbers.</summary>
/// <param name="Up">Votes and scores of users of at least 0.5.</param>
/// <param name="Down">Votes and scores of users below that.</param>
/// <param name="Notes">Everything else: comments, reports, what users did, and what evaluators, validators and colleagues found.</param>
public readonly record struct FeedbackTally(long Up, long Down, long Notes)
{
    public bool IsEmpty => Up + Down + Notes == 0;

    /// <summary><c>3 up, 1 down, 2 notes</c>.</summary>
    public string Words => string.Join(", ", new[]
    {
        Up > 0 ? $"{Format.Count(Up)} up" : "", Down > 0 ? $"{Format.Count(Down)} down" : "", Notes > 0 ? $"{Format.Count(Notes)} note{(Notes == 1 ? "" : "s")}" : "",
    }.Where(part => part.Length > 0));

    public static FeedbackTally Of(IEnumerable<Annotation> notes) => notes.Aggregate(default(FeedbackTally), (tally, note) =>
        note.Source != FeedbackSources.User || note.Number is not { } number ? tally with { Notes = tally.Notes + 1 }
        : number >= 0.5 ? tally with { Up = tally.Up + 1 } : tally with { Down = tally.Down + 1 });

    public static FeedbackTally Of(IEnumerable<AnnotationCount> counts) => counts.Aggregate(default(FeedbackTally), (tally, count) =>
        count.Source != FeedbackSources.User ? tally with { Notes = tally.Notes + count.Total }
        : new(tally.Up + count.Up, tally.Down + count.Down, tally.Notes + count.Total - count.Up - count.Down));
}
