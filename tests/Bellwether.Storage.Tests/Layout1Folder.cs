using DuckDB.NET.Data;

namespace Bellwether.Storage.Tests;

/// <summary>
/// Files as the store of layout 1 wrote them: its statements, word for word, filled with the rows of a store of today. It took
/// every kind of step for a call, so its rollups have steps in them.
/// </summary>
internal static class Layout1Folder
{
    private const string Observation = """
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
            is_error BOOLEAN, latency_bucket SMALLINT, ttft_bucket SMALLINT, cost_bucket SMALLINT)
        """;

    private const string Payload = "CREATE TABLE payload (id UUID, project VARCHAR, start_ticks BIGINT, input BLOB, output BLOB, flags UTINYINT, headers VARCHAR, search VARCHAR)";

    private const string Position = "CREATE TABLE position (sequence BIGINT, complete BIGINT)";

    private const string Sums = """
        n BIGINT, errors BIGINT, latency_sum DOUBLE, latency_n BIGINT, input_tokens DOUBLE, output_tokens DOUBLE, total_tokens DOUBLE,
        cache_read_tokens DOUBLE, reasoning_tokens DOUBLE, tps_sum DOUBLE, tps_n BIGINT, cost_in DECIMAL(38,12), cost_out DECIMAL(38,12),
        priced BIGINT, unpriced BIGINT, last_seen BIGINT
        """;

    private static readonly string[] s_main =
    [
        "CREATE TABLE IF NOT EXISTS meta (key VARCHAR, value BIGINT)",
        "CREATE TABLE IF NOT EXISTS sealed (hour BIGINT)",
        $"CREATE TABLE IF NOT EXISTS rollup_minute (project VARCHAR, hour BIGINT, start_ticks BIGINT, {Sums})",
        $"CREATE TABLE IF NOT EXISTS rollup_hour (project VARCHAR, hour BIGINT, start_ticks BIGINT, dim VARCHAR, value VARCHAR, {Sums})",
        "CREATE TABLE IF NOT EXISTS histogram_minute (project VARCHAR, hour BIGINT, start_ticks BIGINT, kind UTINYINT, bucket SMALLINT, n BIGINT)",
        "CREATE TABLE IF NOT EXISTS histogram_total (project VARCHAR, hour BIGINT, start_ticks BIGINT, dim VARCHAR, value VARCHAR, kind UTINYINT, bucket SMALLINT, n BIGINT)",
        "CREATE TABLE IF NOT EXISTS histogram_hour (project VARCHAR, hour BIGINT, start_ticks BIGINT, dim VARCHAR, value VARCHAR, kind UTINYINT, bucket SMALLINT, n BIGINT)",
        "CREATE TABLE IF NOT EXISTS rollup_user (project VARCHAR, hour BIGINT, start_ticks BIGINT, user_id VARCHAR)",
        """
        CREATE TABLE IF NOT EXISTS annotation (id UUID, project VARCHAR, ticks BIGINT, observation_id UUID, name VARCHAR, source VARCHAR,
            number DOUBLE, category VARCHAR, text VARCHAR, author VARCHAR)
        """,
        "CREATE TABLE IF NOT EXISTS position (sequence BIGINT, complete BIGINT)",
    ];

    private static readonly string[] s_mainTables =
        ["sealed", "rollup_minute", "rollup_hour", "histogram_minute", "histogram_total", "histogram_hour", "annotation", "position"];

    /// <summary>Writes the folder from the files of a closed store.</summary>
    /// <param name="isStep">A condition of SQL: rows that are to be steps of a chain.</param>
    public static void Write(string from, string to, string isStep)
    {
        foreach (var path in Directory.GetFiles(from, "*.duckdb"))
        {
            using var connection = new DuckDBConnection($"Data Source={Path.Combine(to, Path.GetFileName(path))}");
            connection.Open();
            Execute(connection, $"ATTACH '{path}' AS today (READ_ONLY)");
            switch (Path.GetFileName(path)[0])
            {
                case 'm':
                    Execute(connection, Observation);
                    Execute(connection, Position);
                    Copy(connection, "observation", "position");
                    Execute(connection, $"UPDATE observation SET kind = 'chain' WHERE {isStep}");
                    break;
                case 'p':
                    Execute(connection, Payload);
                    Execute(connection, Position);
                    Copy(connection, "payload", "position");
                    break;
                default:
                    Array.ForEach(s_main, statement => Execute(connection, statement));
                    Execute(connection, "INSERT INTO meta VALUES ('schema', 1)");
                    Copy(connection, s_mainTables);
                    Execute(connection, """
                        INSERT INTO rollup_user SELECT project, day * 24 + h, (day * 24 + h) * 36000000000, user_id
                        FROM (SELECT *, unnest(range(24)) AS h FROM today.rollup_user_day) WHERE (hours >> CAST(h AS INTEGER)) & 1 = 1
                        """);
                    break;
            }
            Execute(connection, "DETACH today");
        }
    }

    /// <summary>Says layout 1 again of a folder that was upgraded, as if the upgrade had been killed before its last statement.</summary>
    public static void Rewind(string folder)
    {
        using var connection = new DuckDBConnection($"Data Source={Path.Combine(folder, "store.duckdb")}");
        connection.Open();
        Execute(connection, "UPDATE meta SET value = 1 WHERE key = 'schema'");
    }

    private static void Copy(DuckDBConnection connection, params string[] tables)
    {
        foreach (var table in tables)
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT string_agg(column_name, ', ' ORDER BY column_index) FROM duckdb_columns() WHERE database_name <> 'today' AND table_name = '{table}'";
            var columns = (string)command.ExecuteScalar()!;
            Execute(connection, $"INSERT INTO {table} ({columns}) SELECT {columns} FROM today.{table}");
        }
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
