using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;

namespace Bellwether.Storage.DuckDb;

/// <summary>Annotations: pages, counts, and what is said of one observation.</summary>
internal static class AnnotationReader
{
    private static readonly int s_largestPage = 1_000;
    private static readonly int s_mostValues = 10_000;
    private static readonly int s_mostBuckets = 20_000;
    // Categories are the senders' choice.
    private static readonly int s_mostCounts = 100_000;

    public static AnnotationPage ReadPage(DuckDbSession session, DayFiles files, AnnotationPageRequest request) => files.Reading(() =>
    {
        if (request.Limit < 1 || request.Limit > s_largestPage)
        {
            throw new TelemetryQueryException("limit", $"The limit must be 1 to {s_largestPage}.");
        }
        var sql = new SqlText();
        var where = Where(sql, files, request.Query);
        if (request.Cursor is { } text)
        {
            var behind = PageCursor.Parse(text);
            var ticks = sql.Value(behind.Ticks);
            where += $" AND (ticks < {ticks} OR (ticks = {ticks} AND id < {sql.Value(behind.Id)}))";
        }
        sql.Append(string.Create(CultureInfo.InvariantCulture,
            $"SELECT {PayloadRow.AnnotationColumns} FROM store.annotation WHERE {where} ORDER BY ticks DESC, id DESC LIMIT {request.Limit + 1}"));
        var items = new List<Annotation>();
        session.Read(sql, row => items.Add(PayloadRow.ReadAnnotation(row)));
        if (items.Count <= request.Limit)
        {
            return new AnnotationPage([.. items], null);
        }
        items.RemoveAt(request.Limit);
        return new AnnotationPage([.. items], new PageCursor(UnixTicks.Of(items[^1].Time), items[^1].Id).ToString());
    });

    public static ImmutableArray<AnnotationCount> Count(DuckDbSession session, DayFiles files, AnnotationQuery query, TimeSpan? step) => files.Reading(() =>
    {
        if (step < TimeSpan.FromSeconds(1))
        {
            throw new TelemetryQueryException("step", "The step must be at least a second.");
        }
        if (step is { } length && query.Window.Length / length > s_mostBuckets)
        {
            throw new TelemetryQueryException("step", $"The step would make more than {s_mostBuckets} buckets; use a longer one.");
        }
        var sql = new SqlText();
        var bucket = step is { Ticks: var ticks } ? string.Create(CultureInfo.InvariantCulture, $"ticks // {ticks} * {ticks}") : "CAST(NULL AS BIGINT)";
        sql.Append(string.Create(CultureInfo.InvariantCulture, $"""
            SELECT {bucket} AS bucket, name, source, category, count(*), count(*) FILTER (WHERE number >= 0.5), count(*) FILTER (WHERE number < 0.5), avg(number)
            FROM store.annotation WHERE {Where(sql, files, query)} GROUP BY ALL ORDER BY bucket, name, source, category LIMIT {s_mostCounts + 1}
            """));
        var counts = ImmutableArray.CreateBuilder<AnnotationCount>();
        session.Read(sql, row => counts.Add(new AnnotationCount(
            row.IsDBNull(0) ? null : UnixTicks.ToTime(row.GetInt64(0)), row.GetString(1), row.GetString(2), row.GetString(3),
            row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.IsDBNull(7) ? null : row.GetDouble(7))));
        return counts.Count <= s_mostCounts ? counts.DrainToImmutable()
            : throw new TelemetryQueryException("step", $"This would make more than {s_mostCounts} rows; add a filter, shorten the window or use a longer step.");
    });

    /// <summary>What is said of an observation or, before it was stored, of its request; oldest first.</summary>
    public static List<Annotation> Of(DuckDbSession session, Observation observation)
    {
        var annotations = new List<Annotation>();
        var sql = new SqlText();
        sql.Append($"""
            SELECT {PayloadRow.AnnotationColumns} FROM store.annotation
            WHERE observation_id IN ({string.Join(", ", ObservationIds.Targets(observation).Select(id => sql.Value(id)))}) AND project = {sql.Value(observation.Project.Value)} ORDER BY ticks, id
            """);
        session.Read(sql, row => annotations.Add(PayloadRow.ReadAnnotation(row)));
        return annotations;
    }

    private static string Where(SqlText sql, DayFiles files, AnnotationQuery query)
    {
        if (query.Window.To <= query.Window.From)
        {
            throw new TelemetryQueryException("to", "The window must end after it starts.");
        }
        List<string> conditions =
        [
            $"project = {sql.Value(query.Project.Value)}",
            string.Create(CultureInfo.InvariantCulture, $"ticks >= {UnixTicks.Of(query.Window.From)} AND ticks < {UnixTicks.Of(query.Window.To)}"),
        ];
        Add("id", "id", query.Ids);
        Add("name", "name", query.Names);
        Add("source", "source", query.Sources);
        Add("category", "category", query.Categories);
        Add("author", "author", query.Authors);
        Add("observation_id", "observation_id", query.Observations);
        Add("trace_id", "trace_id", query.Traces);
        Add("session", "session_id", query.Sessions);
        if (query.OthersOnly)
        {
            conditions.Add($"NOT (source IN ('validator', 'evaluator') AND author = {sql.Value(Annotation.Own)})");
        }
        if (query.Up is { } up)
        {
            conditions.Add(up ? "number >= 0.5" : "number < 0.5");
        }
        if (query.Text is { Length: > 0 } text)
        {
            conditions.Add($"contains(lower(text), lower({sql.Value(text)}))");
        }
        if (!query.Where.IsDefaultOrEmpty)
        {
            conditions.Add(OfObservations(sql, files, query));
        }
        return string.Join(" AND ", conditions);

        void Add<T>(string field, string column, ImmutableArray<T> values) where T : notnull
        {
            if (values.Length > s_mostValues)
            {
                throw new TelemetryQueryException(field, $"\"{field}\" takes at most {s_mostValues} values.");
            }
            if (values.Length > 0)
            {
                conditions.Add($"{column} IN ({string.Join(", ", values.Select(value => sql.Value(value)))})");
            }
        }
    }

    // By its id, or by the request that it names.
    private static string OfObservations(SqlText sql, DayFiles files, AnnotationQuery query)
    {
        FilterCompiler.Check(query.Where);
        var earliest = query.Window.From - DateTimeOffset.MinValue > AnnotationQuery.LookBack ? query.Window.From - AnnotationQuery.LookBack : query.Window.From;
        var (from, to) = (UnixTicks.Of(earliest), UnixTicks.Of(query.Window.To));
        var project = sql.Value(query.Project.Value);
        var filters = FilterCompiler.Compile(sql, query.Where, field => field.Expression);
        string From(string column, string condition) => string.Join(" UNION ALL ", files.MetricsBetween(from, to).Select(day => string.Create(CultureInfo.InvariantCulture,
            $"SELECT {column} FROM {day.Metrics}.observation WHERE project = {project} AND start_ticks >= {from} AND start_ticks < {to} AND {filters}{condition}")));
        var ids = From("id", "");
        return ids.Length == 0 ? "FALSE" : $"(observation_id IN ({ids}) OR (request_id <> '' AND request_id IN ({From("request_id", " AND request_id <> ''")})))";
    }
}
