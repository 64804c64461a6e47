using System.Collections.Immutable;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>A column of the request list.</summary>
/// <param name="Key">As it stands in the URL.</param>
/// <param name="Width">CSS track size.</param>
/// <param name="Field">The filter field that its value belongs to; null when the cell cannot be filtered by.</param>
/// <param name="Value">The value to filter by and to show where the column has no drawing of its own.</param>
public sealed record RequestColumn(string Key, string Title, string Width, string? Field, Func<Observation, string> Value)
{
    public bool IsNumber { get; init; }

    private static readonly ImmutableArray<RequestColumn> Known =
    [
        new("time", "Time", "11.5rem", null, _ => ""),
        new("state", "State", "8.5rem", "state", o => ObservationStates.Name(o.State)),
        new("model", "Model", "minmax(9rem,1.3fr)", "model", o => o.Model.Length > 0 ? o.Model : o.RequestModel),
        new("endpoint", "Endpoint", "minmax(9rem,1.4fr)", "endpoint", o => o.Endpoint),
        new("user", "User", "minmax(7rem,1fr)", "user", o => o.User),
        new("latency", "Latency", "5.5rem", null, _ => "") { IsNumber = true },
        new("ttft", "TTFT", "5rem", null, _ => "") { IsNumber = true },
        new("tokens", "Tokens", "8rem", null, _ => "") { IsNumber = true },
        new("cost", "Cost", "5.5rem", null, _ => "") { IsNumber = true },
        new("speed", "Tokens/s", "5.5rem", null, _ => "") { IsNumber = true },
        new("provider", "Provider", "minmax(6rem,.8fr)", "provider", o => o.Provider),
        new("operation", "Operation", "8rem", "operation", o => o.Operation),
        new("error", "Error", "minmax(8rem,1fr)", "error_type", o => o.ErrorType),
        new("status", "Status", "4.5rem", "http_status", o => o.HttpStatus == 0 ? "" : Format.Count(o.HttpStatus)) { IsNumber = true },
        new("finish", "Finish", "7rem", "finish_reason", o => o.FinishReason),
        new("session", "Session", "minmax(7rem,1fr)", "session", o => o.Session),
        new("key", "Key", "minmax(7rem,1fr)", "key", o => o.KeyId),
        new("stream", "Streamed", "5.5rem", "stream", o => o.Stream ? "true" : "false"),
        new("messages", "Messages", "5.5rem", null, o => Format.Count(o.MessageCount)) { IsNumber = true },
        new("tools", "Tool calls", "5.5rem", null, o => Format.Count(o.ToolCallCount)) { IsNumber = true },
        new("retry", "Retry", "4.5rem", "retry_count", o => Format.Count(o.RetryCount)) { IsNumber = true },
        new("request_id", "Request id", "minmax(9rem,1fr)", "request_id", o => o.RequestId),
        new("trace_id", "Trace id", "minmax(9rem,1fr)", "trace_id", o => o.TraceId),
        new("prompt", "System prompt", "9rem", "system_fingerprint", o => o.SystemFingerprint),
    ];

    public static readonly ImmutableArray<string> DefaultKeys = ["time", "state", "model", "endpoint", "user", "latency", "ttft", "tokens", "cost"];

    /// <summary>Every column with a fixed key; <c>property.&lt;name&gt;</c> comes on top.</summary>
    public static ImmutableArray<RequestColumn> All => Known;

    public static RequestColumn? Find(string key) =>
        Known.FirstOrDefault(column => column.Key == key) ?? (IsProperty(key) ? OfProperty(key) : null);

    /// <summary>The columns of a comma-separated list out of a URL; unknown ones are left out, and the time is always there.</summary>
    public static ImmutableArray<RequestColumn> Parse(string? keys)
    {
        if (string.IsNullOrEmpty(keys))
        {
            return [.. DefaultKeys.Select(key => Find(key)!)];
        }
        var columns = keys.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Distinct(StringComparer.Ordinal).Take(30).Select(Find).OfType<RequestColumn>().ToList();
        if (columns.All(column => column.Key != "time"))
        {
            columns.Insert(0, Known[0]);
        }
        return [.. columns];
    }

    /// <summary>Null for the default set, so that it stays out of the URL.</summary>
    public static string? Write(IEnumerable<RequestColumn> columns)
    {
        var keys = columns.Select(column => column.Key).ToList();
        return keys.SequenceEqual(DefaultKeys) ? null : string.Join(',', keys);
    }

    private static bool IsProperty(string key) =>
        key.StartsWith(FilterField.PropertyPrefix, StringComparison.Ordinal) && key.Length is > 9 and < 100;

    private static RequestColumn OfProperty(string key)
    {
        var name = key[FilterField.PropertyPrefix.Length..];
        return new(key, name, "minmax(7rem,1fr)", key, o => o.Properties.FirstOrDefault(property => property.Key == name).Value ?? "");
    }
}
