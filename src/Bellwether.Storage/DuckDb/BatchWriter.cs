using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Stores batches. DuckDB writes one file per transaction, so a batch becomes one per file: payloads first, then metrics,
/// then annotations, each with the file's own position. Whatever falls between two of them is written again by the
/// journal's replay, and what a file has already is skipped by its position.
/// </summary>
internal sealed class BatchWriter(DayFiles files, Rollups rollups)
{
    private readonly Dictionary<string, long> _positions = [];

    /// <summary>Every record up to this sequence is stored.</summary>
    public long Complete { get; private set; }

    /// <summary>Reads how far each file is.</summary>
    public void Open(DuckDbSession session)
    {
        if (session.Scalar("SELECT count(*) FROM store.position") == 0)
        {
            session.Execute("INSERT INTO store.position VALUES (0, 0)");
        }
        foreach (var file in files.Metrics.Select(day => day.Metrics).Append("store"))
        {
            PositionOf(session, file);
            Complete = Math.Max(Complete, session.Scalar($"SELECT max(complete) FROM {file}.position") ?? 0);
        }
    }

    public void Append(DuckDbSession session, ImmutableArray<SequencedRecord> batch)
    {
        if (batch.IsEmpty)
        {
            return;
        }
        var last = batch[^1].Sequence;
        var days = NewestVersions(batch);
        var annotations = batch.Where(record => record.Record.Annotation is not null).ToList();
        var replaced = Replaced(session, days);

        // Out of the rollups first: an hour is either sealed and exact, or read row by row.
        rollups.Unseal(session, days.Values.SelectMany(records => records).Select(record => UnixTicks.Of(record.Record.Observation!.StartTime)).Concat(replaced.Ticks));
        foreach (var (day, records) in days)
        {
            WritePayloads(session, day, records, last);
        }
        foreach (var (day, ids) in replaced.Elsewhere)
        {
            Remove(session, day, ids);
        }
        var written = 0;
        foreach (var (day, records) in days)
        {
            written++;
            WriteMetrics(session, day, records, last, complete: written == days.Count && annotations.Count == 0);
        }
        WriteAnnotations(session, annotations, last);
        Complete = Math.Max(Complete, last);
    }

    /// <summary>Notes in the main file how far everything is, before files that know it go.</summary>
    public void SaveComplete(DuckDbSession session) =>
        session.Execute(string.Create(CultureInfo.InvariantCulture, $"UPDATE store.position SET complete = {Complete}"));

    public void Forget(IEnumerable<string> fileNames)
    {
        foreach (var name in fileNames)
        {
            _positions.Remove(name);
        }
    }

    // By day of the start time, in order; of two versions of an id in one batch the later.
    private static SortedDictionary<Day, List<SequencedRecord>> NewestVersions(ImmutableArray<SequencedRecord> batch)
    {
        HashSet<Guid>? seen = batch.Any(record => record.Record is { MayReplace: true, Observation: not null }) ? [] : null;
        var days = new SortedDictionary<Day, List<SequencedRecord>>();
        for (var i = batch.Length - 1; i >= 0; i--)
        {
            if (batch[i].Record.Observation is { } observation && seen?.Add(observation.Id) != false)
            {
                var day = Day.Of(observation);
                if (!days.TryGetValue(day, out var records))
                {
                    days[day] = records = new List<SequencedRecord>(batch.Length);
                }
                records.Add(batch[i]);
            }
        }
        foreach (var records in days.Values)
        {
            records.Reverse();
        }
        return days;
    }

    // Where earlier versions of the batch's records are: in a day that a new version goes to they are replaced with it.
    private (List<long> Ticks, Dictionary<Day, List<Guid>> Elsewhere) Replaced(DuckDbSession session, SortedDictionary<Day, List<SequencedRecord>> days)
    {
        var ticks = new List<long>();
        var elsewhere = new Dictionary<Day, List<Guid>>();
        var targets = new Dictionary<Guid, (Day Day, long Sequence)>();
        foreach (var (day, records) in days)
        {
            foreach (var record in records.Where(record => record.Record.MayReplace))
            {
                targets[record.Record.Observation!.Id] = (day, record.Sequence);
            }
        }
        if (targets.Count == 0)
        {
            return (ticks, elsewhere);
        }
        SetLookup(session, targets.Keys);
        foreach (var day in files.Metrics)
        {
            var found = new List<Guid>();
            session.Read(new SqlText().Append($"SELECT id, start_ticks FROM {day.Metrics}.observation WHERE id IN (SELECT id FROM temp.lookup)"), row =>
            {
                found.Add(row.GetGuid(0));
                ticks.Add(row.GetInt64(1));
            });
            // Only a version that is really going to be written removes the former one.
            found.RemoveAll(id => targets[id].Day == day
                || (files.Metrics.Contains(targets[id].Day) && targets[id].Sequence <= PositionOf(session, targets[id].Day.Metrics)));
            if (found.Count > 0)
            {
                elsewhere[day] = found;
            }
        }
        return (ticks, elsewhere);
    }

    private void WritePayloads(DuckDbSession session, Day day, List<SequencedRecord> records, long last)
    {
        if (!records.Exists(record => record.Record.MayReplace || PayloadRow.IsWorthARow(record.Record.Payload)))
        {
            return;
        }
        files.EnsurePayloads(day);
        var position = PositionOf(session, day.Payloads);
        var fresh = records.FindAll(record => record.Sequence > position);
        if (fresh.Count == 0)
        {
            return;
        }
        var replacing = LookUpReplaced(session, fresh);
        session.InTransaction(() =>
        {
            if (replacing)
            {
                session.Execute($"DELETE FROM {day.Payloads}.payload WHERE id IN (SELECT id FROM temp.lookup)");
            }
            using (var appender = session.Appender(day.Payloads, "payload"))
            {
                foreach (var record in fresh)
                {
                    if (PayloadRow.IsWorthARow(record.Record.Payload))
                    {
                        PayloadRow.Append(appender, record.Record.Observation!, record.Record.Payload);
                    }
                }
            }
            SetPosition(session, day.Payloads, last, complete: false);
        });
        _positions[day.Payloads] = last;
    }

    private void WriteMetrics(DuckDbSession session, Day day, List<SequencedRecord> records, long last, bool complete)
    {
        files.EnsureMetrics(day);
        var position = PositionOf(session, day.Metrics);
        var fresh = records.FindAll(record => record.Sequence > position);
        if (fresh.Count == 0 && (!complete || last <= Complete))
        {
            return;
        }
        var replacing = LookUpReplaced(session, fresh);
        session.InTransaction(() =>
        {
            if (replacing)
            {
                session.Execute($"DELETE FROM {day.Metrics}.observation WHERE id IN (SELECT id FROM temp.lookup)");
            }
            using (var appender = session.Appender(day.Metrics, "observation"))
            {
                foreach (var record in fresh)
                {
                    ObservationRow.Append(appender, record.Record.Observation!);
                }
            }
            SetPosition(session, day.Metrics, last, complete);
        });
        _positions[day.Metrics] = Math.Max(position, last);
    }

    private void WriteAnnotations(DuckDbSession session, List<SequencedRecord> records, long last)
    {
        var position = PositionOf(session, "store");
        if (records.Count == 0)
        {
            return;
        }
        var newest = new Dictionary<Guid, Annotation>();
        foreach (var record in records.Where(record => record.Sequence > position))
        {
            newest[record.Record.Annotation!.Id] = record.Record.Annotation;
        }
        if (newest.Count == 0 && last <= Complete)
        {
            return;
        }
        SetLookup(session, newest.Keys);
        session.InTransaction(() =>
        {
            session.Execute("DELETE FROM store.annotation WHERE id IN (SELECT id FROM temp.lookup)");
            using (var appender = session.Appender("store", "annotation"))
            {
                foreach (var annotation in newest.Values)
                {
                    PayloadRow.Append(appender, annotation);
                }
            }
            SetPosition(session, "store", Math.Max(position, last), complete: true);
        });
        _positions["store"] = Math.Max(position, last);
    }

    private void Remove(DuckDbSession session, Day day, List<Guid> ids)
    {
        SetLookup(session, ids);
        if (files.Payloads.Contains(day))
        {
            session.Execute($"DELETE FROM {day.Payloads}.payload WHERE id IN (SELECT id FROM temp.lookup)");
        }
        session.Execute($"DELETE FROM {day.Metrics}.observation WHERE id IN (SELECT id FROM temp.lookup)");
    }

    private static bool LookUpReplaced(DuckDbSession session, List<SequencedRecord> records)
    {
        if (!records.Exists(record => record.Record.MayReplace))
        {
            return false;
        }
        SetLookup(session, records.Where(record => record.Record.MayReplace).Select(record => record.Record.Observation!.Id));
        return true;
    }

    /// <summary>Fills the connection's table <c>temp.lookup</c> with these ids and no others.</summary>
    internal static void SetLookup(DuckDbSession session, IEnumerable<Guid> ids)
    {
        session.Execute("CREATE OR REPLACE TEMP TABLE lookup (id UUID)");
        using var appender = session.Appender("temp", "lookup");
        foreach (var id in ids)
        {
            appender.CreateRow().AppendValue((Guid?)id).EndRow();
        }
    }

    private long PositionOf(DuckDbSession session, string file)
    {
        if (!_positions.TryGetValue(file, out var position))
        {
            _positions[file] = position = session.Scalar($"SELECT max(sequence) FROM {file}.position") ?? 0;
        }
        return position;
    }

    private static void SetPosition(DuckDbSession session, string file, long sequence, bool complete) =>
        session.Execute(string.Create(CultureInfo.InvariantCulture,
            $"UPDATE {file}.position SET sequence = greatest(sequence, {sequence}){(complete ? $", complete = greatest(complete, {sequence})" : "")}"));
}
