using System.Globalization;
using Bellwether.Telemetry;

namespace Bellwether.Evaluators;

/// <summary>A search line asked of one call in memory, before it is stored.</summary>
internal static class CallFilter
{
    /// <summary>Why an expression cannot be asked here; null when it can.</summary>
    public static string? WhyNot(FilterExpression expression)
    {
        if (expression.Text is not null) { return "cannot look for free text; use fields such as endpoint:search"; }
        foreach (var filter in expression.Where)
        {
            if (!TryRead(s_nothing, filter.Field, out _)) { return $"cannot use the field {filter.Field}"; }
            if (filter.Op is FilterOp.Gt or FilterOp.Gte or FilterOp.Lt or FilterOp.Lte && !double.TryParse(filter.Values[0], NumberStyles.Float, CultureInfo.InvariantCulture, out _)) { return $"needs a number for {filter.Field}"; }
        }
        return null;
    }

    public static bool Holds(FilterExpression expression, Observation call)
    {
        foreach (var filter in expression.Where)
        {
            if (!Holds(filter, call)) { return false; }
        }
        return true;
    }

    private static readonly Observation s_nothing = new() { Id = Guid.Empty, Project = default, StartTime = default, Kind = default, State = default };

    private static bool Holds(Filter filter, Observation call)
    {
        if (!TryRead(call, filter.Field, out var value)) { return false; }
        return filter.Op switch
        {
            FilterOp.Eq => value == filter.Values[0],
            FilterOp.Ne => value != filter.Values[0],
            FilterOp.In => filter.Values.Contains(value, StringComparer.Ordinal),
            FilterOp.NotIn => !filter.Values.Contains(value, StringComparer.Ordinal),
            FilterOp.Contains => value.Contains(filter.Values[0], StringComparison.OrdinalIgnoreCase),
            FilterOp.Exists => value.Length > 0,
            FilterOp.Missing => value.Length == 0,
            FilterOp.Gt => Compare() > 0,
            FilterOp.Gte => Compare() >= 0,
            FilterOp.Lt => Compare() < 0,
            FilterOp.Lte => Compare() <= 0,
            _ => false,
        };

        // What has no number is in no order: NaN makes every comparison false.
        double Compare() => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number - double.Parse(filter.Values[0], NumberStyles.Float, CultureInfo.InvariantCulture) : double.NaN;
    }

    private static bool TryRead(Observation call, string field, out string value)
    {
        static string Number(double? number) => number?.ToString("R", CultureInfo.InvariantCulture) ?? "";
        var read = field switch
        {
            "model" => call.Model,
            "request_model" => call.RequestModel,
            "provider" => call.Provider,
            "endpoint" => call.Endpoint,
            "user" => call.User,
            "session" => call.Session,
            "operation" => call.Operation,
            "surface" => call.Surface,
            "name" => call.Name,
            "key" => call.KeyId,
            "finish_reason" => call.FinishReason,
            "error_type" => call.ErrorType,
            "prompt_name" => call.PromptName,
            "prompt_version" => call.PromptVersion,
            "service_tier" => call.ServiceTier,
            "system_fingerprint" => call.SystemFingerprint,
            "stream" => call.Stream ? "true" : "false",
            "latency_ms" => Number(call.Timings.TotalMs),
            "ttft_ms" => Number(call.Timings.TtftMs),
            "input_tokens" => Number(call.Usage.InputTokens),
            "output_tokens" => Number(call.Usage.OutputTokens),
            _ when field.StartsWith(FilterField.PropertyPrefix, StringComparison.Ordinal) => call.Properties.FirstOrDefault(pair => pair.Key == field[FilterField.PropertyPrefix.Length..]).Value ?? "",
            _ => null,
        };
        value = read ?? "";
        return read is not null;
    }
}
