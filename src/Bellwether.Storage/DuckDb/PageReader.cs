using System.Collections.Immutable;
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
    // Whoever fills a page in some hours is not rare: only behind them is it worth asking the rollups where to look.
    private static readonly long s_hintedFrom = 16 * UnixTicks.PerHour;
    private static readonly int s_firstSpans = 8;
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
                foreach (var spans in Slices(session, request, days, from, to))
                {
                    ReadSlice(session, days, spans, request, cursor, items);
                    if (items.Count > request.Limit)
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

    public TraceSteps ReadTrace(DuckDbSession session, TraceRequest request)
    {
        if (request.Limit < 1 || request.Limit > TraceRequest.MostSteps)
        {
            throw new TelemetryQueryException("limit", $"The limit must be 1 to {TraceRequest.MostSteps}.");
        }
        if (request.Window.To <= request.Window.From)
        {
            throw new TelemetryQueryException("to", "The window must end after it starts.");
        }
        if (request.TraceId.Length == 0)
        {
            throw new TelemetryQueryException("trace_id", "A trace has an id.");
        }
        var (from, to) = (UnixTicks.Of(request.Window.From), UnixTicks.Of(request.Window.To));
        return files.Reading(() => session.InTransaction(() =>
        {
            var items = new List<Observation>();
            // Days one after the other, oldest first: a trace lies in one or two of them, and later ones need not be read once it is full.
            foreach (var day in files.MetricsBetween(from, to).Reverse().TakeWhile(_ => items.Count <= request.Limit))
            {
                var sql = new SqlText();
                sql.Append(string.Create(CultureInfo.InvariantCulture, $"""
                    SELECT {ObservationRow.Columns} FROM {day.Metrics}.observation
                    WHERE project = {sql.Value(request.Project.Value)} AND start_ticks >= {from} AND start_ticks < {to} AND trace_id = {sql.Value(request.TraceId)}
                    ORDER BY start_ticks, id LIMIT {request.Limit + 1 - items.Count}
                    """));
                session.Read(sql, row => items.Add(ObservationRow.Read(row)));
            }
            return new TraceSteps([.. items.Take(request.Limit)], items.Count > request.Limit);
        }));
    }

    public ObservationDetail? Read(DuckDbSession session, ProjectId project, Guid id) => files.Reading(() => Search(session, project, id) is var (found, day)
        ? new ObservationDetail(found, ReadPayload(session, day, project, id), [.. AnnotationReader.Of(session, found)])
        : null);

    public Observation? Find(DuckDbSession session, ProjectId project, Guid id) => files.Reading(() => Search(session, project, id)?.Found);

    public ImmutableArray<ObservationPayload> ReadPayloads(DuckDbSession session, ProjectId project, ImmutableArray<Observation> observations) => files.Reading(() =>
    {
        var found = new Dictionary<Guid, ObservationPayload>(observations.Length);
        foreach (var sameDay in observations.Select(observation => UnixTicks.Of(observation.StartTime)).Distinct().GroupBy(ticks => Day.Of(ticks)))
        {
            if (!files.Payloads.Contains(sameDay.Key))
            {
                continue;
            }
            // As for the rows of a page (ReadRows): by the instants, which go down into the scan.
            var sql = new SqlText();
            sql.Append(string.Create(CultureInfo.InvariantCulture, $"""
                SELECT {PayloadRow.Columns}, id, project FROM {sameDay.Key.Payloads}.payload
                WHERE start_ticks >= {sameDay.Min()} AND start_ticks <= {sameDay.Max()} AND list_contains([{string.Join(", ", sameDay)}]::BIGINT[], start_ticks)
                """));
            session.Read(sql, row =>
            {
                if (row.GetString(7) == project.Value)
                {
                    found[row.GetGuid(6)] = PayloadRow.Read(row);
                }
            });
        }
        return observations.Select(observation => found.GetValueOrDefault(observation.Id, ObservationPayload.Empty)).ToImmutableArray();
    });

    // Where to look next, as long as the page is not full.
    private static IEnumerable<List<(long From, long To)>> Slices(DuckDbSession session, ObservationPageRequest request, List<Day> days, long from, long to)
    {
        var end = to;
        // Where there are no files there is nothing to look for: the next slice ends with the next day that has one.
        for (var slice = s_firstSlice; end > from && days.FindIndex(day => day.FirstTick < end) is >= 0 and var at; slice *= s_growth)
        {
            end = Math.Min(end, days[at].EndTick);
            if (slice == s_hintedFrom && RollupHints.Spans(session, request, from, end) is { } hinted)
            {
                for (var (first, count) = (0, s_firstSpans); first < hinted.Count; first += count, count *= s_growth)
                {
                    yield return hinted.GetRange(first, Math.Min(count, hinted.Count - first));
                }
                yield break;
            }
            var start = Math.Max(from, end - slice);
            yield return [(start, end)];
            end = start;
        }
    }

    // First the keys, which are two narrow columns however many days there are, then the rows they name.
    private static void ReadSlice(
        DuckDbSession session, List<Day> days, List<(long From, long To)> spans, ObservationPageRequest request, PageCursor? cursor, List<Observation> items)
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
        var branches = new List<string>();
        foreach (var (day, from, to) in from span in spans from day in days where day.FirstTick < span.To && day.EndTick > span.From
                                        select (day, Math.Max(span.From, day.FirstTick), Math.Min(span.To, day.EndTick)))
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"project = {project} AND start_ticks >= {from} AND start_ticks < {to}");
            var search = text is null ? "" : $" AND id IN (SELECT id FROM {day.Payloads}.payload WHERE {where} AND contains(search, {text}))";
            branches.Add($"SELECT start_ticks, id FROM {day.Metrics}.observation WHERE {where} AND {conditions}{search}");
        }
        if (branches.Count == 0)
        {
            return;
        }
        sql.Append(string.Create(CultureInfo.InvariantCulture,
            $"SELECT start_ticks, id FROM ({string.Join(" UNION ALL ", branches)}) ORDER BY start_ticks DESC, id DESC LIMIT {request.Limit + 1 - items.Count}"));
        var keys = new List<(long Ticks, Guid Id)>();
        session.Read(sql, row => keys.Add((row.GetInt64(0), row.GetGuid(1))));
        if (keys.Count > 0)
        {
            ReadRows(session, request.Project, keys, items);
        }
    }

    // Rows are wide, so what counts is that nothing but them is decoded: list_contains on one column goes down into the scan, a list
    // of ids would be compared behind it. Parameters would be planned twice, and a sort would carry every column along. All days in one
    // statement: planning it takes two thirds of the time that one for each day does.
    private static void ReadRows(DuckDbSession session, ProjectId project, List<(long Ticks, Guid Id)> keys, List<Observation> items)
    {
        var sql = new SqlText();
        sql.Append(string.Join(" UNION ALL ", keys.Select(key => key.Ticks).Distinct().GroupBy(ticks => Day.Of(ticks)).Select(sameDay => string.Create(CultureInfo.InvariantCulture, $"""
            SELECT {ObservationRow.Columns} FROM {sameDay.Key.Metrics}.observation
            WHERE start_ticks >= {sameDay.Min()} AND start_ticks <= {sameDay.Max()} AND list_contains([{string.Join(", ", sameDay)}]::BIGINT[], start_ticks)
            """))));
        var rows = new Dictionary<Guid, Observation>(keys.Count);
        session.Read(sql, row =>
        {
            var observation = ObservationRow.Read(row);
            // Others may have started in the same instant, in this project or in another.
            if (observation.Project == project)
            {
                rows[observation.Id] = observation;
            }
        });
        items.AddRange(keys.Select(key => rows[key.Id]));
    }

    private (Observation Found, Day Day)? Search(DuckDbSession session, ProjectId project, Guid id)
    {
        foreach (var day in Likeliest(id))
        {
            Observation? found = null;
            session.Read(ById($"SELECT {ObservationRow.Columns} FROM {day.Metrics}.observation", project, id), row => found = ObservationRow.Read(row));
            if (found is not null)
            {
                return (found, day);
            }
        }
        return null;
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

    private static SqlText ById(string select, ProjectId project, Guid id)
    {
        var sql = new SqlText();
        return sql.Append($"{select} WHERE id = {sql.Value(id)} AND project = {sql.Value(project.Value)}");
    }
}
