using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>One turn of a conversation: a trace, or a call that belongs to none.</summary>
/// <param name="Href">Path below the project of what is behind it.</param>
public sealed record SessionTurn(TraceTree Tree, string Href, string Asked, string Answered, ImmutableArray<Annotation> Feedback)
{
    public Observation Root => Tree.Root!.Step;
}

/// <param name="Total">How many turns there are; only the texts of those that are shown are read.</param>
/// <param name="Feedback">Of all turns and of the session.</param>
/// <param name="Said">What was said of the session as a whole.</param>
public sealed record SessionTurns(ImmutableArray<SessionTurn> Turns, int Total, bool IsCut, TraceTotals Totals, string User, FeedbackTally Feedback, ImmutableArray<Annotation> Said, DateTimeOffset LastSeen);

/// <summary>Reads a session as a conversation, oldest turn first.</summary>
public sealed class SessionReader(TelemetryReader reader, StepFeedbackReader feedback)
{
    private static readonly int s_page = 1_000;
    private static readonly int s_mostPages = 5;

    public async Task<SessionTurns> ReadAsync(ProjectId project, string session, DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        var window = new TimeRange(now.AddYears(-10), now.AddDays(2));
        var (steps, isCut) = await PagesAsync(project, window, Filter.Eq("session", session), cancellationToken);
        // Often only the first span of a trace names the session; the steps below it belong to it all the same.
        var traces = steps.Select(step => step.TraceId).Where(id => id.Length > 0).Distinct(StringComparer.Ordinal).Take(s_page).ToImmutableArray();
        if (!traces.IsEmpty)
        {
            var around = new TimeRange(steps.Min(step => step.StartTime).AddHours(-1), steps.Max(step => step.StartTime).AddDays(1));
            var (all, isMore) = await PagesAsync(project, around, new("trace_id", FilterOp.In, traces), cancellationToken);
            steps = [.. steps.Concat(all).DistinctBy(step => step.Id)];
            isCut |= isMore;
        }
        var trees = steps.GroupBy(step => step.TraceId.Length > 0 ? step.TraceId : step.Id.ToString()).Select(TraceTree.Of).OrderBy(tree => tree.Start).ToList();
        var totals = trees.Aggregate(default(TraceTotals), (sum, tree) => sum + tree.Totals);
        var said = await feedback.ReadAsync(project, steps, session, cancellationToken);
        var byTrace = said.All.Where(note => note.TraceId.Length > 0).ToLookup(note => note.TraceId, StringComparer.Ordinal);
        var turns = ImmutableArray.CreateBuilder<SessionTurn>();
        foreach (var tree in trees.Take(most))
        {
            var notes = tree.Nodes.SelectMany(node => said.ByStep[node.Step.Id]).Concat(byTrace[tree.Root!.Step.TraceId]).DistinctBy(note => note.Id).OrderBy(note => note.Time);
            turns.Add(await TurnAsync(project, tree, [.. notes], cancellationToken));
        }
        return new(
            turns.ToImmutable(), trees.Count, isCut, totals, steps.Select(step => step.User).FirstOrDefault(user => user.Length > 0) ?? "",
            FeedbackTally.Of(said.All), [.. said.All.Where(note => note.Session == session)],
            trees.Count == 0 ? default : trees.Max(tree => tree.Start + tree.Length));
    }

    private async Task<SessionTurn> TurnAsync(ProjectId project, TraceTree tree, ImmutableArray<Annotation> notes, CancellationToken cancellationToken)
    {
        var root = tree.Root!.Step;
        // Calls without a step around them: what was asked first, and what was said last.
        var calls = tree.Nodes.Select(node => node.Step).Where(step => step.IsCall).ToList();
        var first = root.IsCall && calls.Count > 0 ? calls[0] : root;
        var last = root.IsCall && calls.Count > 0 ? calls[^1] : root;
        var opening = await reader.ReadAsync(project, first.Id, cancellationToken);
        var closing = last.Id == first.Id ? opening : await reader.ReadAsync(project, last.Id, cancellationToken);
        var asked = opening is null ? "" : StepText.Of(opening.Payload).Asked;
        var answered = closing is null ? "" : StepText.Of(closing.Payload).Answered;
        var href = tree.Nodes.Length > 1 && root.TraceId.Length > 0 ? "traces/" + PathPart.Write(root.TraceId) : "requests/" + root.Id.ToString("D");
        return new(tree, href, asked, answered, notes);
    }

    private async Task<(ImmutableArray<Observation> Steps, bool IsCut)> PagesAsync(ProjectId project, TimeRange window, Filter filter, CancellationToken cancellationToken)
    {
        var steps = ImmutableArray.CreateBuilder<Observation>();
        var request = new ObservationPageRequest(project, window, s_page) { Where = [filter] };
        for (var page = 0; page < s_mostPages; page++)
        {
            var read = await reader.ReadPageAsync(request, cancellationToken);
            steps.AddRange(read.Items);
            if (read.Next is null) { return (steps.ToImmutable(), false); }
            request = request with { Cursor = read.Next };
        }
        return (steps.ToImmutable(), true);
    }
}
