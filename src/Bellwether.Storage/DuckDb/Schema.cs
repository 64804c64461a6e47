namespace Bellwether.Storage.DuckDb;

/// <summary>
/// The tables. A day has a metrics file (table <c>observation</c>) and a payload file (table <c>payload</c>), each with its
/// own <c>position</c>; the main file holds what spans days: rollups, annotations, marks.
/// </summary>
internal static class Schema
{
    public static readonly int Version = 5;

    /// <summary>
    /// The observation's columns in the order in which <see cref="ObservationRow"/> writes and reads them, then those that
    /// only queries use: the histogram buckets and what counts as an error.
    /// </summary>
    public static readonly string Observation = """
        CREATE TABLE observation (
            id UUID, project VARCHAR, start_ticks BIGINT, kind VARCHAR, state VARCHAR, trace_id VARCHAR, parent_id VARCHAR, name VARCHAR,
            operation VARCHAR, surface VARCHAR, provider VARCHAR, price_provider VARCHAR, request_model VARCHAR, model VARCHAR, endpoint VARCHAR,
            user_id VARCHAR, session_id VARCHAR, key_id VARCHAR, request_id VARCHAR, provider_request_id VARCHAR, response_id VARCHAR,
            stream BOOLEAN, service_tier VARCHAR, finish_reason VARCHAR, system_fingerprint VARCHAR, parameters VARCHAR,
            retry_count INTEGER, http_status INTEGER, error_type VARCHAR, error_code VARCHAR, error_message VARCHAR,
            total_ms DOUBLE, queue_ms DOUBLE, upstream_ms DOUBLE, post_ms DOUBLE, ttft_ms DOUBLE, gap_p50_ms DOUBLE, gap_p95_ms DOUBLE, tokens_per_second DOUBLE,
            input_tokens BIGINT, output_tokens BIGINT, cache_read_tokens BIGINT, cache_write_tokens BIGINT, cache_write_1h_tokens BIGINT, reasoning_tokens BIGINT,
            input_audio_tokens BIGINT, output_audio_tokens BIGINT, cache_audio_read_tokens BIGINT, input_image_tokens BIGINT, output_image_tokens BIGINT, tool_requests BIGINT,
            estimated BOOLEAN, cost_in DECIMAL(18,12), cost_out DECIMAL(18,12), price_version VARCHAR,
            request_bytes INTEGER, response_bytes BIGINT, message_count INTEGER, tool_call_count INTEGER, properties VARCHAR,
            is_error BOOLEAN, latency_bucket SMALLINT, ttft_bucket SMALLINT, cost_bucket SMALLINT,
            span_id VARCHAR, prompt_name VARCHAR, prompt_version VARCHAR, checks BIGINT)
        """;

    public static readonly string Payload = PayloadAs("");

    /// <summary>
    /// Of a day that is still going on: its texts are not compressed yet, which is half the work of storing them. The table
    /// <c>unpacked</c> says so until <see cref="PayloadPacker"/> has written the file anew.
    /// </summary>
    public static readonly string UnpackedPayload = $"{PayloadAs("USING COMPRESSION uncompressed")}; CREATE TABLE unpacked (since BIGINT)";

    // sequence: every record up to it that belongs in this file is in it.
    // complete: every record up to it is in its file, wherever that is; written by a batch's last transaction.
    public static readonly string Position = "CREATE TABLE position (sequence BIGINT, complete BIGINT)";

    private static readonly string s_sums = """
        n BIGINT, errors BIGINT, latency_sum DOUBLE, latency_n BIGINT, input_tokens DOUBLE, output_tokens DOUBLE, total_tokens DOUBLE,
        cache_read_tokens DOUBLE, reasoning_tokens DOUBLE, tps_sum DOUBLE, tps_n BIGINT, cost_in DECIMAL(38,12), cost_out DECIMAL(38,12),
        priced BIGINT, unpriced BIGINT, last_seen BIGINT
        """;

    public static readonly IReadOnlyList<string> Main =
    [
        "CREATE TABLE IF NOT EXISTS meta (key VARCHAR, value BIGINT)",
        // An hour in here has its rollups complete; a row that changes later takes the hour out again, before it is written.
        "CREATE TABLE IF NOT EXISTS sealed (hour BIGINT)",
        $"CREATE TABLE IF NOT EXISTS rollup_minute (project VARCHAR, hour BIGINT, start_ticks BIGINT, {s_sums})",
        $"CREATE TABLE IF NOT EXISTS rollup_hour (project VARCHAR, hour BIGINT, start_ticks BIGINT, dim VARCHAR, value VARCHAR, {s_sums})",
        "CREATE TABLE IF NOT EXISTS histogram_minute (project VARCHAR, hour BIGINT, start_ticks BIGINT, kind UTINYINT, bucket SMALLINT, n BIGINT)",
        // The whole project (dim = '') apart from its slices: it is asked for most and has a fiftieth of the rows.
        "CREATE TABLE IF NOT EXISTS histogram_total (project VARCHAR, hour BIGINT, start_ticks BIGINT, dim VARCHAR, value VARCHAR, kind UTINYINT, bucket SMALLINT, n BIGINT)",
        "CREATE TABLE IF NOT EXISTS histogram_hour (project VARCHAR, hour BIGINT, start_ticks BIGINT, dim VARCHAR, value VARCHAR, kind UTINYINT, bucket SMALLINT, n BIGINT)",
        // See UserDays.
        "CREATE TABLE IF NOT EXISTS rollup_user_day (project VARCHAR, day BIGINT, user_id VARCHAR, hours INTEGER)",
        // Values that steps of chains have in an hour: they are in lists and in no sum.
        "CREATE TABLE IF NOT EXISTS rollup_step (project VARCHAR, hour BIGINT, dim VARCHAR, value VARCHAR)",
        """
        CREATE TABLE IF NOT EXISTS annotation (id UUID, project VARCHAR, ticks BIGINT, observation_id UUID, name VARCHAR, source VARCHAR,
            number DOUBLE, category VARCHAR, text VARCHAR, author VARCHAR, trace_id VARCHAR, session_id VARCHAR,
            request_id VARCHAR)
        """,
        "CREATE TABLE IF NOT EXISTS position (sequence BIGINT, complete BIGINT)",
    ];

    private static string PayloadAs(string texts) => $"""
        CREATE TABLE payload (id UUID, project VARCHAR, start_ticks BIGINT, input BLOB {texts}, output BLOB {texts}, flags UTINYINT, headers VARCHAR, search VARCHAR {texts}, attributes BLOB {texts})
        """;

    /// <summary>What layouts 1 to 3 lack, by table; new columns stand at the end, so that all layouts have one order.</summary>
    public static IEnumerable<string> FromLayout1(string catalog, string table) => (table switch
    {
        "observation" => (string[])["span_id VARCHAR DEFAULT ''", "prompt_name VARCHAR DEFAULT ''", "prompt_version VARCHAR DEFAULT ''", "checks BIGINT DEFAULT 0"],
        "payload" => ["attributes BLOB"],
        "annotation" => ["trace_id VARCHAR DEFAULT ''", "session_id VARCHAR DEFAULT ''", "request_id VARCHAR DEFAULT ''"],
        _ => [],
    }).Select(column => $"ALTER TABLE {catalog}.{table} ADD COLUMN IF NOT EXISTS {column}");

    /// <summary>Tables of the main file that hold rollups of an hour; those of users have a row for a day.</summary>
    public static readonly IReadOnlyList<string> RollupTables =
        ["rollup_minute", "rollup_hour", "histogram_minute", "histogram_total", "histogram_hour", "rollup_step", "sealed"];
}
