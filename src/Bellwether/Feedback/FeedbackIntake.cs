using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Feedback;

/// <summary>Turns feedback of every dialect into annotations and journals them. What it names need not be stored yet.</summary>
public sealed class FeedbackIntake(ITelemetryIntake intake, TelemetryReader reader, TimeProvider clock)
{
    // A call is voted on within days; behind that the vote still joins when the call is read, and only the list has no link to it.
    private static readonly TimeSpan s_lookBack = TimeSpan.FromDays(3);

    /// <summary>Makes the annotations durable. A refusal is the journal's and passes: try again after its seconds.</summary>
    /// <returns>The refusal if there was one, and the ids of the annotations.</returns>
    public async ValueTask<(AppendResult Result, Guid[] Ids)> AcceptAsync(IReadOnlyList<UserFeedback> feedback, CancellationToken cancellationToken)
    {
        var records = new TelemetryRecord[feedback.Count];
        var ids = new Guid[feedback.Count];
        for (var i = 0; i < records.Length; i++)
        {
            var annotation = await ToAnnotationAsync(feedback[i], cancellationToken);
            (records[i], ids[i]) = (TelemetryRecord.Of(annotation), annotation.Id);
        }
        return (await intake.AppendAsync(records, cancellationToken), ids);
    }

    /// <summary>The annotation that a word of feedback becomes, for receivers that journal it together with other records.</summary>
    public async ValueTask<Annotation> ToAnnotationAsync(UserFeedback feedback, CancellationToken cancellationToken)
    {
        var target = feedback.Target;
        var about = target.ObservationId ?? Guid.Empty;
        if (target.RequestId.Length > 0)
        {
            about = await FindAsync(feedback.Project, target.RequestId, cancellationToken) ?? ObservationIds.OfRequest(feedback.Project, target.RequestId);
        }
        return new Annotation
        {
            Id = IdOf(target.ObservationId is { } id && await RequestOfAsync(feedback.Project, id, cancellationToken) is { Length: > 0 } request
                ? feedback with { Target = FeedbackTarget.Request(request) }
                : feedback),
            Project = feedback.Project,
            Time = feedback.Time ?? clock.GetUtcNow(),
            ObservationId = about,
            TraceId = target.TraceId,
            Session = target.Session,
            RequestId = target.RequestId,
            Name = feedback.Name,
            Source = feedback.Source,
            Number = feedback.Number,
            Category = feedback.Category,
            Text = feedback.Text,
            Author = feedback.Author,
        };
    }

    /// <summary>The same for every word of the same author on the same thing: the store keeps the last.</summary>
    public static Guid IdOf(UserFeedback feedback) =>
        ObservationIds.Of("vote", DateTimeOffset.UnixEpoch, feedback.Project.Value, feedback.Target.Key, feedback.Name, feedback.Author);

    // A vote by the id of a call and one by its request id are votes on the same thing.
    private async ValueTask<string> RequestOfAsync(ProjectId project, Guid observation, CancellationToken cancellationToken)
    {
        try
        {
            return (await reader.FindAsync(project, observation, cancellationToken))?.RequestId ?? "";
        }
        catch (StoreNotOpenException)
        {
            return "";
        }
    }

    private async ValueTask<Guid?> FindAsync(ProjectId project, string requestId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var request = new ObservationPageRequest(project, new TimeRange(now - s_lookBack, now + TimeSpan.FromHours(1)), 1) { Where = [Filter.Eq("request_id", requestId)] };
        try
        {
            var page = await reader.ReadPageAsync(request, cancellationToken);
            return page.Items is [var found] ? found.Id : null;
        }
        catch (StoreNotOpenException)
        {
            // The journal takes feedback before the store is open, and the look-up is a convenience.
            return null;
        }
    }
}
