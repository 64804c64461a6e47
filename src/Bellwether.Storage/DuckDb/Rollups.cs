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
    private static readonly string s_start = string.Create(CultureInfo.InvariantCulture, $"hour * {UnixTicks.PerHour}");
    private static readonly string s_minute = string.Create(CultureInfo.InvariantCulture, $"start_ticks // {UnixTicks.PerMinute} * {UnixTicks.PerMinute}");
    private static readonly RollupSlices s_slices = new([.. FieldCatalog.Slices.Select(field => (field.Name, field.Expression))]);
    private static readonly RollupSlices s_hints = new([.. FieldCatalog.Slices.Select(field => (field.Name, field.Expression)), (RollupHints.User, "user_id")]);

    private readonly HashSet<long> _sealed = [];
    private readonly Dictionary<long, DateTimeOffset> _touched = [];

    public void Open(DuckDbSession session) =>
        session.Read(new SqlText().Append("SELECT hour FROM store.sealed"), row => _sealed.Add(row.GetInt64(0)));

    /// <summary>For rollups that were built before layout 3, which counted the steps of chains as calls: takes the hours out that have any.</summary>
    public static void ClearHoursWithSteps(DuckDbSession session, Day day)
    {
        var hours = new List<long>();
        session.Read(
            new SqlText().Append(string.Create(CultureInfo.InvariantCulture, $"SELECT DISTINCT start_ticks // {UnixTicks.PerHour} FROM {day.Metrics}.observation WHERE NOT ({Partials.IsCall})")),
            row => hours.Add(row.GetInt64(0)));
        if (hours.Count > 0)
        {
            session.InTransaction(() => Clear(session, hours));
        }
    }

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
            if (_sealed.Contains(hour))
            {
                stale.Add(hour);
            }
        }
        if (stale.Count > 0)
        {
            session.InTransaction(() => Clear(session, stale));
            // Only now: had that failed, the hours would still be sealed on the disk, and the next try must see it.
            _sealed.ExceptWith(stale);
        }
    }

    /// <summary>Builds the rollups of the hours of the oldest day that has any that are over and were left alone for a while. False when there is none.</summary>
    public bool SealNext(DuckDbSession session, TimeSpan leftAloneFor) => files.Metrics.Any(day => Seal(session, day, leftAloneFor));

    /// <summary>As <see cref="SealNext"/>, for one day.</summary>
    public bool Seal(DuckDbSession session, Day day, TimeSpan leftAloneFor)
    {
        var now = clock.GetUtcNow();
        var currentHour = UnixTicks.Floor(UnixTicks.Of(now), UnixTicks.PerHour);
        var ready = new List<long>();
        for (var hour = day.FirstTick / UnixTicks.PerHour; hour < day.EndTick / UnixTicks.PerHour && hour < currentHour; hour++)
        {
            if (!_sealed.Contains(hour) && (!_touched.TryGetValue(hour, out var touched) || now - touched >= leftAloneFor))
            {
                ready.Add(hour);
            }
        }
        if (ready.Count == 0)
        {
            return false;
        }
        Build(session, day, ready);
        return true;
    }

    public void DropBefore(DuckDbSession session, long ticks)
    {
        var hour = UnixTicks.Floor(ticks, UnixTicks.PerHour);
        session.InTransaction(() =>
        {
            Clear(session, string.Create(CultureInfo.InvariantCulture, $"< {hour}"));
            UserDays.RemoveBefore(session, hour);
        });
        _sealed.RemoveWhere(old => old < hour);
    }

    private static void Clear(DuckDbSession session, List<long> hours)
    {
        Clear(session, $"IN ({string.Join(',', hours)})");
        UserDays.Remove(session, hours);
    }

    private static void Clear(DuckDbSession session, string hours)
    {
        foreach (var table in Schema.RollupTables)
        {
            session.Execute($"DELETE FROM store.{table} WHERE hour {hours}");
        }
    }

    private void Build(DuckDbSession session, Day day, List<long> hours)
    {
        var hour = string.Create(CultureInfo.InvariantCulture, $"start_ticks // {UnixTicks.PerHour}");
        // The bounds let whole row groups be passed over; the list leaves out hours within them that are not ready.
        var rows = string.Create(CultureInfo.InvariantCulture, $"""
            FROM {day.Metrics}.observation WHERE start_ticks >= {hours[0] * UnixTicks.PerHour} AND start_ticks < {(hours[^1] + 1) * UnixTicks.PerHour}
            AND {hour} IN ({string.Join(',', hours)})
            """);
        // A chain's tokens and cost are those of its calls once more.
        var calls = $"{rows} AND {Partials.IsCall}";
        session.InTransaction(() =>
        {
            UserDays.Add(session, day, calls);
            BuildSums(session, $"(SELECT *, {hour} AS hour {calls})");
            foreach (var histogram in Histogram.All)
            {
                BuildHistogram(session, $"(SELECT *, {hour} AS hour {calls} AND {histogram.Column} IS NOT NULL)", histogram);
            }
            // Lists have the steps too, so the hours where they can be found are noted by the same fields.
            session.Execute($"INSERT INTO store.rollup_step SELECT project, hour, {s_hints.Name}, {s_hints.Value} FROM (SELECT *, {hour} AS hour {rows} AND NOT ({Partials.IsCall})) GROUP BY GROUPING SETS ({s_hints.Sets("project, hour")})");
            session.Execute($"INSERT INTO store.sealed VALUES {string.Join(", ", hours.Select(one => $"({one})"))}");
        });
        foreach (var one in hours)
        {
            _sealed.Add(one);
            _touched.Remove(one);
        }
    }

    private static void BuildSums(DuckDbSession session, string calls)
    {
        var sums = string.Join(", ", Partials.All.Select(partial => partial.Raw));
        session.Execute($"INSERT INTO store.rollup_minute SELECT project, hour, {s_minute}, {sums} FROM {calls} GROUP BY ALL ORDER BY 2, 3");
        session.Execute($"""
            INSERT INTO store.rollup_hour SELECT project, hour, {s_start}, {s_slices.Name}, {s_slices.Value}, {sums}
            FROM {calls} GROUP BY GROUPING SETS ((project, hour), {s_slices.Sets("project, hour")}) ORDER BY 4, 2
            """);
    }

    private static void BuildHistogram(DuckDbSession session, string calls, Histogram histogram)
    {
        var counted = $"{histogram.Id}, {histogram.Column}, count(*)";
        session.Execute($"INSERT INTO store.histogram_minute SELECT project, hour, {s_minute}, {counted} FROM {calls} GROUP BY ALL ORDER BY 2, 3");
        session.Execute($"INSERT INTO store.histogram_total SELECT project, hour, {s_start}, '', '', {counted} FROM {calls} GROUP BY ALL ORDER BY 2");
        session.Execute($"""
            INSERT INTO store.histogram_hour SELECT project, hour, {s_start}, {s_slices.Name}, {s_slices.Value}, {counted}
            FROM {calls} GROUP BY GROUPING SETS ({s_slices.Sets($"project, hour, {histogram.Column}")}) ORDER BY 4, 2
            """);
    }
}
