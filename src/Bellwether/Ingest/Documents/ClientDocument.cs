using System.Text.Json.Nodes;
using Bellwether.Primitives;

namespace Bellwether.Ingest;

/// <summary>Something that a client keeps here, as it said it.</summary>
/// <param name="Parent">Id of what it belongs to; empty for none.</param>
/// <param name="Name">One of its kind below a parent.</param>
/// <param name="Json">One JSON object.</param>
internal sealed record ClientDocument(ProjectId Project, DocumentKind Kind, Guid Id, string Parent, string Name, string Json, DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt)
{
    /// <summary>A copy that may be changed.</summary>
    public JsonObject Body() => RunBatch.Parse(System.Text.Encoding.UTF8.GetBytes(Json)) as JsonObject ?? [];

    public ClientDocument With(JsonObject body, DateTimeOffset now) => this with { Json = Write(body), ModifiedAt = now };

    public static string Write(JsonObject body) => System.Text.Encoding.UTF8.GetString(JsonFields.Bytes(body));
}

/// <summary>Stored as its lower-case name.</summary>
internal enum DocumentKind { Project, Queue, QueueRun, Prompt, Commit, FeedbackConfig, Comparison, LangfuseRun, LangfuseRunItem }
