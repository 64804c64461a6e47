using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <param name="All">Each once, oldest first.</param>
/// <param name="ByStep">Those that name a step, by its id.</param>
/// <param name="IsCut">There are more steps or annotations than were looked at.</param>
public sealed record StepFeedback(ImmutableArray<Annotation> All, ILookup<Guid, Annotation> ByStep, bool IsCut)
{
    public static readonly StepFeedback None = new([], Enumerable.Empty<Annotation>().ToLookup(_ => Guid.Empty), false);
}

/// <summary>What is said of steps, of their traces and of their session.</summary>
public sealed class StepFeedbackReader(TelemetryReader reader)
{
    /// <summary>A look-up takes 10,000 ids, and a step may go by two.</summary>
    public static readonly int MostSteps = 5_000;

    /// <summary>Of each kind of target.</summary>
    public static readonly int MostNotes = 5_000;

    private static readonly int s_page = 1_000;

    /// <param name="session">Also what is said of this session as a whole; empty for none.</param>
    public async Task<StepFeedback> ReadAsync(ProjectId project, IReadOnlyCollection<Observation> steps, string session, CancellationToken cancellationToken)
    {
        if (steps.Count == 0) { return StepFeedback.None; }
        var owners = new Dictionary<Guid, Guid>();
        // What people judge is an answer or a whole run, so these come first.
        foreach (var step in steps.OrderByDescending(step => step.IsCall || step.ParentId.Length == 0).Take(MostSteps))
        {
            foreach (var target in ObservationIds.Targets(step)) { owners.TryAdd(target, step.Id); }
        }
        var all = new AnnotationQuery(project, AnnotationQuery.AllTime);
        var traces = steps.Select(step => step.TraceId).Where(id => id.Length > 0).Distinct(StringComparer.Ordinal).Take(MostSteps).ToImmutableArray();
        var notes = new Dictionary<Guid, Annotation>();
        var isCut = steps.Count > MostSteps;
        isCut |= await AddAsync(all with { Observations = [.. owners.Keys] });
        // An empty list would be no condition at all.
        if (!traces.IsEmpty) { isCut |= await AddAsync(all with { Traces = traces }); }
        if (session.Length > 0) { isCut |= await AddAsync(all with { Sessions = [session] }); }
        return new(
            [.. notes.Values.OrderBy(note => note.Time).ThenBy(note => note.Id)],
            notes.Values.Where(note => owners.ContainsKey(note.ObservationId)).OrderBy(note => note.Time).ToLookup(note => owners[note.ObservationId]), isCut);

        async Task<bool> AddAsync(AnnotationQuery query)
        {
            var request = new AnnotationPageRequest(query, s_page);
            for (var page = 0; page < MostNotes / s_page; page++)
            {
                var read = await reader.ReadAnnotationsAsync(request, cancellationToken);
                foreach (var note in read.Items) { notes.TryAdd(note.Id, note); }
                if (read.Next is null) { return false; }
                request = request with { Cursor = read.Next };
            }
            return true;
        }
    }

    /// <summary>What a person said and did in a time range; what guards found in their calls bears their name too, and is not theirs.</summary>
    public async Task<FeedbackTally> OfAuthorAsync(ProjectId project, TimeRange window, string author, CancellationToken cancellationToken) =>
        FeedbackTally.Of(await reader.CountAnnotationsAsync(new(project, window) { Authors = [author], OthersOnly = true }, step: null, cancellationToken));
}
