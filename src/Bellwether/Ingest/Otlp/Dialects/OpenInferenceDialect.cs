using static Bellwether.Ingest.SpanField;

namespace Bellwether.Ingest;

/// <summary>OpenInference (Phoenix, Arize). Lists are spread over indexed keys.</summary>
internal static class OpenInferenceDialect
{
    public static void Declare(FieldTable table) => table
        .Add(OpenInferenceKind, "openinference.span.kind")
        .Add(RequestModel, "llm.request.model_name")
        .Add(ResponseModel, "llm.response.model_name", "llm.model_name", "embedding.model_name", "reranker.model_name")
        .Add(Provider, "llm.provider", "llm.system")
        .Add(ParameterSet, "llm.invocation_parameters", "embedding.invocation_parameters")
        .AddFamily(SpanFamily.InputIndexed, "llm.input_messages.")
        .AddFamily(SpanFamily.OutputIndexed, "llm.output_messages.")
        .AddFamily(SpanFamily.ToolsIndexed, "llm.tools.")
        .AddFamily(SpanFamily.DocumentsIndexed, "retrieval.documents.", "reranker.output_documents.")
        .Add(Input, "input.value")
        .Add(Output, "output.value")
        .Add(InputTokens, "llm.token_count.prompt")
        .Add(OutputTokens, "llm.token_count.completion")
        .Add(TotalTokens, "llm.token_count.total")
        .Add(CacheReadTokens, "llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_input")
        .Add(CacheWriteTokens, "llm.token_count.prompt_details.cache_write")
        .Add(ReasoningTokens, "llm.token_count.completion_details.reasoning")
        .Add(CostTotal, "llm.cost.total")
        .Add(CostInput, "llm.cost.prompt")
        .Add(CostOutput, "llm.cost.completion")
        .Add(FinishReason, "llm.finish_reason")
        .Add(RetrievalQuery, "reranker.query")
        .Add(ToolName, "tool.name")
        .Add(ToolArguments, "tool.parameters")
        .Add(Session, "session.id")
        .Add(User, "user.id")
        .Add(Tags, "tag.tags")
        .Add(Metadata, "metadata")
        .Add(PromptName, "prompt.id")
        .Add(PromptVersion, "llm.prompt_template.version")
        .Add(AgentName, "agent.name");
}
