using System.Globalization;
using Bellwether.Storage.Sql;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Writes the texts of a day anew: compressed once it is over, and whenever some were deleted. To compress them while they come in took half of the
/// writer's time; done later it costs nobody a wait. Used by the writer's thread only: batches wait in the journal meanwhile, a second or two for 100,000 records.
/// </summary>
internal sealed class PayloadPacker(DayFiles files, TimeProvider clock)
{
    // What was on its way at midnight has come by then.
    private static readonly long s_afterTheDay = UnixTicks.PerHour;

    private readonly HashSet<Day> _packed = [];

    /// <summary>Packs the oldest day that is over and was left alone. False when there is none.</summary>
    public bool PackNext(DuckDbSession session)
    {
        foreach (var day in files.Payloads)
        {
            if (IsOver(day) && !_packed.Contains(day) && files.IsQuiet(day.Payloads) && Pack(session, day))
            {
                return true;
            }
        }
        return false;
    }

    // False when they are compressed already.
    private bool Pack(DuckDbSession session, Day day)
    {
        var isUnpacked = session.Scalar($"SELECT count(*) FROM duckdb_tables() WHERE database_name = '{day.Payloads}' AND table_name = 'unpacked'") != 0;
        if (isUnpacked)
        {
            Write(session, day, Schema.Payload);
        }
        _packed.Add(day);
        return isUnpacked;
    }

    /// <summary>Writes the day's payloads anew, so that nothing is left of what was deleted; those of a day that is over are compressed with it.</summary>
    public void Rewrite(DuckDbSession session, Day day) =>
        Write(session, day, IsOver(day) ? Schema.Payload : Schema.UnpackedPayload);

    private bool IsOver(Day day) => day.EndTick + s_afterTheDay <= UnixTicks.Of(clock.GetUtcNow());

    private void Write(DuckDbSession session, Day day, string tables) =>
        files.ReplacePayloads(day, tables, made =>
        {
            // An hour at a time, so that a server that is asked to stop does not wait for a whole day.
            for (var from = day.FirstTick; from < day.EndTick; from += UnixTicks.PerHour)
            {
                session.Cancellation.ThrowIfCancellationRequested();
                session.Execute(string.Create(CultureInfo.InvariantCulture,
                    $"INSERT INTO {made}.payload SELECT * FROM {day.Payloads}.payload WHERE start_ticks >= {from} AND start_ticks < {from + UnixTicks.PerHour}"));
            }
        });
}
