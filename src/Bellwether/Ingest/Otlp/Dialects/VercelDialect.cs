using static Bellwether.Ingest.SpanField;

namespace Bellwether.Ingest;

/// <summary>The AI SDK's own <c>ai.*</c> attributes. <c>@ai-sdk/otel</c>, from version 7 on, has the GenAI conventions' but for those of the context.</summary>
internal static class VercelDialect
{
    public static void Declare(FieldTable table) => table
        .Add(VercelOperation, "ai.operationId")
        .Add(RequestModel, "ai.model.id")
        .Add(ResponseModel, "ai.response.model")
        .Add(Provider, "ai.model.provider")
        .Add(InputMessages, "ai.prompt.messages")
        .Add(PromptText, "ai.prompt", "ai.value", "ai.values")
        .Add(OutputText, "ai.response.text", "ai.response.object", "ai.embedding", "ai.embeddings")
        .Add(OutputReasoning, "ai.response.reasoning")
        .Add(OutputToolCalls, "ai.response.toolCalls")
        .Add(Tools, "ai.prompt.tools")
        .Add(InputTokens, "ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens")
        .Add(OutputTokens, "ai.usage.outputTokens", "ai.usage.completionTokens")
        .Add(TotalTokens, "ai.usage.totalTokens")
        .Add(CacheReadTokens, "ai.usage.cachedInputTokens", "ai.usage.inputTokenDetails.cacheReadTokens")
        .Add(CacheWriteTokens, "ai.usage.inputTokenDetails.cacheWriteTokens")
        .Add(ReasoningTokens, "ai.usage.reasoningTokens", "ai.usage.outputTokenDetails.reasoningTokens")
        .Add(FinishReason, "ai.response.finishReason")
        .Add(ResponseId, "ai.response.id")
        .Add(TtftMs, "ai.response.msToFirstChunk")
        .Add(Temperature, "ai.settings.temperature")
        .Add(TopP, "ai.settings.topP")
        .Add(MaxTokens, "ai.settings.maxOutputTokens", "ai.settings.maxTokens")
        .Add(Seed, "ai.settings.seed")
        .Add(ToolName, "ai.toolCall.name")
        .Add(ToolCallId, "ai.toolCall.id")
        .Add(ToolArguments, "ai.toolCall.args")
        .Add(ToolResult, "ai.toolCall.result")
        .Add(Session, "ai.telemetry.metadata.sessionId", "ai.settings.context.sessionId")
        .Add(User, "ai.telemetry.metadata.userId", "ai.settings.context.userId")
        .Add(Tags, "ai.telemetry.metadata.tags")
        .AddFamily(SpanFamily.Property, "ai.telemetry.metadata.", "ai.settings.context.")
        .Add(Endpoint, "ai.telemetry.functionId");
}
