using System.Collections.Immutable;
using Bellwether.Feedback;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Evaluators;

/// <summary>An evaluator beside people: of the calls that both judged.</summary>
/// <param name="IsCut">There are more verdicts in the window than were looked at, the newest.</param>
public sealed record Agreement(Kappa Kappa, long BothPass, long BothFail, long OnlyEvaluatorPasses, long OnlyPeoplePass, bool IsCut);

/// <summary>Compares an evaluator's verdicts with what people said of the same calls.</summary>
public sealed class AgreementReader(TelemetryReader reader)
{
    private const int PageSize = 1_000;
    private const int MostPages = 5;

    /// <param name="against">Name of the people's labels: the evaluator's own, or <c>user_feedback</c> for votes.</param>
    public async Task<Agreement> ReadAsync(ProjectId project, TimeRange window, string evaluator, string against, CancellationToken cancellationToken)
    {
        var (own, ownCut) = await ReadAsync(new AnnotationQuery(project, window) { Names = [evaluator], Sources = [FeedbackSources.Evaluator], Authors = [Annotation.Own] }, cancellationToken);
        // People speak after the call, and a verdict has the call's time.
        var (people, peopleCut) = own.Count == 0 ? ([], false) : await ReadAsync(
            new AnnotationQuery(project, new TimeRange(window.From, window.To + AnnotationQuery.LookBack)) { Names = [against], Sources = [FeedbackSources.Human, FeedbackSources.User] }, cancellationToken);
        // Several people may label one call: the majority counts, and a tie does not.
        var labels = people.Where(label => label.Number is not null).GroupBy(label => label.ObservationId)
            .ToDictionary(call => call.Key, call => call.Sum(label => label.Number >= 0.5 ? 1 : -1));
        var counts = new long[2, 2];
        foreach (var verdict in own.DistinctBy(verdict => verdict.ObservationId))
        {
            if (labels.TryGetValue(verdict.ObservationId, out var label) && label != 0) { counts[verdict.Category == "pass" ? 1 : 0, label > 0 ? 1 : 0]++; }
        }
        return new Agreement(Kappa.Of(counts), counts[1, 1], counts[0, 0], counts[1, 0], counts[0, 1], ownCut || peopleCut);
    }

    private async Task<(List<Annotation> Items, bool IsCut)> ReadAsync(AnnotationQuery query, CancellationToken cancellationToken)
    {
        var items = new List<Annotation>();
        string? cursor = null;
        for (var page = 0; page < MostPages; page++)
        {
            var read = await reader.ReadAnnotationsAsync(new AnnotationPageRequest(query, PageSize) { Cursor = cursor }, cancellationToken);
            items.AddRange(read.Items);
            cursor = read.Next;
            if (cursor is null) { return (items, false); }
        }
        return (items, true);
    }
}
