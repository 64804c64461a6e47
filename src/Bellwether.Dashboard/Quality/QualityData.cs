using System.Collections.Immutable;
using Bellwether.Quality;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>Everything that the quality page shows of one range.</summary>
internal sealed record QualityData
{
    public required TimeScale Scale { get; init; }
    public required SatisfactionReport Satisfaction { get; init; }
    /// <summary>Of the 24 hours that end with the range.</summary>
    public required SatisfactionReport LastDay { get; init; }
    /// <summary>Share of the votes of a bucket that are up; null where nobody voted.</summary>
    public required IReadOnlyList<double?> Satisfied { get; init; }
    public required IReadOnlyList<double?> VotesUp { get; init; }
    public required IReadOnlyList<double?> VotesDown { get; init; }
    /// <summary>Tokens per answer, over answers whose tokens are known.</summary>
    public required IReadOnlyList<double?> ResponseTokens { get; init; }
    public required double? MeanResponseTokens { get; init; }
    public required CheckTallies Checks { get; init; }
    public required ImmutableArray<(string Type, long Count)> ErrorTypes { get; init; }
    /// <summary>Calls of the range, failed or not.</summary>
    public required long Calls { get; init; }
    /// <summary>Newest first.</summary>
    public required ImmutableArray<Annotation> Ungrounded { get; init; }
    /// <summary>False when the project has never recorded anything at all.</summary>
    public bool HasAnyData { get; init; } = true;
}
