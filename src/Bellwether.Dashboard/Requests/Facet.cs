using System.Collections.Immutable;

namespace Bellwether.Dashboard;

/// <summary>A group of the facet side bar.</summary>
/// <param name="Field">Its filter field.</param>
/// <param name="Top">How many values are asked for.</param>
/// <param name="Open">Whether it starts open; a closed one is not counted.</param>
public sealed record Facet(string Field, string Title, int Top, bool Open)
{
    public static readonly ImmutableArray<Facet> All =
    [
        new("state", "State", 8, true),
        new("model", "Model", 20, true),
        new("provider", "Provider", 20, true),
        new("endpoint", "Endpoint", 20, true),
        new("error_type", "Error", 20, true),
        new("operation", "Operation", 12, false),
        new("user", "User", 20, false),
        new("session", "Session", 20, false),
        new("key", "Key", 20, false),
        new("finish_reason", "Finish reason", 12, false),
        new("stream", "Streamed", 2, false),
    ];
}

/// <summary>What is known of a facet's counts.</summary>
/// <param name="Items">Null before they were read.</param>
public sealed record FacetCounts(ImmutableArray<FacetItem>? Items, string? Failure = null)
{
    public static readonly FacetCounts Unread = new((ImmutableArray<FacetItem>?)null);
}
