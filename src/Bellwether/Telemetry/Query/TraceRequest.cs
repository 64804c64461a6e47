using System.Collections.Immutable;
using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>One trace, within a window: wide enough for its longest run, narrow enough that not every day is searched.</summary>
/// <param name="Limit">The most steps to read, 1 to 20,000.</param>
public sealed record TraceRequest(ProjectId Project, string TraceId, TimeRange Window, int Limit)
{
    public static readonly int MostSteps = 20_000;
}

/// <summary>The steps of a trace by start time and id.</summary>
/// <param name="IsCut">True when there are more steps than were asked for.</param>
public sealed record TraceSteps(ImmutableArray<Observation> Items, bool IsCut);
