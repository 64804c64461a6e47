using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>What an event is to us.</summary>
/// <param name="Kind">Of the step that it tells of; null for a word about one.</param>
internal sealed record AnalyticsRole(ObservationKind? Kind, string Operation = "other")
{
    private static readonly AnalyticsRole s_chat = new(ObservationKind.Llm, "chat");
    private static readonly AnalyticsRole s_embedding = new(ObservationKind.Embedding, "embeddings");
    private static readonly AnalyticsRole s_chain = new(ObservationKind.Chain);
    private static readonly AnalyticsRole s_note = new((ObservationKind?)null);

    public bool IsModel => Kind is ObservationKind.Llm or ObservationKind.Embedding;

    /// <summary>Null for an event that has nothing to do with calls of a model.</summary>
    public static AnalyticsRole? Of(AnalyticsEvent said) => said.Name switch
    {
        "$ai_generation" => s_chat,
        "$ai_embedding" => s_embedding,
        "$ai_trace" => s_chain,
        "$ai_span" => Span(said.Text("span_type")),
        "$ai_feedback" or "$ai_metric" => s_note,
        _ when said.Source == "mixpanel" => OfMixpanel(said),
        _ => null,
    };

    private static AnalyticsRole? OfMixpanel(AnalyticsEvent said) => said.Name switch
    {
        "ai_generation" => s_chat,
        "ai_embedding" => s_embedding,
        "ai_trace" => s_chain,
        "ai_span" or "ai_step" => Span(said.Text("span_type")),
        "ai_feedback" or "ai_metric" => s_note,
        "ai_call" => said.Text("operation").StartsWith("embed", StringComparison.Ordinal) ? s_embedding : s_chat,
        // Mixpanel has no names for this: whoever counts tokens or measures the time of a model tells of its call.
        _ => said.Text("model").Length > 0 && said.Get("input_tokens", "prompt_tokens", "output_tokens", "completion_tokens", "total_tokens", "latency", "latency_ms") is not null ? s_chat : null,
    };

    private static AnalyticsRole Span(string type) => type.ToLowerInvariant() switch
    {
        "tool" or "function" or "mcp_tools" => new(ObservationKind.Tool),
        "agent" => new(ObservationKind.Agent),
        "retrieval" or "retriever" => new(ObservationKind.Retrieval),
        _ => s_chain,
    };
}
