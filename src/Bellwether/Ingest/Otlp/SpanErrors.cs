using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Names of exceptions and statuses in the terms of our error taxonomy.</summary>
internal static class SpanErrors
{
    /// <returns>One of <see cref="ErrorTypes"/>, or empty when the failure is none of the model's kinds (a bug of the application).</returns>
    public static string Classify(string type, string message, int status)
    {
        if (status == 0 && int.TryParse(type, out var parsed))
        {
            status = parsed;
        }
        return status switch
        {
            429 => ErrorTypes.RateLimited,
            401 or 403 => ErrorTypes.Auth,
            408 or 504 => ErrorTypes.Timeout,
            >= 500 and < 600 => ErrorTypes.Unavailable,
            >= 400 and < 500 => Says(message, "context length", "context_length", "maximum context") ? ErrorTypes.ContextLength : ErrorTypes.BadRequest,
            _ when Says(type, "RateLimit", "rate_limit") => ErrorTypes.RateLimited,
            _ when Says(type, "Timeout", "timed_out", "DeadlineExceeded") => ErrorTypes.Timeout,
            _ when Says(type, "Authentication", "PermissionDenied", "Unauthorized") => ErrorTypes.Auth,
            _ when Says(type, "ContentFilter", "content_filter") => ErrorTypes.ContentFilter,
            _ when Says(type, "ContextLength", "context_length") || Says(message, "context_length_exceeded", "maximum context length") => ErrorTypes.ContextLength,
            _ when Says(type, "BadRequest", "InvalidRequest", "UnprocessableEntity", "NotFoundError") => ErrorTypes.BadRequest,
            _ when Says(type, "Connection", "InternalServer", "ServiceUnavailable", "Overloaded", "APIStatusError") => ErrorTypes.Unavailable,
            _ => "",
        };
    }

    private static bool Says(string text, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }
}
