using System.Collections.Immutable;
using System.Globalization;

namespace Bellwether.Telemetry;

/// <summary>Asks the conditions of a <see cref="TelemetryQuery"/> of one observation in memory, with the answers that the store gives of its rows.</summary>
internal static class FilterMatch
{
    public static bool Holds(ImmutableArray<Filter> where, Observation call)
    {
        foreach (var filter in where)
        {
            if (!Holds(filter, call)) { return false; }
        }
        return true;
    }

    private static bool Holds(Filter filter, Observation call)
    {
        if (!TryRead(call, filter.Field, out var value)) { return false; }
        return filter.Op switch
        {
            FilterOp.Eq => Same(value, filter.Values[0]),
            FilterOp.Ne => !Same(value, filter.Values[0]),
            FilterOp.In => filter.Values.Any(wanted => Same(value, wanted)),
            FilterOp.NotIn => !filter.Values.Any(wanted => Same(value, wanted)),
            FilterOp.Contains => value.Text.Contains(filter.Values[0], StringComparison.OrdinalIgnoreCase),
            FilterOp.Exists => value.Text.Length > 0,
            FilterOp.Missing => value.Text.Length == 0,
            FilterOp.Gt => Compare() > 0,
            FilterOp.Gte => Compare() >= 0,
            FilterOp.Lt => Compare() < 0,
            FilterOp.Lte => Compare() <= 0,
            _ => false,
        };

        // What has no number is in no order: NaN makes every comparison false.
        double Compare() => Number(value.Text) - Number(filter.Values[0]);
    }

    // A number, a truth value and an id are the same in every spelling; nothing is not 0.
    private static bool Same(Value value, string wanted) => value.IsText ? value.Text == wanted
        : value.Text.Equals(wanted, StringComparison.OrdinalIgnoreCase) || Number(value.Text) == Number(wanted)
            || (Guid.TryParse(value.Text, CultureInfo.InvariantCulture, out var id) && Guid.TryParse(wanted, CultureInfo.InvariantCulture, out var other) && id == other);

    private static double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    private static bool TryRead(Observation call, string field, out Value value)
    {
        Value? read = field switch
        {
            "model" => call.Model,
            "request_model" => call.RequestModel,
            "provider" => call.Provider,
            "price_provider" => call.PriceProvider,
            "endpoint" => call.Endpoint,
            "user" => call.User,
            "session" => call.Session,
            "operation" => call.Operation,
            "surface" => call.Surface,
            "name" => call.Name,
            "key" => call.KeyId,
            "state" => ObservationStates.Name(call.State),
            "kind" => call.Kind.ToString().ToLowerInvariant(),
            "finish_reason" => call.FinishReason,
            "error_type" => call.ErrorType,
            "error_code" => call.ErrorCode,
            "prompt_name" => call.PromptName,
            "prompt_version" => call.PromptVersion,
            "service_tier" => call.ServiceTier,
            "system_fingerprint" => call.SystemFingerprint,
            "trace_id" => call.TraceId,
            "span_id" => call.SpanId,
            "parent_id" => call.ParentId,
            "request_id" => call.RequestId,
            "provider_request_id" => call.ProviderRequestId,
            "response_id" => call.ResponseId,
            "price_version" => call.Cost?.PriceVersion ?? "",
            "id" => Other(call.Id.ToString()),
            "stream" => Other(call.Stream ? "true" : "false"),
            "error" => Other(call.IsError ? "true" : "false"),
            "estimated" => Other(call.Usage.Estimated ? "true" : "false"),
            "priced" => Other(call.Cost is not null ? "true" : "false"),
            "checked" => Other(call.Checks != 0 ? "true" : "false"),
            "checks" => Of(call.Checks),
            "http_status" => Of(call.HttpStatus),
            "retry_count" => Of(call.RetryCount),
            "latency_ms" => Of(call.Timings.TotalMs),
            "ttft_ms" => Of(call.Timings.TtftMs),
            "input_tokens" => Of(call.Usage.InputTokens),
            "output_tokens" => Of(call.Usage.OutputTokens),
            "total_tokens" => Of(call.Usage.IsKnown ? call.Usage.TotalTokens : null),
            "cost_usd" => Of((double?)call.Cost?.TotalUsd),
            _ when field.StartsWith(CheckMarks.FieldPrefix, StringComparison.Ordinal) && FilterField.Find(field) is not null => Mark(CheckMarks.Of(call.Checks, field[CheckMarks.FieldPrefix.Length..])),
            _ when field.StartsWith(FilterField.PropertyPrefix, StringComparison.Ordinal) => call.Properties.FirstOrDefault(pair => pair.Key == field[FilterField.PropertyPrefix.Length..]).Value ?? "",
            _ => (Value?)null,
        };
        value = read ?? new("", true);
        return read is not null;
    }

    private static string Mark(CheckMark mark) => mark == CheckMark.None ? "" : mark.ToString().ToLowerInvariant();

    private static Value Other(string text) => new(text, false);

    private static Value Of(double? number) => Other(number?.ToString("R", CultureInfo.InvariantCulture) ?? "");

    private readonly record struct Value(string Text, bool IsText)
    {
        public static implicit operator Value(string text) => new(text, true);
    }
}
