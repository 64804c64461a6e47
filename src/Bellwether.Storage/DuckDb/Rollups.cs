using System.Globalization;
using Bellwether.Storage.Sql;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Rollups are made from the rows once an hour is over ("sealed"), never beside them: appending costs nothing more, they
/// cannot drift from the rows, and a late, replaced or erased row just unseals its hour until it is built again. Used by
/// the writer's thread only.
/// </summary>
internal sealed class Rollups(DayFiles files, TimeProvider clock)
{
    private readonly HashSet<long> _sealed = [];
    private readonly Dictionary<long, DateTimeOffset> _touched = [];

    public void Open(DuckDbSession session) =>
        session.Read(new SqlText().Append("SELECT hour FROM store.sealed"), row => _sealed.Add(row.GetInt64(0)));

    /// <summary>Takes the hours of these times out of the rollups, because their rows are about to change.</summary>
    public void Unseal(DuckDbSession session, IEnumerable<long> ticks)
    {
        var now = clock.GetUtcNow();
        var stale = new List<long>();
        var previous = long.MinValue;
        foreach (var tick in ticks)
        {
            var hour = UnixTicks.Floor(tick, UnixTicks.PerHour);
            if (hour == previous)
            {
                continue;
            }
            previous = hour;
            _touched[hour] = now;
            if (_sealed.Remove(hour))
            {
                stale.Add(hour);
            }
        }
        if (stale.Count > 0)
        {
            session.InTransaction(() => Clear(session, $"IN ({string.Join(',', stale)})"));
        }
    }

    /// <summary>Builds the rollups of the oldest hour that is over, has data files and was left alone for a while. False when there is none.</summary>
    public bool SealNext(DuckDbSession session, TimeSpan leftAloneFor)
    {
        var now = clock.GetUtcNow();
        var currentHour = UnixTicks.Floor(UnixTicks.Of(now), UnixTicks.PerHour);
        foreach (var day in files.Metrics)
        {
            for (var hour = day.FirstTick / UnixTicks.PerHour; hour < day.EndTick / UnixTicks.PerHour && hour < currentHour; hour++)
            {
                if (!_sealed.Contains(hour) && (!_touched.TryGetValue(hour, out var touched) || now - touched >= leftAloneFor))
                {
                    Seal(session, day, hour);
                    return true;
                }
            }
        }
        return false;
    }

    public void DropBefore(DuckDbSession session, long ticks)
    {
        var hour = UnixTicks.Floor(ticks, UnixTicks.PerHour);
        session.InTransaction(() => Clear(session, string.Create(CultureInfo.InvariantCulture, $"< {hour}")));
        _sealed.RemoveWhere(old => old < hour);
    }

    private static void Clear(DuckDbSession session, string hours)
    {
        foreach (var table in Schema.RollupTables)
        {
            session.Execute($"DELETE FROM store.{table} WHERE hour {hours}");
        }
    }

    private void Seal(DuckDbSession session, Day day, long hour)
    {
        var (from, to) = (hour * UnixTicks.PerHour, (hour + 1) * UnixTicks.PerHour);
        var sums = string.Join(", ", Partials.All.Select(partial => partial.Raw));
        var source = string.Create(CultureInfo.InvariantCulture, $"FROM {day.Metrics}.observation WHERE start_ticks >= {from} AND start_ticks < {to}");
        var minute = string.Create(CultureInfo.InvariantCulture, $"start_ticks // {UnixTicks.PerMinute} * {UnixTicks.PerMinute}");
        session.InTransaction(() =>
        {
            // One pass over the day's file; the rest reads this hour's rows from memory.
            session.Execute($"INSERT INTO store.rollup_minute SELECT project, {hour}, {minute}, {sums} {source} GROUP BY ALL ORDER BY ALL");
            session.Execute($"INSERT INTO store.rollup_user SELECT DISTINCT project, {hour}, {from}, user_id {source} AND user_id <> ''");
            foreach (var histogram in Histogram.All)
            {
                session.Execute($"""
                    INSERT INTO store.histogram_minute SELECT project, {hour}, {minute}, {histogram.Id}, {histogram.Column}, count(*)
                    {source} AND {histogram.Column} IS NOT NULL GROUP BY ALL ORDER BY ALL
                    """);
            }
            foreach (var (name, value) in FieldCatalog.Slices.Select(field => (field.Name, field.Expression)).Prepend(("", "''")))
            {
                session.Execute($"INSERT INTO store.rollup_hour SELECT project, {hour}, {from}, '{name}', {value} AS slice, {sums} {source} GROUP BY project, slice");
                foreach (var histogram in Histogram.All)
                {
                    session.Execute($"""
                        INSERT INTO store.histogram_hour SELECT project, {hour}, {from}, '{name}', {value} AS slice, {histogram.Id}, {histogram.Column}, count(*)
                        {source} AND {histogram.Column} IS NOT NULL GROUP BY project, slice, {histogram.Column} ORDER BY ALL
                        """);
                }
            }
            session.Execute($"INSERT INTO store.sealed VALUES ({hour})");
        });
        _sealed.Add(hour);
        _touched.Remove(hour);
    }
}
