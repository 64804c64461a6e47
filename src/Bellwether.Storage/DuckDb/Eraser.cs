using System.Globalization;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;

namespace Bellwether.Storage.DuckDb;

/// <summary>Takes observations out for good. Metrics go last: until they are gone, the same request finds the same rows again after a crash.</summary>
internal sealed class Eraser(DayFiles files, Rollups rollups, PayloadPacker packer)
{
    public long Erase(DuckDbSession session, EraseRequest request)
    {
        if (request.Where.IsDefaultOrEmpty)
        {
            throw new TelemetryQueryException("where", "Erasing needs at least one filter.");
        }
        FilterCompiler.Check(request.Where);
        var erased = 0L;
        foreach (var day in files.MetricsBetween(UnixTicks.Of(request.Window.From), UnixTicks.Of(request.Window.To)))
        {
            erased += Erase(session, request, day);
        }
        return erased;
    }

    private long Erase(DuckDbSession session, EraseRequest request, Day day)
    {
        var ids = new List<Guid>();
        var ticks = new List<long>();
        // What was said of the request or the span before the observation was stored goes with it.
        var named = new HashSet<Guid>();
        var sql = new SqlText();
        sql.Append(string.Create(CultureInfo.InvariantCulture, $"""
            SELECT id, start_ticks, request_id, span_id FROM {day.Metrics}.observation
            WHERE project = {sql.Value(request.Project.Value)} AND start_ticks >= {UnixTicks.Of(request.Window.From)} AND start_ticks < {UnixTicks.Of(request.Window.To)}
            AND {FilterCompiler.Compile(sql, request.Where, field => field.Expression)} ORDER BY start_ticks
            """));
        session.Read(sql, row =>
        {
            ids.Add(row.GetGuid(0));
            ticks.Add(row.GetInt64(1));
            if (row.GetString(2) is { Length: > 0 } requestId)
            {
                named.Add(ObservationIds.OfRequest(request.Project, requestId));
            }
            if (row.GetString(3) is { Length: > 0 } spanId)
            {
                named.Add(ObservationIds.OfSpan(request.Project, spanId));
            }
        });
        if (ids.Count == 0)
        {
            return 0;
        }
        Lookup.Fill(session, ids.Concat(named).Select(id => new RowKey(request.Project, id)));
        rollups.Unseal(session, ticks);
        Lookup.Delete(session, "store.annotation", "observation_id");
        if (files.Payloads.Contains(day))
        {
            Lookup.Delete(session, $"{day.Payloads}.payload");
            // Otherwise the texts stay readable in the write-ahead log, or in blocks of the file that are free now.
            if (!packer.Pack(session, day))
            {
                session.Execute($"CHECKPOINT {day.Payloads}");
            }
        }
        Lookup.Delete(session, $"{day.Metrics}.observation");
        return ids.Count;
    }
}
