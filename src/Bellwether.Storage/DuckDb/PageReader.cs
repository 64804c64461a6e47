using System.Globalization;
using Bellwether.Primitives;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Lists and single observations. Lists go back in time from the newest in growing slices of a day's file, so that the
/// first page of anything frequent reads minutes, not days.
/// </summary>
internal sealed class PageReader(DayFiles files)
{
    // Quarter of an hour, 1 h, 4 h, 16 h, 3 days, 11 days, 43 days …
    private static readonly long s_firstSlice = 15 * UnixTicks.PerMinute;
    private static readonly int s_growth = 4;
    private static readonly int s_largestPage = 1_000;

    public ObservationPage ReadPage(DuckDbSession session, ObservationPageRequest request)
    {
        if (request.Limit is < 1 || request.Limit > s_largestPage)
        {
            throw new TelemetryQueryException("limit", $"The limit must be 1 to {s_largestPage}.");
        }
        if (request.Window.To <= request.Window.From)
        {
            throw new TelemetryQueryException("to", "The window must end after it starts.");
        }
        FilterCompiler.Check(request.Where);
        PageCursor? cursor = request.Cursor is { } text ? PageCursor.Parse(text) : null;
        var from = UnixTicks.Of(request.Window.From);
        var to = Math.Min(UnixTicks.Of(request.Window.To), cursor is { } behind ? behind.Ticks + 1 : long.MaxValue);
        return files.Reading(() =>
        {
            var days = files.MetricsBetween(from, to).Where(day => request.Text is null || files.Payloads.Contains(day)).ToList();
            return session.InTransaction(() =>
            {
                var items = new List<Observation>(request.Limit + 1);
                var (end, slice) = (to, s_firstSlice);
                // Where there are no files there is nothing to look for: the next slice ends with the next day that has one.
                while (items.Count <= request.Limit && days.FindIndex(day => day.FirstTick < end) is >= 0 and var at)
                {
                    end = Math.Min(end, days[at].EndTick);
                    var start = Math.Max(from, end - slice);
                    ReadSlice(session, days.FindAll(day => day.FirstTick < end && day.EndTick > start), start, end, request, cursor, items);
                    (end, slice) = (start, slice * s_growth);
                    if (start == from)
                    {
                        break;
                    }
                }
                if (items.Count <= request.Limit)
                {
                    return new ObservationPage([.. items], null);
                }
                items.RemoveAt(request.Limit);
                var last = items[^1];
                return new ObservationPage([.. items], new PageCursor(UnixTicks.Of(last.StartTime), last.Id).ToString());
            });
        });
    }

    public ObservationDetail? Read(DuckDbSession session, ProjectId project, Guid id) => files.Reading(() =>
    {
        foreach (var day in Likeliest(id))
        {
            Observation? found = null;
            session.Read(ById($"SELECT {ObservationRow.Columns} FROM {day.Metrics}.observation", project, id), row => found = ObservationRow.Read(row));
            if (found is not null)
            {
                return new ObservationDetail(found, ReadPayload(session, day, project, id), [.. ReadAnnotations(session, project, id)]);
            }
        }
        return null;
    });

    // First the keys, which are two narrow columns however many days there are, then the rows they name.
    private static void ReadSlice(DuckDbSession session, List<Day> days, long from, long to, ObservationPageRequest request, PageCursor? cursor, List<Observation> items)
    {
        var sql = new SqlText();
        var project = sql.Value(request.Project.Value);
        var conditions = FilterCompiler.Compile(sql, request.Where, field => field.Expression);
        if (cursor is { } behind)
        {
            var ticks = sql.Value(behind.Ticks);
            conditions += $" AND (start_ticks < {ticks} OR (start_ticks = {ticks} AND id < {sql.Value(behind.Id)}))";
        }
        var text = request.Text is { } needle ? sql.Value(needle.ToLowerInvariant()) : null;
        var branches = days.Select(day =>
        {
            var where = string.Create(CultureInfo.InvariantCulture,
                $"project = {project} AND start_ticks >= {Math.Max(from, day.FirstTick)} AND start_ticks < {Math.Min(to, day.EndTick)}");
            var search = text is null ? "" : $" AND id IN (SELECT id FROM {day.Payloads}.payload WHERE {where} AND contains(search, {text}))";
            return $"SELECT start_ticks, id FROM {day.Metrics}.observation WHERE {where} AND {conditions}{search}";
        });
        sql.Append(string.Create(CultureInfo.InvariantCulture,
            $"SELECT start_ticks, id FROM ({string.Join(" UNION ALL ", branches)}) ORDER BY start_ticks DESC, id DESC LIMIT {request.Limit + 1 - items.Count}"));
        var keys = new List<(long Ticks, Guid Id)>();
        session.Read(sql, row => keys.Add((row.GetInt64(0), row.GetGuid(1))));
        foreach (var sameDay in keys.GroupBy(key => Day.Of(key.Ticks)))
        {
            ReadRows(session, sameDay.Key, [.. sameDay], items);
        }
    }

    private static void ReadRows(DuckDbSession session, Day day, List<(long Ticks, Guid Id)> keys, List<Observation> items)
    {
        var sql = new SqlText();
        sql.Append(string.Create(CultureInfo.InvariantCulture, $"""
            SELECT {ObservationRow.Columns} FROM {day.Metrics}.observation
            WHERE start_ticks >= {keys[^1].Ticks} AND start_ticks <= {keys[0].Ticks} AND id IN ({string.Join(", ", keys.Select(key => sql.Value(key.Id)))})
            ORDER BY start_ticks DESC, id DESC
            """));
        session.Read(sql, row => items.Add(ObservationRow.Read(row)));
    }

    // A version-7 id says when it was made; a receiver may have been given one that says something else.
    private IEnumerable<Day> Likeliest(Guid id)
    {
        var days = files.Metrics.Reverse();
        return Day.Of(id) is { } likely ? days.OrderBy(day => Math.Abs((long)day.Number - likely.Number)) : days;
    }

    private ObservationPayload ReadPayload(DuckDbSession session, Day day, ProjectId project, Guid id)
    {
        var payload = ObservationPayload.Empty;
        if (files.Payloads.Contains(day))
        {
            session.Read(ById($"SELECT {PayloadRow.Columns} FROM {day.Payloads}.payload", project, id), row => payload = PayloadRow.Read(row));
        }
        return payload;
    }

    private static List<Annotation> ReadAnnotations(DuckDbSession session, ProjectId project, Guid observationId)
    {
        var annotations = new List<Annotation>();
        var sql = new SqlText();
        sql.Append($"""
            SELECT {PayloadRow.AnnotationColumns} FROM store.annotation
            WHERE observation_id = {sql.Value(observationId)} AND project = {sql.Value(project.Value)} ORDER BY ticks, id
            """);
        session.Read(sql, row => annotations.Add(PayloadRow.ReadAnnotation(row)));
        return annotations;
    }

    private static SqlText ById(string select, ProjectId project, Guid id)
    {
        var sql = new SqlText();
        return sql.Append($"{select} WHERE id = {sql.Value(id)} AND project = {sql.Value(project.Value)}");
    }
}
