using static Bellwether.Ingest.SpanField;

namespace Bellwether.Ingest;

/// <summary>What LangSmith's OpenTelemetry mode adds to the GenAI conventions.</summary>
internal static class LangSmithDialect
{
    public static void Declare(FieldTable table) => table
        .Add(ProjectName, "langsmith.trace.session_name")
        .Add(LangSmithKind, "langsmith.span.kind")
        .Add(Session, "langsmith.metadata.session_id", "langsmith.metadata.thread_id", "langsmith.metadata.conversation_id")
        .Add(User, "langsmith.metadata.user_id")
        .Add(Tags, "langsmith.span.tags")
        .Add(SpanField.Stream, "langsmith.request.streaming")
        .AddFamily(SpanFamily.Property, "langsmith.metadata.")
        .Add(UsageDetails, "langsmith.usage_metadata");
}
