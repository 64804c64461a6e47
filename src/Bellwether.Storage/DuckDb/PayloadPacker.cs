using System.Globalization;
using Bellwether.Storage.Sql;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Compresses the texts of a day once it is over. Done while they come in, it took half of the writer's time; done later it costs
/// nobody a wait. Used by the writer's thread only: batches wait in the journal meanwhile, a second or two for 100,000 records.
/// </summary>
internal sealed class PayloadPacker(DayFiles files, TimeProvider clock)
{
    // What was on its way at midnight has come by then.
    private static readonly long s_afterTheDay = UnixTicks.PerHour;

    private readonly HashSet<Day> _packed = [];

    /// <summary>Packs the oldest day that is over and was left alone. False when there is none.</summary>
    public bool PackNext(DuckDbSession session)
    {
        var now = UnixTicks.Of(clock.GetUtcNow());
        foreach (var day in files.Payloads)
        {
            if (day.EndTick + s_afterTheDay <= now && !_packed.Contains(day) && files.IsQuiet(day.Payloads) && Pack(session, day))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Writes the day's payloads anew, compressed. False when they are compressed already.</summary>
    public bool Pack(DuckDbSession session, Day day)
    {
        if (session.Scalar($"SELECT count(*) FROM duckdb_tables() WHERE database_name = '{day.Payloads}' AND table_name = 'unpacked'") == 0)
        {
            _packed.Add(day);
            return false;
        }
        files.Replace(day.Payloads, made =>
        {
            session.Execute(Schema.Payload.Replace("TABLE payload", $"TABLE {made}.payload", StringComparison.Ordinal));
            // An hour at a time, so that a server that is asked to stop does not wait for a whole day.
            for (var from = day.FirstTick; from < day.EndTick; from += UnixTicks.PerHour)
            {
                session.Cancellation.ThrowIfCancellationRequested();
                session.Execute(string.Create(CultureInfo.InvariantCulture,
                    $"INSERT INTO {made}.payload SELECT * FROM {day.Payloads}.payload WHERE start_ticks >= {from} AND start_ticks < {from + UnixTicks.PerHour}"));
            }
            session.Execute($"CREATE TABLE {made}.position AS SELECT * FROM {day.Payloads}.position");
        });
        _packed.Add(day);
        return true;
    }
}
