using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>A column of the request list.</summary>
/// <param name="Key">As it stands in the URL.</param>
/// <param name="Least">Width in rem.</param>
/// <param name="Share">Of the width that is left over; 0 keeps the column as it is.</param>
/// <param name="Field">The filter field that its value belongs to; null when the cell cannot be filtered by.</param>
/// <param name="Value">The value to filter by and to show where the column has no drawing of its own.</param>
public sealed record RequestColumn(string Key, string Title, double Least, double Share, string? Field, Func<Observation, string> Value)
{
    public bool IsNumber { get; init; }

    // Less where the range is within a day, so that the time stands without its date.
    private const double TimeWithoutDate = 5.75;

    /// <summary>CSS of a table with these columns: every row is a grid of its own, so the tracks must not depend on what is in them.</summary>
    /// <param name="withDate">The time column shows the date, too.</param>
    public static string Tracks(IReadOnlyCollection<RequestColumn> columns, bool withDate)
    {
        List<RequestColumn> fitted = [.. columns.Select(column => column.Key == "time" && !withDate ? column with { Least = TimeWithoutDate } : column)];
        return string.Create(CultureInfo.InvariantCulture,
            $"--tracks:{string.Join(' ', fitted.Select(Track))};--least:calc({fitted.Sum(column => column.Least):0.##}rem + {((fitted.Count - 1) * 8) + 24}px)");
    }

    private static string Track(RequestColumn column) => column.Share > 0
        ? string.Create(CultureInfo.InvariantCulture, $"minmax({column.Least:0.##}rem,{column.Share:0.##}fr)")
        : string.Create(CultureInfo.InvariantCulture, $"{column.Least:0.##}rem");

    private static readonly ImmutableArray<RequestColumn> Known =
    [
        new("time", "Time", 7.75, 0, null, _ => ""),
        new("state", "State", 6.5, 0, "state", o => ObservationStates.Name(o.State)),
        new("model", "Model", 7.5, 1.3, "model", o => o.Model.Length > 0 ? o.Model : o.RequestModel),
        new("endpoint", "Endpoint", 6.25, 1, "endpoint", o => o.Endpoint),
        new("user", "User", 6.5, 1, "user", o => o.User),
        new("latency", "Latency", 4, 0, null, _ => "") { IsNumber = true },
        new("ttft", "TTFT", 3.75, 0, null, _ => "") { IsNumber = true },
        new("tokens", "Tokens", 5.5, 0, null, _ => "") { IsNumber = true },
        new("cost", "Cost", 5.75, 0, null, _ => "") { IsNumber = true },
        new("speed", "Tokens/s", 4.5, 0, null, _ => "") { IsNumber = true },
        new("provider", "Provider", 5.5, 0.8, "provider", o => o.Provider),
        new("operation", "Operation", 7, 0, "operation", o => o.Operation),
        new("error", "Error", 7, 1, "error_type", o => o.ErrorType),
        new("status", "Status", 3.5, 0, "http_status", o => o.HttpStatus == 0 ? "" : Format.Count(o.HttpStatus)) { IsNumber = true },
        new("finish", "Finish", 6, 0, "finish_reason", o => o.FinishReason),
        new("session", "Session", 6, 1, "session", o => o.Session),
        new("key", "Key", 6, 1, "key", o => o.KeyId),
        new("stream", "Streamed", 5, 0, "stream", o => o.Stream ? "true" : "false"),
        new("messages", "Messages", 5, 0, null, o => Format.Count(o.MessageCount)) { IsNumber = true },
        new("tools", "Tool calls", 5, 0, null, o => Format.Count(o.ToolCallCount)) { IsNumber = true },
        new("retry", "Retry", 3.5, 0, "retry_count", o => Format.Count(o.RetryCount)) { IsNumber = true },
        new("request_id", "Request id", 9, 1, "request_id", o => o.RequestId),
        new("trace_id", "Trace id", 9, 1, "trace_id", o => o.TraceId),
        new("prompt", "System prompt", 9, 0, "system_fingerprint", o => o.SystemFingerprint),
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
        return new(key, name, 6, 1, key, o => o.Properties.FirstOrDefault(property => property.Key == name).Value ?? "");
    }
}
