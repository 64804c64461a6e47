using static Bellwether.Ingest.SpanField;

namespace Bellwether.Ingest;

/// <summary>OpenTelemetry's GenAI conventions, the current names before the ones that they replaced.</summary>
internal static class GenAiDialect
{
    public static void Declare(FieldTable table) => table
        .Add(GenAiOperation, "gen_ai.operation.name")
        .Add(RequestModel, "gen_ai.request.model")
        .Add(ResponseModel, "gen_ai.response.model")
        .Add(Provider, "gen_ai.provider.name", "gen_ai.system")
        .Add(InputMessages, "gen_ai.input.messages", "gen_ai.prompt")
        .Add(SystemInstructions, "gen_ai.system_instructions")
        .Add(OutputMessages, "gen_ai.output.messages", "gen_ai.completion")
        .AddFamily(SpanFamily.InputIndexed, "gen_ai.prompt.")
        .AddFamily(SpanFamily.OutputIndexed, "gen_ai.completion.")
        .Add(Tools, "gen_ai.tool.definitions")
        .Add(InputTokens, "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
        .Add(OutputTokens, "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens")
        .Add(CacheReadTokens, "gen_ai.usage.cache_read.input_tokens")
        .Add(CacheWriteTokens, "gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens")
        .Add(ReasoningTokens, "gen_ai.usage.reasoning.output_tokens")
        .Add(FinishReason, "gen_ai.response.finish_reasons")
        .Add(ResponseId, "gen_ai.response.id")
        // The second is what @ai-sdk/otel says, by the name of the metric.
        .Add(TtftSeconds, "gen_ai.response.time_to_first_chunk", "gen_ai.client.operation.time_to_first_chunk")
        .Add(SpanField.Stream, "gen_ai.request.stream")
        .Add(ServiceTier, "gen_ai.openai.response.service_tier", "openai.response.service_tier", "gen_ai.response.service_tier")
        .Add(Temperature, "gen_ai.request.temperature")
        .Add(TopP, "gen_ai.request.top_p")
        .Add(MaxTokens, "gen_ai.request.max_tokens")
        .Add(Seed, "gen_ai.request.seed")
        .Add(ToolName, "gen_ai.tool.name")
        .Add(ToolCallId, "gen_ai.tool.call.id")
        .Add(ToolArguments, "gen_ai.tool.call.arguments")
        .Add(ToolResult, "gen_ai.tool.call.result")
        .Add(RetrievalQuery, "gen_ai.retrieval.query.text")
        .Add(RetrievalDocuments, "gen_ai.retrieval.documents")
        .Add(Session, "gen_ai.conversation.id")
        .Add(User, "enduser.id", "user.id")
        .Add(PromptName, "gen_ai.prompt.name")
        .Add(PromptVersion, "gen_ai.prompt.version")
        .Add(AgentName, "gen_ai.agent.name")
        .Add(SpanField.ErrorType, "error.type")
        .Add(HttpStatus, "http.response.status_code", "http.status_code");
}
