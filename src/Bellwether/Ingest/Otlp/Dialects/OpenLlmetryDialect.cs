using static Bellwether.Ingest.SpanField;

namespace Bellwether.Ingest;

/// <summary>What OpenLLMetry (Traceloop) and OpenLIT add to the GenAI conventions.</summary>
internal static class OpenLlmetryDialect
{
    public static void Declare(FieldTable table) => table
        .Add(TraceloopKind, "traceloop.span.kind")
        .Add(RequestType, "llm.request.type")
        .Add(Input, "traceloop.entity.input", "gen_ai.content.prompt")
        .Add(Output, "traceloop.entity.output", "gen_ai.content.completion")
        .Add(TotalTokens, "gen_ai.usage.total_tokens", "llm.usage.total_tokens")
        .Add(CacheReadTokens, "gen_ai.usage.cache_read_input_tokens")
        .Add(CacheWriteTokens, "gen_ai.usage.cache_creation_input_tokens", "gen_ai.usage.cache_write_input_tokens")
        .Add(ReasoningTokens, "gen_ai.usage.reasoning_tokens")
        .Add(CostTotal, "gen_ai.usage.cost")
        .Add(FinishReason, "gen_ai.response.finish_reason", "llm.response.finish_reason")
        .Add(SpanField.Stream, "gen_ai.request.is_stream", "llm.is_streaming")
        .AddFamily(SpanFamily.ToolsIndexed, "llm.request.functions.")
        .Add(VectorQuery, "db.vector.query.top_k", "db.query.embeddings.vector")
        .Add(Session, "traceloop.association.properties.session_id")
        .Add(User, "traceloop.association.properties.user_id", "gen_ai.user", "llm.user")
        .AddFamily(SpanFamily.Property, "traceloop.association.properties.")
        .Add(PromptName, "traceloop.prompt.key")
        .Add(PromptVersion, "traceloop.prompt.version");
}
