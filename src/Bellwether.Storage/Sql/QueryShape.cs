using System.Collections.Immutable;
using Bellwether.Telemetry;

namespace Bellwether.Storage.Sql;

/// <summary>A query, checked and taken apart: what an engine needs to read to answer it.</summary>
internal sealed record QueryShape(TelemetryQuery Query)
{
    private static readonly int s_mostBuckets = 20_000;
    private static readonly int s_mostGroups = 10_000;

    public required ImmutableArray<Field> Groups { get; init; }
    public required ImmutableArray<Partial> Sums { get; init; }
    public required ImmutableArray<Histogram> Histograms { get; init; }
    public required ImmutableArray<string> DistinctColumns { get; init; }
    /// <summary>The rollup slice that can answer: <c>""</c> for the whole project, a dimension's name, or null when only rows can.</summary>
    public required string? Slice { get; init; }

    /// <summary>Whether the steps of chains are left out, as they are from the rollups.</summary>
    public required bool CallsOnly { get; init; }

    public long From => UnixTicks.Of(Query.Window.From);
    public long To => UnixTicks.Of(Query.Window.To);
    public long? Step => Query.Step?.Ticks;
    public int Limit => Math.Min(Query.Limit ?? s_mostGroups, s_mostGroups);

    public static QueryShape Of(TelemetryQuery query)
    {
        if (query.Measures.IsDefaultOrEmpty)
        {
            throw new TelemetryQueryException("measures", "A query needs at least one measure.");
        }
        foreach (var measure in query.Measures)
        {
            if (!Enum.IsDefined(measure))
            {
                throw new TelemetryQueryException("measures", $"Unknown measure {measure}.");
            }
        }
        CheckWindow(query);
        if (query.Limit is <= 0)
        {
            throw new TelemetryQueryException("limit", "The limit must be at least 1.");
        }
        if (query.After is { } after && (query.Step is not null || query.By.IsEmpty || after.Group.Length != query.By.Length))
        {
            throw new TelemetryQueryException("after", "Only a query with groups and without a step goes on behind a group, which has a value for each of them.");
        }
        FilterCompiler.Check(query.Where);
        var groups = query.By.Select(dimension => FieldCatalog.FindGroup(dimension.Name)).ToImmutableArray();
        var callsOnly = !query.EveryKind && !query.By.Any(dimension => dimension.Name == "kind") && !query.Where.Any(filter => filter.Field == "kind");
        var filtered = query.Where.Select(filter => FieldCatalog.Find(filter.Field)).ToList();
        return new QueryShape(query)
        {
            Groups = groups,
            // The count is always read: it tells an empty bucket from one without values.
            Sums = [.. query.Measures.SelectMany(Partials.Of).Prepend(Partials.Count).Distinct()],
            Histograms = [.. query.Measures.Select(Histogram.Of).OfType<(Histogram Histogram, double)>().Select(read => read.Histogram).Distinct()],
            DistinctColumns = [.. query.Measures.Select(Distinct.Of).OfType<string>().Distinct()],
            CallsOnly = callsOnly,
            Slice = !callsOnly || query.Measures.Contains(Measure.FirstSeen) ? null : SliceOf(query, [.. groups.Concat(filtered).DistinctBy(field => field.Name)]),
        };
    }

    private static void CheckWindow(TelemetryQuery query)
    {
        if (query.Window.To <= query.Window.From)
        {
            throw new TelemetryQueryException("to", "The window must end after it starts.");
        }
        if (query.Step is not { } step)
        {
            return;
        }
        if (step < TimeSpan.FromSeconds(1))
        {
            throw new TelemetryQueryException("step", "The step must be at least a second.");
        }
        if (query.Window.Length / step > s_mostBuckets)
        {
            throw new TelemetryQueryException("step", $"The step would make more than {s_mostBuckets} buckets; use a longer one.");
        }
    }

    private static string? SliceOf(TelemetryQuery query, ImmutableArray<Field> fields) =>
        query.Text is not null ? null
        : fields.IsEmpty ? ""
        : fields is [{ Sliced: true } only] ? only.Name
        : null;
}
