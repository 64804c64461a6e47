using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>A score as an annotation of a step, a trace or a session, none of which need have arrived yet.</summary>
internal static class LangfuseScore
{
    /// <summary>Label of a boolean score beside its number, as Langfuse writes it.</summary>
    public const string True = "True";
    public const string False = "False";

    private const int LongestName = 200;
    private const int LongestText = 10_000;

    /// <param name="score"><c>{"id","traceId","observationId","sessionId","name","value","dataType","comment"}</c></param>
    /// <param name="id">Its id where it names none.</param>
    /// <param name="at">When it was said, where it does not say.</param>
    /// <param name="sender">Its sender.</param>
    /// <returns>The annotation, or what is wrong with it.</returns>
    public static (TelemetryRecord? Record, string Problem) Map(JsonObject score, string id, DateTimeOffset at, OtlpSender sender)
    {
        var name = JsonFields.Text(score["name"]);
        var step = JsonFields.Text(score["observationId"]);
        var trace = JsonFields.Text(score["traceId"]);
        var session = JsonFields.Text(score["sessionId"]);
        if (name.Length is 0 or > LongestName)
        {
            return (null, $"body.name: must have 1 to {LongestName} characters");
        }
        if (step.Length + trace.Length + session.Length == 0)
        {
            return (null, "body.traceId: or observationId or sessionId is needed; scores of dataset runs are not kept");
        }
        var value = score["value"];
        var type = JsonFields.Text(score["dataType"]);
        var number = JsonFields.Number(value) ?? (value?.GetValueKind() switch { JsonValueKind.True => 1, JsonValueKind.False => 0, _ => (double?)null });
        var category = number is null ? JsonFields.Short(JsonFields.First(value, score["stringValue"]), LongestName) : "";
        if (type switch { "NUMERIC" => number is null, "BOOLEAN" => number is not (0 or 1), "CATEGORICAL" or "TEXT" => category.Length == 0, _ => number is null && category.Length == 0 })
        {
            return (null, "body.value: must be a number, for CATEGORICAL a text, for BOOLEAN 0 or 1");
        }
        if (type == "BOOLEAN" || value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
        {
            category = number == 1 ? True : False;
        }
        return (TelemetryRecord.Of(new Annotation
        {
            Id = LangfuseIds.Score(sender.Key.Project, JsonFields.Text(score["id"]) is { Length: > 0 } own ? own : id),
            Project = sender.Key.Project,
            Time = JsonFields.Time(score["timestamp"]) is { } said && RunClock.IsBelieved(said, sender) ? said : RunClock.IsBelieved(at, sender) ? at : sender.Now,
            ObservationId = step.Length > 0 ? LangfuseIds.Target(sender.Key.Project, step) : Guid.Empty,
            TraceId = trace.Length > 0 ? LangfuseIds.TraceId(trace) : "",
            Session = step.Length + trace.Length == 0 ? JsonFields.Short(session, LongestName) : "",
            Name = name,
            Source = JsonFields.Text(score["source"]) switch { "EVAL" => "evaluator", "ANNOTATION" => "human", _ => "user" },
            Number = number,
            Category = category,
            Text = JsonFields.Short(JsonFields.Text(score["comment"]), LongestText),
            Author = JsonFields.Short(JsonFields.First(score["authorUserId"], JsonFields.Get(score["metadata"], "user_id")), LongestName),
        }), "");
    }
}
