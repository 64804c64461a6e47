using System.Globalization;
using Bellwether.Storage.Sql;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Distinct users of a whole project from <see cref="UserDays"/> and the rows of what is not sealed. Distinct values cannot be added
/// up, so where both say something they become one set in SQL; where only sealed hours do, their bits are counted.
/// </summary>
/// <param name="hours">The whole hours of the window, counted from 1970; the end is not in it.</param>
internal sealed class UserCounts(DuckDbSession session, QueryShape shape, ResultFold fold, (long From, long To) hours)
{
    private static readonly string s_column = "user_id";

    /// <param name="rows">Where only rows know.</param>
    /// <param name="branches">A SELECT of these rows' times and users, or null when there are none.</param>
    public void Read(List<(long From, long To)> rows, Func<SqlText, string?> branches)
    {
        var sql = new SqlText();
        if (shape.Step is not { } step)
        {
            var all = $"SELECT user_id FROM ({Windowed(sql)})";
            sql.Append($"SELECT count(DISTINCT user_id) AS c0 FROM ({all}{Union(branches(sql), "user_id")})");
            Set(sql);
            return;
        }
        if (UnixTicks.PerDay % step == 0)
        {
            CountBits(step);
            if (rows.Count > 0 && branches(sql) is { } edges)
            {
                CountSet(sql, step, Open(rows, step), edges);
            }
            return;
        }
        var starts = step % UnixTicks.PerDay == 0
            ? string.Create(CultureInfo.InvariantCulture, $"SELECT day * {UnixTicks.PerDay} AS start_ticks, user_id FROM ({Windowed(sql)})")
            : HourStarts(sql, [(hours.From, hours.To)]);
        Pairs(sql, step, starts, branches(sql));
    }

    // A step that divides the day lies in one row of each of its users: counting rows is counting users.
    private void CountBits(long step)
    {
        var (steps, perStep) = (UnixTicks.PerDay / step, step / UnixTicks.PerHour);
        var bits = (1 << (int)perStep) - 1;
        var counts = Enumerable.Range(0, (int)steps).Select(at => string.Create(CultureInfo.InvariantCulture, $"count(*) FILTER (WHERE (hours & {bits << (int)(at * perStep)}) <> 0)"));
        var sql = new SqlText();
        sql.Append($"SELECT day, {string.Join(", ", counts)} FROM ({Windowed(sql)}) GROUP BY day");
        session.Read(sql, row =>
        {
            var start = new Day((int)row.GetInt64(0)).FirstTick;
            for (var at = 0; at < steps; at++)
            {
                if (row.GetInt64(at + 1) is > 0 and var users)
                {
                    fold.CellAt(start + (at * step)).SetDistinct(s_column, users);
                }
            }
        });
    }

    // Where a step has both bits and rows; what the bits said of it is replaced.
    private void CountSet(SqlText sql, long step, List<(long From, long To)> open, string edges) =>
        Pairs(sql, step, HourStarts(sql, [.. open.Select(span => (Math.Max(hours.From, span.From / UnixTicks.PerHour), Math.Min(hours.To, span.To / UnixTicks.PerHour)))]), edges);

    // In two steps: one hash table of pairs is a third of the work of one set for each step.
    private void Pairs(SqlText sql, long step, string starts, string? edges)
    {
        sql.Append(string.Create(CultureInfo.InvariantCulture,
            $"SELECT c0, count(*) AS c1 FROM (SELECT DISTINCT start_ticks // {step} * {step} AS c0, user_id FROM ({starts}{Union(edges, "start_ticks, user_id")})) GROUP BY c0"));
        Set(sql);
    }

    private void Set(SqlText sql) => session.Read(sql, row => fold.CellOf(row, out var next).SetDistinct(s_column, row.GetInt64(next)));

    private static string Union(string? edges, string columns) => edges is null ? "" : $" UNION ALL SELECT {columns} FROM ({edges})";

    // Steps that rows are in, joined.
    private static List<(long From, long To)> Open(List<(long From, long To)> rows, long step)
    {
        var open = new List<(long From, long To)>();
        foreach (var (from, to) in rows)
        {
            var (start, end) = (UnixTicks.Floor(from, step) * step, UnixTicks.Ceiling(to, step) * step);
            if (open.Count > 0 && start <= open[^1].To)
            {
                open[^1] = (open[^1].From, Math.Max(open[^1].To, end));
            }
            else
            {
                open.Add((start, end));
            }
        }
        return open;
    }

    private string HourStarts(SqlText sql, List<(long From, long To)> spans)
    {
        var ranges = spans.Where(span => span.From < span.To).ToList();
        var days = Or(ranges.Select(span => (span.From / UserDays.HoursPerDay, (span.To - 1) / UserDays.HoursPerDay)), "day");
        var within = Or(ranges.Select(span => (span.From, span.To - 1)), "hour");
        return string.Create(CultureInfo.InvariantCulture,
            $"SELECT hour * {UnixTicks.PerHour} AS start_ticks, user_id FROM ({UserDays.ByHour($"project = {sql.Value(shape.Query.Project.Value)} AND {days}")}) WHERE {within}");
    }

    private static string Or(IEnumerable<(long First, long Last)> ranges, string column) =>
        "(" + string.Join(" OR ", ranges.Select(range => string.Create(CultureInfo.InvariantCulture, $"{column} BETWEEN {range.First} AND {range.Last}")).DefaultIfEmpty("FALSE")) + ")";

    // Day, user and those of its hours that are in the window.
    private string Windowed(SqlText sql)
    {
        var (first, last) = (new Day((int)UnixTicks.Floor(hours.From, UserDays.HoursPerDay)), new Day((int)UnixTicks.Floor(hours.To - 1, UserDays.HoursPerDay)));
        var bits = string.Create(CultureInfo.InvariantCulture,
            $"CASE day WHEN {first.Number} THEN {UserDays.Bits(first, hours.From, hours.To)} WHEN {last.Number} THEN {UserDays.Bits(last, hours.From, hours.To)} ELSE {UserDays.AllHours} END");
        return string.Create(CultureInfo.InvariantCulture, $"""
            SELECT * FROM (SELECT day, user_id, hours & {bits} AS hours FROM {UserDays.Table}
            WHERE project = {sql.Value(shape.Query.Project.Value)} AND day BETWEEN {first.Number} AND {last.Number}) WHERE hours <> 0
            """);
    }
}
