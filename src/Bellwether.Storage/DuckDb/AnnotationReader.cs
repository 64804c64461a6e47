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
        if (!request.Query.Where.IsDefaultOrEmpty)
        {
            return ReadPageOf(session, files, request);
        }
        var sql = new SqlText();
        var where = Where(sql, request.Query);
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
        if (!query.Where.IsDefaultOrEmpty)
        {
            return CountOf(session, files, query, step);
        }
        var sql = new SqlText();
        var bucket = step is { Ticks: var ticks } ? string.Create(CultureInfo.InvariantCulture, $"ticks // {ticks} * {ticks}") : "CAST(NULL AS BIGINT)";
        sql.Append(string.Create(CultureInfo.InvariantCulture, $"""
            SELECT {bucket} AS bucket, name, source, category, count(*), count(*) FILTER (WHERE number >= 0.5), count(*) FILTER (WHERE number < 0.5), avg(number)
            FROM store.annotation WHERE {Where(sql, query)} GROUP BY ALL ORDER BY bucket, name, source, category LIMIT {s_mostCounts + 1}
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

    private static AnnotationPage ReadPageOf(DuckDbSession session, DayFiles files, AnnotationPageRequest request)
    {
        var owners = AnnotationOwners.Find(session, files, request.Query, sql => Where(sql, request.Query));
        var all = new SqlText();
        var where = Where(all, request.Query);
        if (request.Cursor is { } text)
        {
            var behind = PageCursor.Parse(text);
            var ticks = all.Value(behind.Ticks);
            where += $" AND (ticks < {ticks} OR (ticks = {ticks} AND id < {all.Value(behind.Id)}))";
        }
        all.Append($"SELECT ticks, id, observation_id, request_id FROM store.annotation WHERE {where} ORDER BY ticks DESC, id DESC");
        var keys = new List<(long Ticks, Guid Id)>();
        session.Read(all, row =>
        {
            if (keys.Count <= request.Limit && owners.Include(row.GetGuid(2), row.GetString(3))) { keys.Add((row.GetInt64(0), row.GetGuid(1))); }
        });
        if (keys.Count == 0) { return new AnnotationPage([], null); }
        var taken = keys.Take(request.Limit).ToList();
        var items = new Dictionary<Guid, Annotation>();
        var rows = new SqlText();
        rows.Append($"SELECT {PayloadRow.AnnotationColumns} FROM store.annotation WHERE project = {rows.Value(request.Query.Project.Value)} AND id IN ({string.Join(", ", taken.Select(key => rows.Value(key.Id)))})");
        session.Read(rows, row => { var annotation = PayloadRow.ReadAnnotation(row); items[annotation.Id] = annotation; });
        return new AnnotationPage([.. taken.Select(key => items[key.Id])], keys.Count > request.Limit ? new PageCursor(taken[^1].Ticks, taken[^1].Id).ToString() : null);
    }

    private static ImmutableArray<AnnotationCount> CountOf(DuckDbSession session, DayFiles files, AnnotationQuery query, TimeSpan? step)
    {
        var owners = AnnotationOwners.Find(session, files, query, sql => Where(sql, query));
        var sql = new SqlText();
        sql.Append($"SELECT ticks, name, source, category, number, observation_id, request_id FROM store.annotation WHERE {Where(sql, query)}");
        var tallies = new Dictionary<(long? Bucket, string Name, string Source, string Category), (long Total, long Up, long Down, double Sum)>();
        session.Read(sql, row =>
        {
            if (!owners.Include(row.GetGuid(5), row.GetString(6))) { return; }
            var bucket = step is { Ticks: var width } ? UnixTicks.Floor(row.GetInt64(0), width) * width : (long?)null;
            var key = (bucket, row.GetString(1), row.GetString(2), row.GetString(3));
            var number = row.IsDBNull(4) ? (double?)null : row.GetDouble(4);
            var tally = tallies.GetValueOrDefault(key);
            tallies[key] = (tally.Total + 1, tally.Up + (number >= 0.5 ? 1 : 0), tally.Down + (number < 0.5 ? 1 : 0), tally.Sum + (number ?? 0));
        });
        return
        [
            .. tallies.OrderBy(tally => tally.Key.Bucket).ThenBy(tally => tally.Key.Name, StringComparer.Ordinal).ThenBy(tally => tally.Key.Source, StringComparer.Ordinal).ThenBy(tally => tally.Key.Category, StringComparer.Ordinal)
                .Select(tally => new AnnotationCount(
                    tally.Key.Bucket is { } start ? UnixTicks.ToTime(start) : null, tally.Key.Name, tally.Key.Source, tally.Key.Category, tally.Value.Total, tally.Value.Up, tally.Value.Down,
                    tally.Value.Up + tally.Value.Down > 0 ? tally.Value.Sum / (tally.Value.Up + tally.Value.Down) : null)),
        ];
    }

    private static string Where(SqlText sql, AnnotationQuery query)
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
            conditions.Add($"source <> {sql.Value(Annotation.Guard)} AND NOT (source IN ('validator', 'evaluator') AND author = {sql.Value(Annotation.Own)})");
        }
        if (query.Up is { } up)
        {
            conditions.Add(up ? "number >= 0.5" : "number < 0.5");
        }
        if (query.Text is { Length: > 0 } text)
        {
            conditions.Add($"contains(lower(text), lower({sql.Value(text)}))");
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
}
