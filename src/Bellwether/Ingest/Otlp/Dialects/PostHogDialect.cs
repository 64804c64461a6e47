using static Bellwether.Ingest.SpanField;

namespace Bellwether.Ingest;

/// <summary>PostHog's <c>$ai_*</c> properties where they travel as span attributes.</summary>
internal static class PostHogDialect
{
    public static void Declare(FieldTable table) => table
        .Add(ResponseModel, "$ai_model")
        .Add(Provider, "$ai_provider")
        .Add(ParameterSet, "$ai_model_parameters")
        .Add(InputMessages, "$ai_input")
        .Add(OutputMessages, "$ai_output_choices")
        .Add(Tools, "$ai_tools")
        .Add(InputTokens, "$ai_input_tokens")
        .Add(OutputTokens, "$ai_output_tokens")
        .Add(CacheReadTokens, "$ai_cache_read_input_tokens")
        .Add(CacheWriteTokens, "$ai_cache_creation_input_tokens")
        .Add(ReasoningTokens, "$ai_reasoning_tokens")
        .Add(CacheExclusive, "$ai_cache_reporting_exclusive")
        .Add(CostTotal, "$ai_total_cost_usd")
        .Add(CostInput, "$ai_input_cost_usd")
        .Add(CostOutput, "$ai_output_cost_usd")
        .Add(FinishReason, "$ai_stop_reason")
        .Add(ResponseId, "$ai_completion_id")
        .Add(TtftSeconds, "$ai_time_to_first_token")
        .Add(Session, "$ai_session_id")
        .Add(User, "distinct_id")
        .Add(ErrorMessage, "$ai_error")
        .Add(HttpStatus, "$ai_http_status");
}
