using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What kind of step a span is, by whichever dialect says so first.</summary>
internal static class SpanKinds
{
    public static (ObservationKind Kind, string Operation) Of(SpanAttributes span)
    {
        // Before the operation: LangSmith's SDK calls that of a retriever "embeddings" and that of a prompt template "chat".
        switch (span.Text(SpanField.LangSmithKind))
        {
            case "llm": return Llm(span);
            case "embedding": return (ObservationKind.Embedding, "embeddings");
            case "tool": return (ObservationKind.Tool, "execute_tool");
            case "retriever": return (ObservationKind.Retrieval, "retrieval");
            case { Length: > 0 }: return (ObservationKind.Chain, "");
        }
        if (span.Text(SpanField.OpenInferenceKind) is { Length: > 0 } openInference)
        {
            return openInference.ToUpperInvariant() switch
            {
                "LLM" => Llm(span),
                "EMBEDDING" => (ObservationKind.Embedding, "embeddings"),
                "TOOL" => (ObservationKind.Tool, "execute_tool"),
                "RETRIEVER" or "RERANKER" => (ObservationKind.Retrieval, "retrieval"),
                "AGENT" => (ObservationKind.Agent, "invoke_agent"),
                _ => (ObservationKind.Chain, ""),
            };
        }
        if (span.Text(SpanField.VercelOperation) is { Length: > 0 } vercel)
        {
            return vercel switch
            {
                "ai.toolCall" => (ObservationKind.Tool, "execute_tool"),
                _ when vercel.EndsWith(".doGenerate", StringComparison.Ordinal) || vercel.EndsWith(".doStream", StringComparison.Ordinal) => (ObservationKind.Llm, "chat"),
                _ when vercel.EndsWith(".doEmbed", StringComparison.Ordinal) => (ObservationKind.Embedding, "embeddings"),
                _ => (ObservationKind.Chain, ""),
            };
        }
        var operation = span.Text(SpanField.GenAiOperation);
        switch (operation)
        {
            case "chat" or "generate_content" or "text_completion": return (ObservationKind.Llm, operation);
            case "embeddings": return (ObservationKind.Embedding, operation);
            case "execute_tool": return (ObservationKind.Tool, operation);
            case "retrieval" or "rerank": return (ObservationKind.Retrieval, operation);
            case "invoke_agent" or "create_agent": return (ObservationKind.Agent, operation);
            // It fetches what another call made and is not charged again.
            case "fetch_response": return (ObservationKind.Chain, operation);
        }
        foreach (var field in (ReadOnlySpan<SpanField>)[SpanField.LangfuseType, SpanField.TraceloopKind, SpanField.RequestType])
        {
            switch (span.Text(field))
            {
                case "generation" or "llm" or "chat" or "completion":
                    return Llm(span);
                case "embedding" or "embeddings":
                    return (ObservationKind.Embedding, "embeddings");
                case "tool":
                    return (ObservationKind.Tool, "execute_tool");
                case "retriever" or "rerank":
                    return (ObservationKind.Retrieval, "retrieval");
                case "agent":
                    return (ObservationKind.Agent, "invoke_agent");
                case "workflow" or "task" or "chain" or "session" or "evaluator" or "guardrail":
                    return (ObservationKind.Chain, Short(operation));
            }
        }
        if (operation.Length > 0)
        {
            return (ObservationKind.Chain, Short(operation));
        }
        if (span.HasMessages)
        {
            return Llm(span);
        }
        // Conventions before there were operations, and senders that leave them out.
        if (!span.Has(SpanField.RequestModel) && !span.Has(SpanField.ResponseModel))
        {
            if (span.Has(SpanField.ToolName) || span.Has(SpanField.ToolArguments))
            {
                return (ObservationKind.Tool, "execute_tool");
            }
            if (span.Has(SpanField.AgentName))
            {
                return (ObservationKind.Agent, "invoke_agent");
            }
        }
        if (span.Has(SpanField.VectorQuery))
        {
            return (ObservationKind.Retrieval, "retrieval");
        }
        var isCall = (span.Has(SpanField.RequestModel) || span.Has(SpanField.ResponseModel)) && (span.Has(SpanField.InputTokens) || span.Has(SpanField.Provider));
        return isCall ? Llm(span) : (ObservationKind.Chain, "");
    }

    private static (ObservationKind, string) Llm(SpanAttributes span) =>
        (ObservationKind.Llm, span.Text(SpanField.GenAiOperation) is { Length: > 0 } operation ? Short(operation) : "chat");

    private static string Short(string text) => text.Length <= 64 ? text : text[..64];
}
