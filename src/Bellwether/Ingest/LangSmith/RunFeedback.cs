using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>LangSmith's feedback as an annotation of a run, which may not have arrived yet.</summary>
internal static class RunFeedback
{
    private const int LongestText = 10_000;

    /// <summary>Null without a key, or without a run, a trace or an experiment that it is said of.</summary>
    public static TelemetryRecord? Map(JsonObject feedback, ApiKey key, DateTimeOffset now)
    {
        var name = JsonFields.Text(feedback["key"]);
        var run = JsonFields.Id(feedback["run_id"]);
        var trace = JsonFields.Id(feedback["trace_id"]);
        var experiment = JsonFields.Id(feedback["session_id"]);
        if (name.Length is 0 or > 200 || JsonFields.Id(feedback["id"]) is not { } id || (run ?? trace ?? experiment) is null)
        {
            return null;
        }
        var score = feedback["score"];
        var value = feedback["value"];
        var text = JsonFields.First(feedback["comment"], feedback["correction"]);
        return TelemetryRecord.Of(new Annotation
        {
            Id = id,
            Project = key.Project,
            Time = JsonFields.Time(feedback["created_at"]) ?? now,
            ObservationId = run ?? Guid.Empty,
            TraceId = trace?.ToString("N") ?? "",
            // Summary evaluators judge an experiment, which is a session of LangSmith's and none of ours.
            Session = run is null && trace is null ? experiment.ToString()! : "",
            Name = name,
            Source = Source(JsonFields.Text(JsonFields.Get(feedback["feedback_source"], "type"))),
            Number = JsonFields.Number(score) ?? JsonFields.Number(value) ?? (JsonFields.Scalar(score) switch { "true" => 1, "false" => 0, _ => (double?)null }),
            Category = value is JsonValue && JsonFields.Number(value) is null ? Short(JsonFields.Scalar(value), 200) : "",
            Text = Short(text, LongestText),
        });
    }

    private static string Source(string type) => type switch
    {
        "model" or "auto_eval" => "evaluator",
        "app" => "human",
        _ => "user",
    };

    private static string Short(string text, int longest) => text.Length <= longest ? text : text[..longest];
}
