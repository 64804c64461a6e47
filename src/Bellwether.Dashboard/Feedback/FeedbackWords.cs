using System.Globalization;
using Bellwether.Feedback;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>What a row of feedback says, in words, with the shape and the tone beside them: colour never says it alone.</summary>
internal readonly record struct FeedbackWords(string Label, string Icon, string Tone)
{
    public static FeedbackWords Of(Annotation annotation)
    {
        var name = annotation.Name;
        if (annotation.Source == Annotation.Guard)
        {
            var (icon, tone) = SecurityWords.Look(annotation.Category);
            return new($"{SecurityWords.Kind(name)}: {SecurityWords.Action(annotation.Category).ToLowerInvariant()}", icon, tone);
        }
        if (annotation.Author == Annotation.Own && annotation.Source == FeedbackSources.Validator)
        {
            return annotation.Category switch
            {
                "pass" => new($"{NameOf(name)}: passed", "check", "good"),
                "warn" => new($"{NameOf(name)}: warning", "flag", "warn"),
                "fail" => new($"{NameOf(name)}: failed", "flag", "bad"),
                _ => new(NameOf(name), "dot", "quiet"),
            };
        }
        if (name == FeedbackNames.Vote)
        {
            return annotation.Number switch
            {
                null => new("Vote", "message", "quiet"),
                >= 0.5 => new("Thumbs up", "thumb-up", "good"),
                _ => new("Thumbs down", "thumb-down", "bad"),
            };
        }
        if (name == FeedbackNames.Report) { return new("Reported", "flag", "warn"); }
        if (name == FeedbackNames.Comment) { return new("Comment", "message", "quiet"); }
        if (name == FeedbackNames.Edited) { return new(annotation.Number is { } share ? string.Create(CultureInfo.InvariantCulture, $"Edited {share * 100:0} %") : "Edited", "edit", "quiet"); }
        if (name == FeedbackNames.EditDistance) { return new($"Edited {Format.Count(annotation.Number)} characters", "edit", "quiet"); }
        return annotation.Number is { } number && !FeedbackNames.Implicit.Contains(name)
            ? new($"{NameOf(name)} {number.ToString("0.####", CultureInfo.InvariantCulture)}", "chart", "quiet")
            : new(NameOf(name), IconOf(name), "quiet");
    }

    /// <summary>A name of feedback for people; one that a sender chose stays as it is.</summary>
    public static string NameOf(string name) => name switch
    {
        "user_feedback" => "Vote",
        "report" => "Report",
        "comment" => "Comment",
        "copied" => "Copied",
        "regenerated" => "Regenerated",
        "edited" => "Edited",
        "edit_distance" => "Edit distance",
        "abandoned" => "Abandoned",
        "re_asked" => "Asked again",
        "escalated" => "Handed to a person",
        "empty" => "Empty answer",
        "length" => "Length",
        "repetition" => "Repetition",
        "formatting" => "Formatting",
        "schema" => "JSON schema",
        "language" => "Language",
        "refusal" => "Refusal",
        "off_topic" => "Off topic",
        "groundedness" => "Groundedness",
        "citations" => "Citations",
        _ => VisibleText.Flatten(name, 60),
    };

    private static string IconOf(string name) => name switch
    {
        "copied" => "copy",
        "regenerated" => "refresh",
        "abandoned" => "exit",
        "re_asked" => "compare",
        "escalated" => "user",
        _ => "dot",
    };
}
