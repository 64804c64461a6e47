using System.Globalization;
using Bellwether.Telemetry;

namespace Bellwether.Evaluators;

/// <summary>A search line asked of one call in memory, before it is stored.</summary>
internal static class CallFilter
{
    // What is known of a call before it is priced and stored.
    private static readonly HashSet<string> s_known =
    [
        "model", "request_model", "provider", "endpoint", "user", "session", "operation", "surface", "name", "key", "finish_reason", "error_type", "prompt_name",
        "prompt_version", "service_tier", "system_fingerprint", "stream", "latency_ms", "ttft_ms", "input_tokens", "output_tokens",
    ];

    /// <summary>Why an expression cannot be asked here; null when it can.</summary>
    public static string? WhyNot(FilterExpression expression)
    {
        if (expression.Text is not null) { return "cannot look for free text; use fields such as endpoint:search"; }
        foreach (var filter in expression.Where)
        {
            if (!s_known.Contains(filter.Field) && !filter.Field.StartsWith(FilterField.PropertyPrefix, StringComparison.Ordinal)) { return $"cannot use the field {filter.Field}"; }
            if (filter.Op is FilterOp.Gt or FilterOp.Gte or FilterOp.Lt or FilterOp.Lte && !double.TryParse(filter.Values[0], NumberStyles.Float, CultureInfo.InvariantCulture, out _)) { return $"needs a number for {filter.Field}"; }
        }
        return null;
    }

    public static bool Holds(FilterExpression expression, Observation call) => FilterMatch.Holds(expression.Where, call);
}
