using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>How many requests a bucket of the volume bar holds, and how many of them failed.</summary>
public readonly record struct VolumeBucket(double Count, double Errors);

/// <summary>The questions that the request pages ask beside the rows themselves.</summary>
internal sealed class RequestQueries(TelemetryReader reader)
{
    private static readonly ImmutableArray<Measure> Counting = [Measure.Count];
    private static readonly ImmutableArray<Measure> CountingErrors = [Measure.Count, Measure.Errors];

    /// <summary>The values of a field by how many requests have them, over everything that is asked for but the field itself.</summary>
    public async Task<ImmutableArray<FacetItem>> FacetAsync(
        ProjectId project, TimeRange window, FilterExpression expression, string field, int top, CancellationToken cancellationToken)
    {
        var others = RequestFilter.Without(expression, field);
        var choice = RequestFilter.Choice(expression, field);
        var result = await reader.QueryAsync(
            new TelemetryQuery(project, window, Counting) { Where = others.Where, Text = others.Text, By = [new Dimension(field)], Limit = top },
            cancellationToken);
        var items = result.Rows
            .Select(row => new FacetItem(row.Group[0], (long)(row.Values[0] ?? 0), choice.Included.Contains(row.Group[0])))
            .ToList();
        // A chosen value stays to be seen, and to be let go, when nothing has it any more.
        var shown = items.Select(item => item.Value).ToHashSet(StringComparer.Ordinal);
        items.AddRange(choice.Included.Union(choice.Excluded).Where(value => !shown.Contains(value)).Select(value => new FacetItem(value, 0, choice.Included.Contains(value))));
        return [.. items];
    }

    public async Task<ImmutableArray<VolumeBucket>> VolumeAsync(
        ProjectId project, TimeScale scale, FilterExpression expression, CancellationToken cancellationToken)
    {
        var result = await reader.QueryAsync(
            new TelemetryQuery(project, scale.Range, CountingErrors) { Where = expression.Where, Text = expression.Text, Step = scale.Step },
            cancellationToken);
        var buckets = new VolumeBucket[scale.Buckets.Length];
        foreach (var row in result.Rows)
        {
            if (row.Bucket is { } start && scale.IndexOf(start) is >= 0 and var index)
            {
                buckets[index] = new(row.Values[0] ?? 0, row.Values[1] ?? 0);
            }
        }
        return [.. buckets];
    }

    /// <summary>Whether the project has recorded anything at all.</summary>
    public async Task<bool> HasAnyAsync(ProjectId project, DateTimeOffset now, CancellationToken cancellationToken) =>
        await reader.CountAsync(project, new(now.AddYears(-10), now.AddDays(1)), FilterExpression.Empty, cancellationToken) > 0;
}
