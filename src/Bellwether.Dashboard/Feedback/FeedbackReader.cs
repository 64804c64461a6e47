using System.Collections.Immutable;
using Bellwether.Feedback;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>Feedback of a range, as the page draws it.</summary>
/// <param name="Rows">Newest first, as many as were asked for.</param>
/// <param name="Matching">How many there are of what is asked for.</param>
/// <param name="HasAny">Whether the project has any feedback at all.</param>
/// <param name="Trends">Over the buckets of the range: up, down, reports, signals; null when there is nothing to draw.</param>
internal sealed record FeedbackData(
    ImmutableArray<Annotation> Rows, long Matching, bool HasAny, FeedbackTotals Totals, FeedbackTrends? Trends,
    ImmutableArray<FacetItem> Names, ImmutableArray<FacetItem> Sources, ImmutableArray<FacetItem> Categories);

/// <summary>Counts of a range, whatever is chosen by value.</summary>
internal sealed record FeedbackTotals(long Up, long Down, long Reports, long Signals)
{
    /// <summary>Share of the votes that are up; null without a vote.</summary>
    public double? Satisfied => Up + Down > 0 ? (double)Up / (Up + Down) : null;
}

internal sealed record FeedbackTrends(IReadOnlyList<double?> Up, IReadOnlyList<double?> Down, IReadOnlyList<double?> Satisfied, IReadOnlyList<double?> Reports, IReadOnlyList<double?> Signals);

/// <summary>Reads the feedback page's rows and counts.</summary>
internal sealed class FeedbackReader(TelemetryReader reader)
{
    private static readonly int s_trendBuckets = 40;

    public async Task<FeedbackData> ReadAsync(ProjectId project, TimeRange range, FeedbackState state, string text, int limit, CancellationToken cancellationToken)
    {
        var asked = state.Of(project, range, text);
        var page = await reader.ReadAnnotationsAsync(new AnnotationPageRequest(asked, limit), cancellationToken);
        // Counted over everything but what is chosen by value, so that another value can be chosen.
        var all = new FeedbackState { Users = state.Users }.Of(project, range, text) with { OthersOnly = asked.OthersOnly };
        var counts = await reader.CountAnnotationsAsync(all, null, cancellationToken);
        var hasAny = counts.Length > 0
            || (await reader.ReadAnnotationsAsync(new AnnotationPageRequest(new AnnotationQuery(project, AnnotationQuery.AllTime) { OthersOnly = true }, 1), cancellationToken)).Items.Length > 0;
        long Number(AnnotationCount count) => state.Up switch { true => count.Up, false => count.Down, null => count.Total };
        bool Named(AnnotationCount count) => state.Names.IsEmpty || state.Names.Contains(count.Name);
        bool Sent(AnnotationCount count) => state.Sources.IsEmpty || state.Sources.Contains(count.Source);
        bool Sorted(AnnotationCount count) => state.Categories.IsEmpty || state.Categories.Contains(count.Category);
        ImmutableArray<FacetItem> Facet(Func<AnnotationCount, bool> others, Func<AnnotationCount, string> value, ImmutableArray<string> chosen, Func<string, string>? label = null) =>
        [
            .. counts.Where(others).GroupBy(value, StringComparer.Ordinal).Select(group => (Value: group.Key, Count: group.Sum(Number)))
                .Concat(chosen.Select(value => (Value: value, Count: 0L)))
                .GroupBy(item => item.Value, StringComparer.Ordinal).Select(group => new FacetItem(group.Key, group.Sum(item => item.Count), chosen.Contains(group.Key), label?.Invoke(group.Key)))
                // A chosen value stays to be seen, and to be let go, when nothing has it any more.
                .Where(item => item.Count > 0 || item.Selected)
                .OrderByDescending(item => item.Count).ThenBy(item => item.Value, StringComparer.Ordinal),
        ];
        return new FeedbackData(
            page.Items, counts.Where(count => Named(count) && Sent(count) && Sorted(count)).Sum(Number), hasAny, Totals(counts),
            counts.Length > 0 ? await TrendsAsync(all, range, cancellationToken) : null,
            Facet(count => Sent(count) && Sorted(count), count => count.Name, state.Names, FeedbackWords.NameOf),
            Facet(count => Named(count) && Sorted(count), count => count.Source, state.Sources, source => VisibleText.Flatten(source, 40)),
            Facet(count => Named(count) && Sent(count), count => count.Category, state.Categories, category => category.Length == 0 ? "(none)" : VisibleText.Flatten(category, 60)));
    }

    private static FeedbackTotals Totals(IEnumerable<AnnotationCount> counts)
    {
        var (up, down, reports, signals) = (0L, 0L, 0L, 0L);
        foreach (var count in counts)
        {
            if (FeedbackSources.IsMachine(count.Source)) { continue; }
            if (count.Name == FeedbackNames.Vote) { (up, down) = (up + count.Up, down + count.Down); }
            if (count.Name == FeedbackNames.Report) { reports += count.Total; }
            if (IsSignal(count)) { signals += count.Total; }
        }
        return new FeedbackTotals(up, down, reports, signals);
    }

    // An edit is two annotations, its share and its distance, and one thing that somebody did.
    private static bool IsSignal(AnnotationCount count) => count.Source == FeedbackSources.Implicit && count.Name != FeedbackNames.EditDistance;

    private async Task<FeedbackTrends?> TrendsAsync(AnnotationQuery query, TimeRange range, CancellationToken cancellationToken)
    {
        var scale = TimeScale.For(range, s_trendBuckets);
        ImmutableArray<AnnotationCount> counts;
        try
        {
            counts = await reader.CountAnnotationsAsync(query, scale.Step, cancellationToken);
        }
        catch (TelemetryQueryException)
        {
            // Evaluators may send more categories than buckets can hold; the tiles then stand without a line.
            return null;
        }
        var buckets = new FeedbackTotals[scale.Buckets.Length];
        Array.Fill(buckets, new FeedbackTotals(0, 0, 0, 0));
        foreach (var bucket in counts.GroupBy(count => count.Bucket))
        {
            if (bucket.Key is { } start && scale.IndexOf(start) is >= 0 and var index) { buckets[index] = Totals(bucket); }
        }
        return new FeedbackTrends(
            [.. buckets.Select(bucket => (double?)bucket.Up)], [.. buckets.Select(bucket => (double?)bucket.Down)], [.. buckets.Select(bucket => bucket.Satisfied)],
            [.. buckets.Select(bucket => (double?)bucket.Reports)], [.. buckets.Select(bucket => (double?)bucket.Signals)]);
    }
}
