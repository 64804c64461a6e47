using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Quality;

/// <summary>Whose words of when, and of which calls.</summary>
public sealed record SatisfactionRequest(ProjectId Project, TimeRange Window)
{
    /// <summary>Conditions on the calls (<see cref="AnnotationQuery.Where"/>); none: also what is said of whole traces and sessions.</summary>
    public ImmutableArray<Filter> Where { get; init; } = [];
    /// <summary>Who said it; empty for everybody.</summary>
    public ImmutableArray<string> Users { get; init; } = [];

    internal AnnotationQuery Query => new(Project, Window) { Names = [.. SatisfactionReport.Names], Where = Where, Authors = Users };
}

/// <summary>Counts what users said and did.</summary>
public sealed class SatisfactionReader(TelemetryReader reader)
{
    public async Task<SatisfactionReport> ReadAsync(SatisfactionRequest request, CancellationToken cancellationToken) =>
        SatisfactionReport.Of(await reader.CountAnnotationsAsync(request.Query, step: null, cancellationToken));

    /// <summary>The same per bucket; buckets without a word are missing.</summary>
    public async Task<IReadOnlyDictionary<DateTimeOffset, SatisfactionReport>> ReadAsync(SatisfactionRequest request, TimeSpan step, CancellationToken cancellationToken) =>
        (await reader.CountAnnotationsAsync(request.Query, step, cancellationToken))
            .GroupBy(count => count.Bucket!.Value).ToDictionary(bucket => bucket.Key, SatisfactionReport.Of);
}
