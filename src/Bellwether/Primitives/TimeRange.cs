namespace Bellwether.Primitives;

/// <summary>A half-open span of UTC time, <c>[From, To)</c>.</summary>
public readonly record struct TimeRange(DateTimeOffset From, DateTimeOffset To)
{
    public TimeSpan Length => To - From;

    /// <summary>The span of equal length that ends where this one starts: what "compare with the previous period" shows.</summary>
    public TimeRange Previous => new(From - Length, From);

    public bool Contains(DateTimeOffset time) => time >= From && time < To;

    // The record's own ToString would print Previous, and its Previous, and so on.
    public override string ToString() => FormattableString.Invariant($"{From:O}/{To:O}");
}
