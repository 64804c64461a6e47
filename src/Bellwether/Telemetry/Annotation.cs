using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>Something said of an observation: a score, a vote, a finding (requirement M4). One row per <see cref="Id"/>, last version wins.</summary>
public sealed record Annotation
{
    /// <summary>Author of what the validators of this product find; their source is <c>validator</c>.</summary>
    public static readonly string Own = "bellwether";

    /// <summary>Source of what guards find; the author is then the user whose call it was.</summary>
    public static readonly string Guard = "guard";

    public required Guid Id { get; init; }
    public required ProjectId Project { get; init; }
    public required DateTimeOffset Time { get; init; }
    /// <summary>The observation it is said of, which may not be stored yet; <see cref="Guid.Empty"/> when it is said of a whole trace or session.</summary>
    public required Guid ObservationId { get; init; }
    /// <summary>The trace that it is said of as a whole, or that its observation belongs to where that is known; else empty.</summary>
    public string TraceId { get; init; } = "";
    /// <summary>The session that it is said of as a whole; else empty.</summary>
    public string Session { get; init; } = "";
    /// <summary>The request id by which its sender named the observation; else empty. Leads to it where <see cref="ObservationId"/> was made of it.</summary>
    public string RequestId { get; init; } = "";
    /// <summary>Whether <see cref="ObservationId"/> was made of the request id, so that no observation has it.</summary>
    public bool IsOfRequest => RequestId.Length > 0 && ObservationId == ObservationIds.OfRequest(Project, RequestId);
    /// <summary>What is judged: <c>user_feedback</c>, <c>groundedness</c> …</summary>
    public required string Name { get; init; }
    /// <summary><c>user</c>, <c>implicit</c>, <c>validator</c>, <c>evaluator</c>, <c>human</c> or <c>guard</c>.</summary>
    public required string Source { get; init; }
    public double? Number { get; init; }
    public string Category { get; init; } = "";
    public string Text { get; init; } = "";
    /// <summary>Who said it, as the caller named them; a person's later vote has the same id as the former.</summary>
    public string Author { get; init; } = "";
    /// <summary>True for the version that takes everything back: the store then keeps no row of this id.</summary>
    public bool Retracted { get; init; }
}
