using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bellwether.Primitives;
using Bellwether.State;

namespace Bellwether.Feedback;

/// <summary>The body of <c>POST /api/v1/feedback</c>, and what a person sends through a link.</summary>
internal sealed record FeedbackRequest
{
    public string? Project { get; init; }
    public string? ObservationId { get; init; }
    public string? RequestId { get; init; }
    public string? TraceId { get; init; }
    public string? Session { get; init; }
    public JsonElement Score { get; init; }
    public string? Value { get; init; }
    public string? Category { get; init; }
    public string? Text { get; init; }
    public string? User { get; init; }
    public string? Kind { get; init; }
    public string? Name { get; init; }
    public string? Original { get; init; }
    public string? Edited { get; init; }

    private static readonly string[] s_categories = ["incorrect", "harmful", "unhelpful", "other"];
    private const int LongestName = 200;
    private const int LongestText = 10_000;

    /// <summary>The feedback that is meant, or what is wrong by field.</summary>
    /// <param name="fixedTarget">What a link is about. Its holder is anybody, who must not write scores under an evaluator's name.</param>
    public Change<UserFeedback[]> Read(ProjectId project, FeedbackTarget? fixedTarget = null)
    {
        var errors = new FieldErrors();
        var target = fixedTarget ?? ReadTarget(errors);
        var kind = string.IsNullOrEmpty(Kind) ? "explicit" : Kind;
        var number = ReadScore(errors);
        errors.Check(kind == "explicit" || FeedbackNames.Implicit.Contains(kind), "kind", $"must be one of explicit, {string.Join(", ", FeedbackNames.Implicit)}")
            .Check(Value is null or "" or "up" or "down" or "report", "value", "must be up, down or report")
            .Check(string.IsNullOrEmpty(Category) || s_categories.Contains(Category), "category", $"must be one of {string.Join(", ", s_categories)}")
            .Check((Text?.Length ?? 0) <= LongestText, "text", $"may have at most {LongestText} characters")
            .Check((User?.Length ?? 0) <= LongestName, "user", $"may have at most {LongestName} characters")
            .Check((Name?.Length ?? 0) <= LongestName, "name", $"may have at most {LongestName} characters")
            .Check(fixedTarget is null || string.IsNullOrEmpty(Name), "name", "cannot be chosen with a link")
            .Check(string.IsNullOrEmpty(Value) || number is null, "score", "must not stand beside a value")
            .Check(kind == "explicit" || (string.IsNullOrEmpty(Value) && number is null), "value", "and score belong to explicit feedback only")
            .Check(kind != FeedbackNames.Edited || (Original is not null && Edited is not null), "edited", "and original are needed to see how much was changed")
            .Check(kind == FeedbackNames.Edited || (Original is null && Edited is null), "edited", "and original belong to kind edited");
        if (kind == "explicit" && !errors.Any)
        {
            errors.Check(!string.IsNullOrEmpty(Value) || number is not null || !string.IsNullOrEmpty(Text) || !string.IsNullOrEmpty(Category), "value", "or a score, a category or a text is needed")
                .Check(!string.IsNullOrEmpty(Name) || number is null or (>= -1 and <= 1), "score", "must be -1 to 1 (at least 0.5 is up); a score of another scale needs a name of its own");
        }
        if (errors.Any || target is null)
        {
            return errors.ToChange();
        }
        var feedback = new UserFeedback
        {
            Project = project, Target = target, Number = number, Category = Category ?? "", Text = Text ?? "", Author = User ?? "",
        };
        return kind == "explicit" ? Explicit(feedback) : Implicit(feedback, kind);
    }

    private UserFeedback[] Explicit(UserFeedback feedback) =>
    [
        feedback with
        {
            Name = !string.IsNullOrEmpty(Name) ? Name
                : Value == "report" ? FeedbackNames.Report
                : string.IsNullOrEmpty(Value) && feedback.Number is null ? FeedbackNames.Comment
                : FeedbackNames.Vote,
            Number = Value switch { "up" => 1, "down" or "report" => 0, _ => feedback.Number },
        },
    ];

    private UserFeedback[] Implicit(UserFeedback feedback, string kind)
    {
        feedback = feedback with { Name = kind, Source = FeedbackSources.Implicit };
        if (kind != FeedbackNames.Edited)
        {
            return [feedback];
        }
        var distance = EditDistance.Of(Original!, Edited!);
        return
        [
            feedback with { Number = EditDistance.Share(Original!, Edited!, distance) },
            feedback with { Name = FeedbackNames.EditDistance, Number = distance, Text = "" },
        ];
    }

    private FeedbackTarget? ReadTarget(FieldErrors errors)
    {
        var named = new[] { ObservationId, RequestId, TraceId, Session }.Count(text => !string.IsNullOrEmpty(text));
        if (named != 1)
        {
            errors.Check(false, "observation_id", "or request_id, trace_id or session is needed, and only one of them");
            return null;
        }
        if (!string.IsNullOrEmpty(ObservationId))
        {
            errors.Check(Guid.TryParse(ObservationId, CultureInfo.InvariantCulture, out var id) && id != Guid.Empty, "observation_id", "must be the id of an observation");
            return errors.Any ? null : FeedbackTarget.Observation(id);
        }
        errors.Check((RequestId?.Length ?? 0) <= LongestName, "request_id", $"may have at most {LongestName} characters")
            .Check((TraceId?.Length ?? 0) <= LongestName, "trace_id", $"may have at most {LongestName} characters")
            .Check((Session?.Length ?? 0) <= LongestName, "session", $"may have at most {LongestName} characters");
        return !string.IsNullOrEmpty(RequestId) ? FeedbackTarget.Request(RequestId)
            : !string.IsNullOrEmpty(TraceId) ? FeedbackTarget.Trace(TraceId)
            : FeedbackTarget.OfSession(Session!);
    }

    private double? ReadScore(FieldErrors errors)
    {
        switch (Score.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null: return null;
            case JsonValueKind.True: return 1;
            case JsonValueKind.False: return 0;
            case JsonValueKind.Number when Score.TryGetDouble(out var number) && double.IsFinite(number): return number;
            default:
                errors.Check(false, "score", "must be a number or true or false");
                return null;
        }
    }
}

/// <summary>The body of <c>POST /api/v1/feedback/links</c>.</summary>
internal sealed record LinkRequest(string? Project, string? ObservationId, string? RequestId, string? User, double? ExpiresInSeconds);

internal sealed record FeedbackAccepted(IReadOnlyList<Guid> Ids);

/// <param name="Url">For a person's browser.</param>
/// <param name="Token">For the script.</param>
internal sealed record FeedbackLink(string Url, string Token, DateTimeOffset ExpiresAt);

internal sealed record FeedbackList(IReadOnlyList<FeedbackView> Items, string? Next);

internal sealed record FeedbackView(
    Guid Id, DateTimeOffset Time, string Name, string Source, double? Number, string Category, string Text, string Author, Guid? ObservationId, string TraceId, string Session, string RequestId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FeedbackRequest))]
[JsonSerializable(typeof(LinkRequest))]
[JsonSerializable(typeof(FeedbackAccepted))]
[JsonSerializable(typeof(FeedbackLink))]
[JsonSerializable(typeof(FeedbackList))]
internal sealed partial class FeedbackJson : JsonSerializerContext;
