using System.Collections.Immutable;
using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>Which annotations: all that fit every condition; an empty list is no condition. <see cref="Window"/> is of the annotation's own time.</summary>
public sealed record AnnotationQuery(ProjectId Project, TimeRange Window)
{
    /// <summary>For what is asked by the thing it is said of, whenever it was said.</summary>
    public static readonly TimeRange AllTime = new(DateTimeOffset.UnixEpoch, new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>How long before a word the call may lie that it is said of, where <see cref="Where"/> asks for the call.</summary>
    public static readonly TimeSpan LookBack = TimeSpan.FromDays(7);

    public ImmutableArray<Guid> Ids { get; init; } = [];
    public ImmutableArray<string> Names { get; init; } = [];
    public ImmutableArray<string> Sources { get; init; } = [];
    public ImmutableArray<string> Categories { get; init; } = [];
    public ImmutableArray<string> Authors { get; init; } = [];
    /// <summary>Leaves out what the product itself found: its validators and evaluators (sources <c>validator</c> and <c>evaluator</c>, author <see cref="Annotation.Own"/>) and its guards (source <c>guard</c>).</summary>
    public bool OthersOnly { get; init; }
    public ImmutableArray<Guid> Observations { get; init; } = [];
    public ImmutableArray<string> Traces { get; init; } = [];
    public ImmutableArray<string> Sessions { get; init; } = [];
    /// <summary>
    /// Conditions on the observation that it is said of, as a <see cref="TelemetryQuery"/> has them. It must have started at most <see cref="LookBack"/>
    /// before <see cref="Window"/>; what is said of whole traces and sessions is left out.
    /// </summary>
    public ImmutableArray<Filter> Where { get; init; } = [];
    /// <summary>Satisfied (a number of at least 0.5), or not (a smaller one); null for all, those without a number included.</summary>
    public bool? Up { get; init; }
    /// <summary>What the text must contain, case-insensitive; null for none.</summary>
    public string? Text { get; init; }
}

/// <summary>A page of annotations, newest first; <see cref="Cursor"/> comes from <see cref="AnnotationPage.Next"/>.</summary>
/// <param name="Limit">1 to 1,000.</param>
public sealed record AnnotationPageRequest(AnnotationQuery Query, int Limit)
{
    public string? Cursor { get; init; }
}

public sealed record AnnotationPage(ImmutableArray<Annotation> Items, string? Next);

/// <summary>Annotations of one name, source and category.</summary>
/// <param name="Bucket">Start of the bucket; null without a step.</param>
/// <param name="Up">Those whose number is at least 0.5.</param>
/// <param name="Down">Those whose number is less. Those without a number are in <paramref name="Total"/> only.</param>
/// <param name="Mean">Mean of the numbers; null when there is none.</param>
public sealed record AnnotationCount(DateTimeOffset? Bucket, string Name, string Source, string Category, long Total, long Up, long Down, double? Mean);
