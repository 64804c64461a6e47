using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Takes observations out for good: the files of the day are written anew, since what is deleted from one stays readable in its blocks. Metrics go
/// last: until they are gone, the same request finds the same rows again after a crash.
/// </summary>
internal sealed class Eraser(DayFiles files, Rollups rollups, PayloadPacker packer)
{
    /// <summary>The days that the request may touch.</summary>
    /// <exception cref="TelemetryQueryException">It has no filter, or one that cannot be.</exception>
    public ImmutableArray<Day> Days(EraseRequest request)
    {
        if (request.Where.IsDefaultOrEmpty)
        {
            throw new TelemetryQueryException("where", "Erasing needs at least one filter.");
        }
        FilterCompiler.Check(request.Where);
        return [.. files.MetricsBetween(UnixTicks.Of(request.Window.From), UnixTicks.Of(request.Window.To))];
    }

    /// <summary>Erases what matches in one of <see cref="Days"/>. Returns how many observations that were.</summary>
    public long Erase(DuckDbSession session, EraseRequest request, Day day)
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
            packer.Rewrite(session, day);
        }
        files.ReplaceMetrics(day, made => session.Execute($"INSERT INTO {made}.observation SELECT stored.* FROM {day.Metrics}.observation AS stored {Lookup.AntiJoin}"));
        return ids.Count;
    }
}
