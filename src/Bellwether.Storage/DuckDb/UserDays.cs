using System.Globalization;
using Bellwether.Storage.Sql;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// The users that the rollups name: one row for each user and day, with a bit for each sealed hour that has calls of that user. A sixth
/// of the rows that a set for each hour has, and what divides a day can be counted from the bits without making a set anew.
/// </summary>
internal static class UserDays
{
    public static readonly string Table = "store.rollup_user_day";
    public static readonly int HoursPerDay = 24;

    /// <summary>All of a day's bits.</summary>
    public static readonly int AllHours = (1 << HoursPerDay) - 1;

    /// <summary>The bits of the hours that lie in a span of hours counted from 1970.</summary>
    public static int Bits(Day day, long fromHour, long toHour)
    {
        var (first, end) = (Math.Clamp(fromHour - FirstHour(day), 0, HoursPerDay), Math.Clamp(toHour - FirstHour(day), 0, HoursPerDay));
        return end <= first ? 0 : ((1 << (int)(end - first)) - 1) << (int)first;
    }

    /// <summary>The same as a SELECT of <c>hour</c> and <c>user_id</c>, a row for each bit.</summary>
    /// <param name="where">A condition on <c>project</c>, <c>day</c> and <c>user_id</c>.</param>
    public static string ByHour(string where) => string.Create(CultureInfo.InvariantCulture, $"""
        SELECT day * {HoursPerDay} + h AS hour, user_id FROM (SELECT day, user_id, hours, unnest(range({HoursPerDay})) AS h FROM {Table} WHERE {where})
        WHERE (hours >> CAST(h AS INTEGER)) & 1 = 1
        """);

    /// <summary>Adds hours of a day, in a transaction that is open.</summary>
    /// <param name="session">The writer's.</param>
    /// <param name="day">The day.</param>
    /// <param name="calls">The rows of the hours, from FROM on.</param>
    public static void Add(DuckDbSession session, Day day, string calls)
    {
        session.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            CREATE OR REPLACE TEMP TABLE user_day AS SELECT project, user_id, CAST(bit_or(hours) AS INTEGER) AS hours FROM (
                SELECT project, user_id, hours FROM {Table} WHERE day = {day.Number}
                UNION ALL SELECT DISTINCT project, user_id, 1 << CAST(start_ticks // {UnixTicks.PerHour} - {FirstHour(day)} AS INTEGER) {calls} AND user_id <> '')
            GROUP BY ALL
            """));
        session.Execute(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM {Table} WHERE day = {day.Number}"));
        session.Execute(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {Table} SELECT project, {day.Number}, user_id, hours FROM temp.user_day"));
        session.Execute("DROP TABLE temp.user_day");
    }

    /// <summary>Takes hours out, in a transaction that is open.</summary>
    public static void Remove(DuckDbSession session, IEnumerable<long> hours)
    {
        foreach (var sameDay in hours.GroupBy(hour => new Day((int)UnixTicks.Floor(hour, HoursPerDay))))
        {
            var kept = sameDay.Aggregate(AllHours, (bits, hour) => bits & ~Bits(sameDay.Key, hour, hour + 1));
            session.Execute(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM {Table} WHERE day = {sameDay.Key.Number} AND (hours & {kept}) = 0"));
            session.Execute(string.Create(CultureInfo.InvariantCulture, $"UPDATE {Table} SET hours = hours & {kept} WHERE day = {sameDay.Key.Number} AND (hours & {AllHours & ~kept}) <> 0"));
        }
    }

    /// <summary>Takes every day before an hour out, in a transaction that is open.</summary>
    public static void RemoveBefore(DuckDbSession session, long hour) =>
        session.Execute(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM {Table} WHERE day < {UnixTicks.Floor(hour, HoursPerDay)}"));

    /// <summary>Layouts 1 to 4 kept a row for each user and hour.</summary>
    public static void TakeOver(DuckDbSession session) => session.InTransaction(() =>
    {
        // Not there any more when an upgrade was killed behind this.
        session.Execute("CREATE TABLE IF NOT EXISTS store.rollup_user (project VARCHAR, hour BIGINT, start_ticks BIGINT, user_id VARCHAR)");
        session.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO {Table} SELECT project, hour // {HoursPerDay}, user_id, CAST(bit_or(1 << CAST(hour % {HoursPerDay} AS INTEGER)) AS INTEGER)
            FROM store.rollup_user WHERE hour >= 0 GROUP BY ALL ORDER BY 2
            """));
        session.Execute("DROP TABLE store.rollup_user");
    });

    private static long FirstHour(Day day) => (long)day.Number * HoursPerDay;
}
