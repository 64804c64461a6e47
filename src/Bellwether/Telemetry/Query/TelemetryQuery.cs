using System.Collections.Immutable;
using Bellwether.Primitives;

namespace Bellwether.Telemetry;

/// <summary>
/// The one question that panels, alert rules, reports and the API ask: measures of a project over a window, filtered,
/// grouped and bucketed. JSON: <c>{"from","to","measures":["count"],"where":[{"field","op","values":[]}],"by":["model"],"step":"PT1M","limit":10}</c>.
/// </summary>
public sealed record TelemetryQuery(ProjectId Project, TimeRange Window, ImmutableArray<Measure> Measures)
{
    public ImmutableArray<Filter> Where { get; init; } = [];
    public ImmutableArray<Dimension> By { get; init; } = [];
    /// <summary>Bucket width, at least a second; buckets are aligned to the Unix epoch. Null: one row per group.</summary>
    public TimeSpan? Step { get; init; }
    /// <summary>The most groups to return, ordered by the first measure, largest first. Null: all (at most 10,000).</summary>
    public int? Limit { get; init; }
    /// <summary>
    /// Only groups that stand behind this one, in the order of <see cref="Limit"/>: how a list of groups goes on. Not with a step. What a
    /// group measures may change between two pages; it then stands where its new value puts it.
    /// </summary>
    public GroupPosition? After { get; init; }
    /// <summary>Free text that the prompts or answers must contain; forces a raw scan.</summary>
    public string? Text { get; init; }
    /// <summary>
    /// True: the steps of chains count too, as they do in lists. False: only calls (<see cref="Observation.IsCall"/>), unless the query
    /// filters or groups by <c>kind</c>; a chain that repeats its calls' tokens and cost is then never counted beside them.
    /// </summary>
    public bool EveryKind { get; init; }
}

/// <summary>The place of a group among others: its first measure, largest first, then its values in ordinal order.</summary>
public sealed record GroupPosition(double? Value, ImmutableArray<string> Group);

/// <summary>What can be measured. JSON names are the snake_case forms.</summary>
public enum Measure
{
    Count,
    Errors,
    /// <summary>Errors / count; null when the count is 0.</summary>
    ErrorRate,
    LatencyMean, LatencyP50, LatencyP95, LatencyP99,
    TtftP50, TtftP95, TtftP99,
    InputTokens, OutputTokens, TotalTokens, CacheReadTokens, ReasoningTokens,
    /// <summary>Mean of the calls' output tokens per second.</summary>
    TokensPerSecond,
    /// <summary>Sum over priced calls; null when none was priced.</summary>
    CostUsd,
    InputCostUsd, OutputCostUsd,
    /// <summary>CostUsd / priced calls; null when none was priced.</summary>
    CostMean,
    CostP95,
    /// <summary>Calls with usage but without a known price.</summary>
    Unpriced,
    /// <summary>Distinct non-empty users.</summary>
    Users,
    /// <summary>Distinct non-empty sessions.</summary>
    Sessions,
    /// <summary>Time of the newest observation, Unix ms; null when there is none.</summary>
    LastSeen,
    /// <summary>Time of the oldest observation, Unix ms; null when there is none. Always read from the rows.</summary>
    FirstSeen,
}

/// <summary>
/// A field to group or filter by: <c>model</c>, <c>request_model</c>, <c>provider</c>, <c>endpoint</c>, <c>operation</c>, <c>surface</c>,
/// <c>state</c>, <c>error_type</c>, <c>user</c>, <c>session</c>, <c>key</c>, <c>stream</c>, <c>kind</c>, <c>finish_reason</c>, <c>http_status</c>,
/// <c>trace_id</c>, <c>request_id</c>, <c>system_fingerprint</c>, <c>price_version</c>, <c>name</c>, <c>service_tier</c>, <c>check.&lt;validator&gt;</c> (<c>pass</c>, <c>warn</c>, <c>fail</c>), <c>checks</c> (all of them, <see cref="CheckMarks"/>), or <c>property.&lt;name&gt;</c>.
/// Filters also know the numbers <c>latency_ms</c>, <c>ttft_ms</c>, <c>cost_usd</c>, <c>input_tokens</c>, <c>output_tokens</c>, <c>total_tokens</c> and the booleans <c>error</c>, <c>estimated</c>, <c>priced</c>, <c>checked</c>.
/// </summary>
public readonly record struct Dimension(string Name)
{
    public override string ToString() => Name;
}

public enum FilterOp { Eq, Ne, In, NotIn, Gt, Gte, Lt, Lte, Contains, Exists, Missing }

/// <summary>A condition on a field; values are text and are read as the field's type. All filters of a query must hold.</summary>
public sealed record Filter(string Field, FilterOp Op, ImmutableArray<string> Values)
{
    public static Filter Eq(string field, string value) => new(field, FilterOp.Eq, [value]);
}

/// <summary>
/// Rows ordered by bucket, then by the first measure, largest first. <see cref="QueryRow.Values"/> stands in the order of
/// the query's measures; null is "no data". Buckets without any observation have no row.
/// </summary>
public sealed record QueryResult(ImmutableArray<QueryRow> Rows)
{
    /// <summary>True when the answer came from rollups alone.</summary>
    public bool FromRollups { get; init; }
}

/// <param name="Bucket">Start of the bucket; null without a step.</param>
/// <param name="Group">Values of the query's dimensions, in order; empty text for "not set".</param>
/// <param name="Values">Values of the query's measures, in order.</param>
public sealed record QueryRow(DateTimeOffset? Bucket, ImmutableArray<string> Group, ImmutableArray<double?> Values);

/// <summary>A query that cannot be run as asked; the message is safe to show and names the field.</summary>
public sealed class TelemetryQueryException : Exception
{
    public TelemetryQueryException(string field, string message) : base(message) => Field = field;

    public string Field { get; }
}
