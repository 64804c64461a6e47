using static Bellwether.Ingest.SpanField;

namespace Bellwether.Ingest;

/// <summary>Langfuse's attributes, which its SDK sets over those of the instrumentation below it.</summary>
internal static class LangfuseDialect
{
    public static void Declare(FieldTable table) => table
        .Add(LangfuseType, "langfuse.observation.type")
        .Add(ResponseModel, "langfuse.observation.model.name")
        .Add(ParameterSet, "langfuse.observation.model.parameters")
        .Add(Input, "langfuse.observation.input", "langfuse.trace.input")
        .Add(Output, "langfuse.observation.output", "langfuse.trace.output")
        .Add(UsageDetails, "langfuse.observation.usage_details")
        .Add(CostDetails, "langfuse.observation.cost_details")
        .Add(CompletionStart, "langfuse.observation.completion_start_time")
        .Add(TraceName, "langfuse.trace.name")
        .Add(Session, "langfuse.session.id", "session.id")
        .Add(User, "langfuse.user.id", "user.id")
        .Add(Tags, "langfuse.trace.tags")
        .Add(Metadata, "langfuse.trace.metadata", "langfuse.observation.metadata")
        .AddFamily(SpanFamily.Property, "langfuse.trace.metadata.", "langfuse.observation.metadata.")
        .Add(PromptName, "langfuse.observation.prompt.name")
        .Add(PromptVersion, "langfuse.observation.prompt.version")
        .Add(Release, "langfuse.release", "langfuse.version")
        .Add(EnvironmentName, "langfuse.environment")
        .Add(Level, "langfuse.observation.level")
        .Add(ErrorMessage, "langfuse.observation.status_message");
}
