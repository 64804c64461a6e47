using Bellwether.Primitives;

namespace Bellwether.Feedback;

/// <summary>
/// What a person said or did about an answer, whatever dialect it came in: the receivers of every dialect make one of these and
/// hand it to <see cref="FeedbackIntake"/>.
/// </summary>
public sealed record UserFeedback
{
    public required ProjectId Project { get; init; }
    public required FeedbackTarget Target { get; init; }
    /// <summary>What is judged: <see cref="FeedbackNames.Vote"/>, <see cref="FeedbackNames.Report"/>, <see cref="FeedbackNames.Comment"/>, an implicit signal, or the sender's own name of a score.</summary>
    public string Name { get; init; } = FeedbackNames.Vote;
    /// <summary><c>user</c>, <c>implicit</c>, <c>validator</c>, <c>evaluator</c> or <c>human</c>.</summary>
    public string Source { get; init; } = FeedbackSources.User;
    /// <summary>1 for up and 0 for down; of other scores whatever they are. Null for a comment without a score.</summary>
    public double? Number { get; init; }
    public string Category { get; init; } = "";
    public string Text { get; init; } = "";
    /// <summary>Who said it. The same author's later word on the same thing replaces the former; so does one of nobody in particular.</summary>
    public string Author { get; init; } = "";
    /// <summary>When it was said; null means at this moment.</summary>
    public DateTimeOffset? Time { get; init; }
}

/// <summary>What feedback is about. Exactly one is set.</summary>
public sealed record FeedbackTarget
{
    public Guid? ObservationId { get; private init; }
    public string RequestId { get; private init; } = "";
    public string TraceId { get; private init; } = "";
    public string Session { get; private init; } = "";

    private FeedbackTarget() { }

    public static FeedbackTarget Observation(Guid id) => new() { ObservationId = id };

    /// <summary>A call by its request id (<c>x-request-id</c>), stored already or not.</summary>
    public static FeedbackTarget Request(string requestId) => new() { RequestId = requestId };

    public static FeedbackTarget Trace(string traceId) => new() { TraceId = traceId };

    public static FeedbackTarget OfSession(string session) => new() { Session = session };

    internal string Key => ObservationId is { } id ? $"observation:{id}" : RequestId.Length > 0 ? $"request:{RequestId}" : TraceId.Length > 0 ? $"trace:{TraceId}" : $"session:{Session}";
}

/// <summary>Names under which feedback is kept.</summary>
public static class FeedbackNames
{
    public static readonly string Vote = "user_feedback";
    public static readonly string Report = "report";
    /// <summary>Whether the user's matter was settled: a score of at least 0.5 says yes.</summary>
    public static readonly string Resolved = "resolved";
    /// <summary>Words or a category without a vote; has a name of its own so that it does not replace the vote of the same person.</summary>
    public static readonly string Comment = "comment";
    /// <summary>Share of the answer that its reader changed, 0 to 1.</summary>
    public static readonly string Edited = "edited";
    /// <summary>How many characters were inserted, deleted or replaced.</summary>
    public static readonly string EditDistance = "edit_distance";

    /// <summary>What people do instead of voting (requirement L5).</summary>
    public static readonly IReadOnlyList<string> Implicit = ["copied", "regenerated", Edited, "abandoned", "re_asked", "escalated"];
}

/// <summary>Who or what speaks in an annotation.</summary>
public static class FeedbackSources
{
    public static readonly string User = "user";
    public static readonly string Implicit = "implicit";
    public static readonly string Human = "human";
    /// <summary>A program or a model that judges answers.</summary>
    public static readonly string Evaluator = "evaluator";
    /// <summary>A check of this product, made of every answer.</summary>
    public static readonly string Validator = "validator";

    /// <summary>Whether nobody but a program says it. An evaluator may be named as what people say, so that the two can be compared; it is no vote.</summary>
    public static bool IsMachine(string source) => source == Evaluator || source == Validator;
}
