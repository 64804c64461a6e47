using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Feedback;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary><c>$ai_feedback</c> and <c>$ai_metric</c> as annotations of a step, a trace or a session, none of which need have arrived yet.</summary>
internal static class AnalyticsNote
{
    private const int LongestName = 200;
    private const int LongestText = 10_000;

    /// <returns>The annotation, or what is wrong with it.</returns>
    public static (TelemetryRecord? Record, string Problem) Map(AnalyticsEvent said, OtlpSender sender)
    {
        var trace = JsonFields.Scalar(said.Get("trace_id"));
        var span = JsonFields.Scalar(said.Get("span_id", "generation_id"));
        var session = JsonFields.Scalar(said.Get("session_id"));
        if (trace.Length + span.Length + session.Length == 0)
        {
            return (null, "properties.$ai_trace_id: or $ai_span_id or $ai_session_id is needed.");
        }
        var isMetric = said.Name is "$ai_metric" or "ai_metric";
        var name = isMetric ? said.Text("metric_name") : FeedbackNames.Comment;
        if (name.Length is 0 or > LongestName)
        {
            return (null, string.Create(CultureInfo.InvariantCulture, $"properties.$ai_metric_name: must be a text of 1 to {LongestName} characters."));
        }
        var value = said.Get(isMetric ? "metric_value" : "feedback_value");
        var number = Number(value);
        var category = number is null ? JsonFields.Short(JsonFields.Text(value), LongestName) : "";
        var text = isMetric ? "" : JsonFields.Short(said.Text("feedback_text"), LongestText);
        if (number is null && category.Length + text.Length == 0)
        {
            return (null, isMetric ? "properties.$ai_metric_value: must be a number, a boolean or a text." : "properties.$ai_feedback_text: must be a text.");
        }
        var project = sender.Key.Project;
        var step = span.Length > 0 ? ObservationIds.OfSpan(project, LangfuseIds.StepName(span)) : Guid.Empty;
        var traceId = trace.Length > 0 ? LangfuseIds.TraceId(trace) : "";
        var author = said.DistinctId == trace || said.DistinctId == span ? "" : JsonFields.Short(said.DistinctId, LongestName);
        var feedback = new UserFeedback
        {
            Project = project,
            Target = step != Guid.Empty ? FeedbackTarget.Observation(step) : traceId.Length > 0 ? FeedbackTarget.Trace(traceId) : FeedbackTarget.OfSession(JsonFields.Short(session, LongestName)),
            Name = name,
            Author = author,
        };
        return (TelemetryRecord.Of(new Annotation
        {
            Id = FeedbackIntake.IdOf(feedback),
            Project = project,
            Time = said.Time is { } time && RunClock.IsBelieved(time, sender) ? time : sender.Now,
            ObservationId = step,
            TraceId = traceId,
            Session = feedback.Target.Session,
            Name = name,
            Source = isMetric ? "evaluator" : FeedbackSources.User,
            Number = number,
            Category = category,
            Text = text,
            Author = author,
        }), "");
    }

    // posthog-js makes a text of every value: "0.8", "true".
    private static double? Number(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.Number => JsonFields.Number(value),
        JsonValueKind.String => JsonFields.Text(value) switch
        {
            "true" => 1,
            "false" => 0,
            var text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
        },
        _ => null,
    };
}
