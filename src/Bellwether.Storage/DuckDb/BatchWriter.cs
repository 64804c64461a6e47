using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Stores batches. DuckDB writes one file per transaction, so a batch becomes one per file: payloads first, then metrics,
/// then annotations, each with the file's own position. Whatever falls between two of them is written again by the
/// journal's replay, and what a file has already is skipped by its position. Payloads are written on a thread of their own beside
/// the metrics, which are about as much work; only the commits keep the order.
/// </summary>
internal sealed class BatchWriter(DayFiles files, Rollups rollups, WriteAheadLogs logs, TimeProvider clock)
{
    private readonly Dictionary<string, long> _positions = [];
    // Null for a day that has too many ids to keep them.
    private readonly Dictionary<Day, SeenIds?> _seen = [];

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

    /// <param name="session">The writer's.</param>
    /// <param name="payloads">The thread that payloads are written on.</param>
    /// <param name="batch">In order of sequence.</param>
    public void Append(DuckDbSession session, SessionPool payloads, ImmutableArray<SequencedRecord> batch)
    {
        if (batch.IsEmpty)
        {
            return;
        }
        var last = batch[^1].Sequence;
        if (last <= Complete)
        {
            return;
        }
        if (batch[0].Sequence <= Complete)
        {
            batch = [.. batch.SkipWhile(record => record.Sequence <= Complete)];
        }
        var plan = BatchPlan.Of(session, files, file => PositionOf(session, file), day => SeenIn(session, day), batch);
        var annotations = Annotations(batch);

        // Out of the rollups first: an hour is either sealed and exact, or read row by row.
        rollups.Unseal(session, plan.Ticks);
        var texts = new PayloadWrites(payloads);
        try
        {
            foreach (var (day, records) in plan.Days)
            {
                WritePayloads(session, texts, day, records, last, plan.Replaces(day));
            }
            foreach (var (day, keys) in plan.Elsewhere)
            {
                texts.Await();
                Remove(session, day, keys);
            }
            var written = 0;
            foreach (var (day, records) in plan.Days)
            {
                written++;
                WriteMetrics(session, texts, day, records, last, plan.Replaces(day), complete: written == plan.Days.Count && annotations.Count == 0);
            }
            texts.Await();
        }
        finally
        {
            // Also when the metrics failed: whoever tries again must not meet a former try.
            texts.Settle();
        }
        WriteAnnotations(session, annotations, last);
        Complete = last;
        if (plan.Days.Count == 0 && annotations.Count == 0)
        {
            // Nothing was left to write, so no file knows that the batch is done.
            SaveComplete(session);
        }
        logs.MergeFull(session);
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
        _seen.Clear();
    }

    private void WritePayloads(DuckDbSession session, PayloadWrites texts, Day day, List<SequencedRecord> records, long last, bool replaces)
    {
        if (!records.Exists(record => record.Record.MayReplace || PayloadRow.IsWorthARow(record.Record.Payload)))
        {
            return;
        }
        files.EnsurePayloads(day, IsOver(day));
        var position = PositionOf(session, day.Payloads);
        var fresh = records.FindAll(record => record.Sequence > position);
        if (fresh.Count == 0)
        {
            return;
        }
        // A kill between the two files leaves payloads whose metrics are not there yet, so that nothing tells of them.
        var isAhead = position > (files.Metrics.Contains(day) ? PositionOf(session, day.Metrics) : 0);
        texts.Start(own => WritePayloads(own, day, fresh, last, replaces || isAhead), () => _positions[day.Payloads] = last);
    }

    private static void WritePayloads(DuckDbSession session, Day day, List<SequencedRecord> records, long last, bool replaces)
    {
        var replacing = replaces && LookUpReplaced(session, records);
        session.InTransaction(() =>
        {
            if (replacing)
            {
                Lookup.Delete(session, $"{day.Payloads}.payload");
            }
            using (var appender = session.Appender(day.Payloads, "payload"))
            {
                foreach (var record in records)
                {
                    if (PayloadRow.IsWorthARow(record.Record.Payload))
                    {
                        PayloadRow.Append(appender, record.Record.Observation!, record.Record.Payload);
                    }
                }
            }
            SetPosition(session, day.Payloads, last, complete: false);
        });
    }

    private void WriteMetrics(DuckDbSession session, PayloadWrites texts, Day day, List<SequencedRecord> records, long last, bool replaces, bool complete)
    {
        files.EnsureMetrics(day);
        var position = PositionOf(session, day.Metrics);
        var fresh = records.FindAll(record => record.Sequence > position);
        if (fresh.Count == 0 && (!complete || last <= Complete))
        {
            return;
        }
        var replacing = replaces && LookUpReplaced(session, fresh);
        // Before they are there: an id too many costs a question, one too few a duplicate.
        NoteSeen(day, fresh);
        session.InTransaction(() =>
        {
            if (replacing)
            {
                Lookup.Delete(session, $"{day.Metrics}.observation");
            }
            using (var appender = session.Appender(day.Metrics, "observation"))
            {
                foreach (var record in fresh)
                {
                    ObservationRow.Append(appender, record.Record.Observation!);
                }
            }
            texts.Await();
            SetPosition(session, day.Metrics, last, complete);
        });
        _positions[day.Metrics] = Math.Max(position, last);
        logs.Added(day.Metrics, fresh.Count);
    }

    // Those that came as records, and what was found of an observation on the way here.
    private static List<(long Sequence, Annotation Annotation)> Annotations(ImmutableArray<SequencedRecord> batch)
    {
        var annotations = new List<(long, Annotation)>();
        foreach (var (sequence, record) in batch)
        {
            if (record.Annotation is { } annotation) { annotations.Add((sequence, annotation)); }
            foreach (var finding in record.Findings) { annotations.Add((sequence, finding)); }
        }
        return annotations;
    }

    private void WriteAnnotations(DuckDbSession session, List<(long Sequence, Annotation Annotation)> annotations, long last)
    {
        var position = PositionOf(session, "store");
        if (annotations.Count == 0)
        {
            return;
        }
        var newest = new Dictionary<RowKey, Annotation>();
        foreach (var (sequence, annotation) in annotations)
        {
            if (sequence > position) { newest[new RowKey(annotation.Project, annotation.Id)] = annotation; }
        }
        if (newest.Count == 0 && last <= Complete)
        {
            return;
        }
        Lookup.Fill(session, newest.Keys);
        session.InTransaction(() =>
        {
            Lookup.Delete(session, "store.annotation");
            using (var appender = session.Appender("store", "annotation"))
            {
                foreach (var annotation in newest.Values.Where(annotation => !annotation.Retracted))
                {
                    PayloadRow.Append(appender, annotation);
                }
            }
            SetPosition(session, "store", Math.Max(position, last), complete: true);
        });
        _positions["store"] = Math.Max(position, last);
    }

    private void Remove(DuckDbSession session, Day day, List<RowKey> keys)
    {
        if (keys.Count == 0)
        {
            return;
        }
        Lookup.Fill(session, keys);
        if (files.Payloads.Contains(day))
        {
            Lookup.Delete(session, $"{day.Payloads}.payload");
        }
        Lookup.Delete(session, $"{day.Metrics}.observation");
    }

    private static bool LookUpReplaced(DuckDbSession session, List<SequencedRecord> records)
    {
        if (!records.Exists(record => record.Record.MayReplace))
        {
            return false;
        }
        Lookup.Fill(session, records.Where(record => record.Record.MayReplace).Select(record => RowKey.Of(record.Record.Observation!)));
        return true;
    }

    // Kept for days that are still going on: of others there are many, little is written to them, and ids that begin with a clock
    // let the file pass over what is older or younger.
    private SeenIds? SeenIn(DuckDbSession session, Day day)
    {
        if (IsOver(day))
        {
            _seen.Remove(day);
            return null;
        }
        if (!_seen.TryGetValue(day, out var seen))
        {
            seen = new SeenIds();
            session.Read(new SqlText().Append(string.Create(CultureInfo.InvariantCulture, $"SELECT id FROM {day.Metrics}.observation LIMIT {SeenIds.Most + 1}")), row => seen.Add(row.GetGuid(0)));
            _seen[day] = seen.Count > SeenIds.Most ? null : seen;
        }
        return _seen[day];
    }

    private void NoteSeen(Day day, List<SequencedRecord> records)
    {
        if (_seen.GetValueOrDefault(day) is not { } seen)
        {
            return;
        }
        foreach (var record in records)
        {
            seen.Add(record.Record.Observation!.Id);
        }
        if (seen.Count > SeenIds.Most)
        {
            _seen[day] = null;
        }
    }

    private bool IsOver(Day day) => day.EndTick <= UnixTicks.Of(clock.GetUtcNow());

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
