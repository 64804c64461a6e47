using Bellwether.Exchange;
using Bellwether.Telemetry;

namespace Bellwether.Gateway;

/// <summary>How a call ended, in the words of the record.</summary>
internal readonly record struct CallOutcome(ObservationState State, string ErrorType = "", string ErrorCode = "", string ErrorMessage = "")
{
    public static CallOutcome Of(ObservationState state, Refusal refusal) => new(state, refusal.ErrorType, refusal.Code, refusal.Message);
}

/// <summary>Provider errors to the taxonomy of requirement M2: by the provider's own code first, then by status.</summary>
internal static class ErrorTaxonomy
{
    /// <summary>The outcome of an answer that came to its end.</summary>
    /// <param name="status">The provider's HTTP status.</param>
    /// <param name="facts">What was read from the answer.</param>
    /// <param name="streamed">The answer was an event stream, whose end must be marked.</param>
    /// <param name="opaque">The answer was passed on without being read.</param>
    public static CallOutcome OfAnswer(int status, AnswerFacts facts, bool streamed, bool opaque = false)
    {
        // A redirect is passed on like any answer, but it answers nothing; that it is an error belongs to calls whose answer is read.
        if (status is >= 400 or < 100 || (status >= 300 && !opaque))
        {
            return new(ObservationState.ProviderError, OfError(status, facts), Code(facts, status), facts.ErrorMessage);
        }
        if (facts.IsError)
        {
            // An error inside a stream that began well: the status was sent long ago.
            return new(ObservationState.ProviderError, OfError(500, facts), Code(facts, 0), facts.ErrorMessage);
        }
        if (facts.Malformed)
        {
            // Also where the rest came to its end: the clients' SDKs throw at the event that is no JSON.
            return new(ObservationState.ProviderError, ErrorTypes.ValidationMalformed, "malformed_answer", "The answer is not valid JSON.");
        }
        if (streamed && !facts.IsComplete)
        {
            return new(ObservationState.ProviderError, ErrorTypes.Unavailable, "stream_incomplete", "The stream ended before its end mark and without a finish reason.");
        }
        return facts.FinishReason switch
        {
            // Not an error of the service, but worth finding.
            "content_filter" or "SAFETY" or "PROHIBITED_CONTENT" or "BLOCKLIST" or "SPII" => new(ObservationState.Ok, ErrorTypes.ContentFilter),
            "model_context_window_exceeded" => new(ObservationState.Ok, ErrorTypes.ContextLength),
            _ => new(ObservationState.Ok),
        };
    }

    private static string Code(AnswerFacts facts, int status) =>
        facts.ErrorCode.Length > 0 ? facts.ErrorCode
        : facts.ErrorType.Length > 0 ? facts.ErrorType
        : status > 0 ? System.Globalization.CultureInfo.InvariantCulture.TextInfo.ToLower($"http_{status}")
        : "";

    internal static string OfError(int status, AnswerFacts facts)
    {
        if (ByCode(facts.ErrorCode) is { } byCode)
        {
            return byCode;
        }
        if (ByCode(facts.ErrorType) is { } byType)
        {
            return byType;
        }
        // Anthropic and Gemini report an overlong prompt as a plain bad request; only the sentence tells:
        //   "prompt is too long: 208000 tokens > 200000 maximum"
        //   "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."
        // It decides nothing but the label in the record.
        if (status == 400 && (facts.ErrorMessage.StartsWith("prompt is too long", StringComparison.OrdinalIgnoreCase)
            || facts.ErrorMessage.StartsWith("The input token count", StringComparison.OrdinalIgnoreCase)))
        {
            return ErrorTypes.ContextLength;
        }
        return status switch
        {
            401 or 403 => ErrorTypes.Auth,
            402 or 429 => ErrorTypes.RateLimited,
            >= 300 and < 400 => ErrorTypes.ValidationMalformed,
            408 or 504 => ErrorTypes.Timeout,
            >= 500 => ErrorTypes.Unavailable,
            _ => ErrorTypes.BadRequest,
        };
    }

    private static string? ByCode(string code) => code switch
    {
        "context_length_exceeded" or "model_context_window_exceeded" or "string_above_max_length" => ErrorTypes.ContextLength,
        "content_filter" or "content_policy_violation" or "moderation_blocked" or "ResponsibleAIPolicyViolation" => ErrorTypes.ContentFilter,
        "rate_limit_exceeded" or "rate_limit_error" or "insufficient_quota" or "tokens" or "requests" or "RESOURCE_EXHAUSTED" or "billing_error" => ErrorTypes.RateLimited,
        "overloaded_error" or "UNAVAILABLE" or "server_error" or "api_error" or "service_unavailable" or "engine_overloaded" or "INTERNAL" => ErrorTypes.Unavailable,
        "timeout_error" or "timeout" or "DEADLINE_EXCEEDED" => ErrorTypes.Timeout,
        "invalid_api_key" or "authentication_error" or "permission_error" or "UNAUTHENTICATED" or "PERMISSION_DENIED" => ErrorTypes.Auth,
        _ => null,
    };
}
