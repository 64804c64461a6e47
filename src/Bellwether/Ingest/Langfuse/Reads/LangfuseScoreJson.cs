using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>A score as Langfuse's API answers it.</summary>
internal static class LangfuseScoreJson
{
    public static string Type(Annotation said) => said is { Number: 0, Category: LangfuseScore.False } or { Number: 1, Category: LangfuseScore.True } ? "BOOLEAN"
        : said.Number is not null ? "NUMERIC" : said.Category.Length > 0 ? "CATEGORICAL" : "TEXT";

    /// <param name="said">The score.</param>
    /// <param name="step">What it is of, where that is stored.</param>
    public static JsonObject Write(Annotation said, Observation? step)
    {
        var score = Core(said);
        score["traceId"] = Trace(said, step);
        score["sessionId"] = LangfuseView.Known(said.Session);
        score["observationId"] = Observation(said, step);
        score["datasetRunId"] = null;
        score["authorUserId"] = LangfuseView.Known(said.Author);
        // A text that is the whole of a score is its value.
        score["comment"] = Type(said) == "TEXT" ? null : LangfuseView.Known(said.Text);
        score["metadata"] = new JsonObject();
        score["configId"] = null;
        score["queueId"] = null;
        if (said.Number is { } number)
        {
            score["value"] = double.IsFinite(number) ? number : null;
            if (Type(said) == "BOOLEAN")
            {
                score["stringValue"] = said.Category;
            }
        }
        else
        {
            // No configuration gives a category a number.
            score["value"] = 0;
            score["stringValue"] = said.Category.Length > 0 ? said.Category : said.Text;
        }
        return score;
    }

    /// <summary>The third version: groups of fields that are asked for, and the value in its own type.</summary>
    public static JsonObject WriteV3(Annotation said, Observation? step, FrozenSet<string>? fields)
    {
        var score = Core(said);
        score["projectId"] = said.Project.Value;
        score["value"] = Type(said) == "BOOLEAN" ? said.Number == 1 : said.Number is { } number && double.IsFinite(number) ? number : said.Category.Length > 0 ? said.Category : said.Text;
        if (fields?.Contains("details") == true)
        {
            score["comment"] = Type(said) == "TEXT" ? null : LangfuseView.Known(said.Text);
            score["configId"] = null;
            score["metadata"] = new JsonObject();
        }
        if (fields?.Contains("annotation") == true)
        {
            score["authorUserId"] = LangfuseView.Known(said.Author);
            score["queueId"] = null;
        }
        if (fields?.Contains("subject") == true)
        {
            score["subject"] = Observation(said, step) is { } observation ? new JsonObject { ["kind"] = "observation", ["id"] = observation, ["traceId"] = Trace(said, step) }
                : Trace(said, step) is { } trace ? new JsonObject { ["kind"] = "trace", ["id"] = trace }
                : new JsonObject { ["kind"] = "session", ["id"] = said.Session };
        }
        return score;
    }

    /// <summary>What a score tells of the trace that it belongs to.</summary>
    public static JsonObject Trace(Observation root) => new()
    {
        ["userId"] = LangfuseView.Known(root.User),
        ["tags"] = LangfuseView.Tags(root),
        ["environment"] = LangfuseView.Environment(root),
        ["sessionId"] = LangfuseView.Known(root.Session),
    };

    private static JsonObject Core(Annotation said) => new()
    {
        ["id"] = said.Id.ToString(),
        ["name"] = said.Name,
        ["source"] = said.Source switch { "evaluator" or "validator" => "EVAL", "human" => "ANNOTATION", _ => "API" },
        ["dataType"] = Type(said),
        ["timestamp"] = LangfuseView.Time(said.Time),
        ["createdAt"] = LangfuseView.Time(said.Time),
        ["updatedAt"] = LangfuseView.Time(said.Time),
        ["environment"] = LangfuseView.UsualEnvironment,
    };

    private static string? Trace(Annotation said, Observation? step) => LangfuseView.Known(step is null ? said.TraceId : LangfuseView.TraceId(step, []));

    private static string? Observation(Annotation said, Observation? step) =>
        step is not null ? LangfuseView.IsTrace(step) ? null : LangfuseView.Id(step)
        : said.ObservationId == Guid.Empty || said.IsOfRequest ? null
        : said.ObservationId.ToString();
}
