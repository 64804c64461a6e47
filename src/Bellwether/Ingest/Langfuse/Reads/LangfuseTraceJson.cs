using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>A trace as Langfuse's API answers it, by its root.</summary>
internal static class LangfuseTraceJson
{
    /// <param name="root">What has no parent.</param>
    /// <param name="payload">Its texts; null where they are not asked for.</param>
    public static JsonObject Write(Observation root, ObservationPayload? payload)
    {
        var said = LangfuseView.Said(payload);
        var id = LangfuseView.TraceId(root, said);
        return new JsonObject
        {
            ["id"] = id,
            ["projectId"] = root.Project.Value,
            ["timestamp"] = LangfuseView.Time(root.StartTime),
            // Spans of an OpenTelemetry client may give their trace a name of its own.
            ["name"] = LangfuseView.Known(JsonFields.Text(said["langfuse.trace.name"])) ?? LangfuseView.Known(root.Name),
            ["input"] = payload is null ? null : PageTexts.Json(payload.Input),
            ["output"] = payload is null ? null : PageTexts.Json(payload.Output),
            ["sessionId"] = LangfuseView.Known(root.Session),
            ["release"] = LangfuseView.Property(root, "release"),
            ["version"] = LangfuseView.Property(root, "version"),
            ["userId"] = LangfuseView.Known(root.User),
            ["metadata"] = LangfuseView.Metadata(root, said),
            ["tags"] = LangfuseView.Tags(root),
            ["public"] = false,
            ["bookmarked"] = false,
            ["environment"] = LangfuseView.Environment(root),
            ["createdAt"] = LangfuseView.Time(root.StartTime),
            ["updatedAt"] = LangfuseView.Time(RunFacts.End(root) ?? root.StartTime),
            ["htmlPath"] = $"/project/{Uri.EscapeDataString(root.Project.Value)}/traces/{Uri.EscapeDataString(id)}",
        };
    }
}
