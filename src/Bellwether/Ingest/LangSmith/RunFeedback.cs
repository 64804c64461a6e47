using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>LangSmith's feedback as an annotation of a run, which may not have arrived yet.</summary>
internal static class RunFeedback
{
    private const int LongestText = 10_000;
    private const int LongestName = 200;

    /// <summary>Null without a key, without a run, a trace or an experiment that it is said of, or with a score that is no number.</summary>
    public static TelemetryRecord? Map(JsonObject feedback, OtlpSender sender)
    {
        var name = JsonFields.Text(feedback["key"]);
        var run = JsonFields.Id(feedback["run_id"]);
        var trace = JsonFields.Id(feedback["trace_id"]);
        var experiment = JsonFields.Id(feedback["session_id"]);
        if (name.Length is 0 or > LongestName || JsonFields.Id(feedback["id"]) is not { } id || (run ?? trace ?? experiment) is null
            || (feedback["score"] is { } score && Score(score) is null))
        {
            return null;
        }
        var value = feedback["value"];
        var source = JsonFields.Get(feedback["feedback_source"], "metadata");
        return TelemetryRecord.Of(new Annotation
        {
            Id = id,
            Project = sender.Key.Project,
            Time = JsonFields.Time(feedback["created_at"]) is { } said && RunClock.IsBelieved(said, sender) ? said : sender.Now,
            ObservationId = run ?? Guid.Empty,
            TraceId = trace?.ToString("N") ?? "",
            // Summary evaluators judge an experiment, which is a session of LangSmith's and none of ours.
            Session = run is null && trace is null ? experiment.ToString()! : "",
            Name = name,
            Source = Source(JsonFields.Text(JsonFields.Get(feedback["feedback_source"], "type"))),
            Number = Score(feedback["score"]) ?? JsonFields.Number(value),
            Category = value is JsonValue && JsonFields.Number(value) is null ? JsonFields.Short(JsonFields.Scalar(value), LongestName) : "",
            Text = JsonFields.Short(JsonFields.First(feedback["comment"]) is { Length: > 0 } comment ? comment : Value(feedback["correction"]), LongestText),
            Author = JsonFields.Short(JsonFields.First(JsonFields.Get(source, "user_id"), JsonFields.Get(source, "user")), LongestName),
        });
    }

    /// <summary>A number, or 1 and 0 for true and false; null for anything else.</summary>
    public static double? Score(JsonNode? node) => JsonFields.Number(node) ?? (JsonFields.Scalar(node) switch { "true" => 1, "false" => 0, _ => (double?)null });

    public static string Value(JsonNode? node) => node is JsonObject or JsonArray ? node.ToJsonString() : JsonFields.Scalar(node);

    /// <summary>What LangSmith calls a source of ours.</summary>
    public static string SourceType(string source) => source switch
    {
        "evaluator" => "model",
        "human" => "app",
        _ => "api",
    };

    private static string Source(string type) => type switch
    {
        "model" or "auto_eval" => "evaluator",
        "app" => "human",
        _ => "user",
    };
}
