using System.Globalization;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Which of the calls that annotations name fit their conditions. Day by day, and with the annotations' ids on the side that is held in memory:
/// of calls there may be millions, and of words about them there are few.
/// </summary>
internal sealed class AnnotationOwners
{
    // More words than this about the calls of one question would take the memory of the store.
    public static readonly int Most = 500_000;

    private readonly HashSet<Guid> _ids = [];
    private readonly HashSet<string> _requests = new(StringComparer.Ordinal);

    /// <param name="where">The conditions on the annotations themselves.</param>
    public static AnnotationOwners Find(DuckDbSession session, DayFiles files, AnnotationQuery query, Func<SqlText, string> where)
    {
        FilterCompiler.Check(query.Where);
        var owners = new AnnotationOwners();
        var count = new SqlText();
        count.Append($"SELECT count(*), count(*) FILTER (WHERE request_id <> '') FROM store.annotation WHERE {where(count)}");
        var (said, byRequest) = (0L, 0L);
        session.Read(count, row => (said, byRequest) = (row.GetInt64(0), row.GetInt64(1)));
        if (said > Most)
        {
            throw new TelemetryQueryException("from", $"There are more than {Most} annotations in this window; shorten it, or add a condition on them.");
        }
        if (said == 0) { return owners; }
        var earliest = query.Window.From - DateTimeOffset.MinValue > AnnotationQuery.LookBack ? query.Window.From - AnnotationQuery.LookBack : query.Window.From;
        var (from, to) = (UnixTicks.Of(earliest), UnixTicks.Of(query.Window.To));
        foreach (var day in files.MetricsBetween(from, to))
        {
            session.Read(Of(day, "id", "observation_id"), row => owners._ids.Add(row.GetGuid(0)));
            if (byRequest > 0) { session.Read(Of(day, "request_id", "request_id"), row => owners._requests.Add(row.GetString(0))); }
        }
        return owners;

        SqlText Of(Day day, string column, string named)
        {
            var sql = new SqlText();
            var calls = string.Create(CultureInfo.InvariantCulture, $"project = {sql.Value(query.Project.Value)} AND start_ticks >= {from} AND start_ticks < {to}");
            var filters = FilterCompiler.Compile(sql, query.Where, field => field.Expression);
            return sql.Append($"SELECT {column} FROM {day.Metrics}.observation WHERE {calls} AND {filters} AND {column} IN (SELECT {named} FROM store.annotation WHERE {where(sql)}{(named == "request_id" ? " AND request_id <> ''" : "")})");
        }
    }

    public bool Include(Guid observation, string request) => _ids.Contains(observation) || (request.Length > 0 && _requests.Contains(request));
}
