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
            var days = files.MetricsBetween(from, to).Where(day => request.Text is null || files.TryAttachPayloads(day)).ToList();
            return session.InTransaction(() =>
            {
                var items = new List<Observation>(request.Limit + 1);
                var slice = s_firstSlice;
                foreach (var day in days)
                {
                    var end = Math.Min(to, day.EndTick);
                    var first = Math.Max(from, day.FirstTick);
                    while (end > first && items.Count <= request.Limit)
                    {
                        var start = Math.Max(first, end - slice);
                        ReadSlice(session, day, start, end, request, cursor, items);
                        end = start;
                        slice = Math.Min(slice * s_growth, UnixTicks.PerDay);
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

    private static void ReadSlice(DuckDbSession session, Day day, long from, long to, ObservationPageRequest request, PageCursor? cursor, List<Observation> items)
    {
        var sql = new SqlText();
        var where = string.Create(CultureInfo.InvariantCulture, $"project = {sql.Value(request.Project.Value)} AND start_ticks >= {from} AND start_ticks < {to}");
        var conditions = $"{where} AND {FilterCompiler.Compile(sql, request.Where, field => field.Expression)}";
        if (cursor is { } behind)
        {
            var ticks = sql.Value(behind.Ticks);
            conditions += $" AND (start_ticks < {ticks} OR (start_ticks = {ticks} AND id < {sql.Value(behind.Id)}))";
        }
        if (request.Text is { } text)
        {
            conditions += $" AND id IN (SELECT id FROM {day.Payloads}.payload WHERE {where} AND contains(search, {sql.Value(text.ToLowerInvariant())}))";
        }
        sql.Append(string.Create(CultureInfo.InvariantCulture,
            $"SELECT {ObservationRow.Columns} FROM {day.Metrics}.observation WHERE {conditions} ORDER BY start_ticks DESC, id DESC LIMIT {request.Limit + 1 - items.Count}"));
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
        if (files.TryAttachPayloads(day))
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
