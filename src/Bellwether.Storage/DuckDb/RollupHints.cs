using System.Globalization;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Where in a window the rows of a filter can be at all. The rollups of an hour name its users, models and so on, so a sealed hour
/// that does not name the one that is looked for need not be read; hours that are not sealed always are.
/// </summary>
internal static class RollupHints
{
    /// <summary>The name under which the steps' users are kept; users have no slice of the rollups.</summary>
    public static readonly string User = "user";

    // Nearer than this, two spans are read as one: planning a branch costs as much as reading some hours of rows.
    private static readonly long s_gap = 12 * UnixTicks.PerHour;
    private static readonly long s_longest = 2 * UnixTicks.PerDay;

    // Otherwise the value is nearly everywhere, and slices that grow with time stop sooner.
    private static readonly double s_leastRuledOut = 0.5;

    /// <summary>Spans from the newest to the oldest that hold every match; null when the rollups do not rule out most of the window.</summary>
    public static List<(long From, long To)>? Spans(DuckDbSession session, ObservationPageRequest request, long from, long to)
    {
        var sql = new SqlText();
        var named = request.Where.Select(filter => Named(sql, request, filter)).OfType<string>().ToList();
        if (named.Count == 0)
        {
            return null;
        }
        var (first, last) = (UnixTicks.Floor(from, UnixTicks.PerHour), UnixTicks.Floor(to - 1, UnixTicks.PerHour));
        var passedOver = new HashSet<long>();
        sql.Append(string.Create(CultureInfo.InvariantCulture, $"SELECT hour FROM store.sealed WHERE hour >= {first} AND hour <= {last}"));
        foreach (var hours in named)
        {
            sql.Append(string.Create(CultureInfo.InvariantCulture, $" AND hour IN (SELECT hour FROM ({hours}) WHERE hour >= {first} AND hour <= {last})"));
        }
        var possible = new HashSet<long>();
        session.Read(sql, row => possible.Add(row.GetInt64(0)));
        session.Read(new SqlText().Append(string.Create(CultureInfo.InvariantCulture, $"SELECT hour FROM store.sealed WHERE hour >= {first} AND hour <= {last}")),
            row => passedOver.Add(row.GetInt64(0)));
        passedOver.ExceptWith(possible);
        if (passedOver.Count < (last - first + 1) * s_leastRuledOut)
        {
            return null;
        }
        return Join(from, to, passedOver);
    }

    // A SELECT of the sealed hours in which a value of the filter occurs.
    private static string? Named(SqlText sql, ObservationPageRequest request, Filter filter)
    {
        if (filter.Op is not (FilterOp.Eq or FilterOp.In) || FieldCatalog.Find(filter.Field) is not { Type: FieldType.Text } field)
        {
            return null;
        }
        // No value may be added for a filter that is then left out: a statement has to use each.
        string Hours(string table, string dimension, string column) =>
            $"SELECT hour FROM store.{table} WHERE project = {sql.Value(request.Project.Value)}{dimension} AND {FilterCompiler.Compile(sql, [filter], _ => column)}";
        if (field.Expression == "user_id" && !filter.Values.Contains(""))
        {
            var users = UserDays.ByHour($"project = {sql.Value(request.Project.Value)} AND {FilterCompiler.Compile(sql, [filter], _ => "user_id")}");
            return $"SELECT hour FROM ({users}) UNION ALL {Hours("rollup_step", $" AND dim = '{User}'", "value")}";
        }
        var dimension = $" AND dim = '{field.Name}'";
        return field.Sliced ? $"{Hours("rollup_hour", dimension, "value")} UNION ALL {Hours("rollup_step", dimension, "value")}" : null;
    }

    private static List<(long From, long To)> Join(long from, long to, HashSet<long> passedOver)
    {
        var spans = new List<(long From, long To)>();
        for (var hour = UnixTicks.Floor(to - 1, UnixTicks.PerHour); hour >= UnixTicks.Floor(from, UnixTicks.PerHour); hour--)
        {
            if (passedOver.Contains(hour))
            {
                continue;
            }
            var (start, end) = (Math.Max(from, hour * UnixTicks.PerHour), Math.Min(to, (hour + 1) * UnixTicks.PerHour));
            if (spans.Count > 0 && spans[^1].From - end <= s_gap && spans[^1].To - start <= s_longest)
            {
                spans[^1] = (start, spans[^1].To);
            }
            else
            {
                spans.Add((start, end));
            }
        }
        return spans;
    }
}
