using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Primitives;
using Bellwether.Storage.Sql;
using Bellwether.Telemetry;

namespace Bellwether.Storage.DuckDb;

/// <summary>What names an observation: two projects may use the same id and never see each other's row.</summary>
internal readonly record struct RowKey(ProjectId Project, Guid Id)
{
    public static RowKey Of(Observation observation) => new(observation.Project, observation.Id);
}

/// <summary>
/// What a batch comes to: of each observation the one version to write, by day of its start time, and the former versions that
/// lie in other days. The last version wins, but one that is still running never replaces one that is finished: senders post and
/// patch a run in parallel, and the post may arrive last.
/// </summary>
internal sealed class BatchPlan
{
    private readonly SortedDictionary<Day, List<SequencedRecord>> _days = [];
    private readonly Dictionary<Day, List<RowKey>> _elsewhere = [];
    private readonly List<long> _replacedTicks = [];
    private readonly HashSet<Day> _replacing = [];

    private BatchPlan() { }

    /// <summary>What to write, in order of sequence within a day.</summary>
    public IReadOnlyDictionary<Day, List<SequencedRecord>> Days => _days;

    /// <summary>Former versions that no new one overwrites in its own day.</summary>
    public IReadOnlyDictionary<Day, List<RowKey>> Elsewhere => _elsewhere;

    /// <summary>Whether the day's file has former versions of what goes into it. Mostly not, and looking for them once more to delete them would read all its ids again.</summary>
    public bool Replaces(Day day) => _replacing.Contains(day);

    /// <summary>Start times of all rows that come or go.</summary>
    public IEnumerable<long> Ticks => _days.Values.SelectMany(records => records).Select(record => UnixTicks.Of(record.Record.Observation!.StartTime)).Concat(_replacedTicks);

    /// <param name="session">The writer's.</param>
    /// <param name="files">The days that there are.</param>
    /// <param name="positionOf">How far a file is.</param>
    /// <param name="seenIn">Ids that a day's file has, or null where that is not known.</param>
    /// <param name="batch">The records, in order of sequence.</param>
    public static BatchPlan Of(DuckDbSession session, DayFiles files, Func<string, long> positionOf, Func<Day, SeenIds?> seenIn, ImmutableArray<SequencedRecord> batch)
    {
        var plan = new BatchPlan();
        var newest = NewestVersions(batch);
        plan.FindFormer(session, files, positionOf, seenIn, newest);
        foreach (var record in newest)
        {
            var day = Day.Of(record.Record.Observation!);
            if (!plan._days.TryGetValue(day, out var records))
            {
                plan._days[day] = records = new List<SequencedRecord>(newest.Count);
            }
            records.Add(record);
        }
        return plan;
    }

    private static List<SequencedRecord> NewestVersions(ImmutableArray<SequencedRecord> batch)
    {
        var newest = new List<SequencedRecord>(batch.Length);
        var places = batch.Any(record => record.Record is { MayReplace: true, Observation: not null }) ? new Dictionary<RowKey, int>() : null;
        foreach (var record in batch)
        {
            if (record.Record.Observation is not { } observation)
            {
                continue;
            }
            if (places is not null && places.TryGetValue(RowKey.Of(observation), out var place))
            {
                if (!IsOvertaken(observation, newest[place].Record.Observation!.State == ObservationState.Running))
                {
                    newest[place] = record;
                }
                continue;
            }
            places?.Add(RowKey.Of(observation), newest.Count);
            newest.Add(record);
        }
        newest.Sort((left, right) => left.Sequence.CompareTo(right.Sequence));
        return newest;
    }

    private static bool IsOvertaken(Observation version, bool formerIsRunning) => version.State == ObservationState.Running && !formerIsRunning;

    private void FindFormer(DuckDbSession session, DayFiles files, Func<string, long> positionOf, Func<Day, SeenIds?> seenIn, List<SequencedRecord> newest)
    {
        var targets = newest.Where(record => record.Record.MayReplace).ToDictionary(record => RowKey.Of(record.Record.Observation!));
        if (targets.Count == 0)
        {
            return;
        }
        var superseded = new HashSet<RowKey>();
        var isFilled = false;
        foreach (var day in files.Metrics)
        {
            if (seenIn(day) is { } seen && !targets.Keys.Any(key => seen.MayContain(key.Id)))
            {
                continue;
            }
            if (!isFilled)
            {
                Lookup.Fill(session, targets.Keys);
                isFilled = true;
            }
            var position = positionOf(day.Metrics);
            session.Read(new SqlText().Append($"SELECT stored.id, stored.project, start_ticks, state = 'running' FROM {day.Metrics}.observation AS stored {Lookup.Join}"), row =>
            {
                var key = new RowKey(new ProjectId(row.GetString(1)), row.GetGuid(0));
                var target = targets[key];
                var home = Day.Of(target.Record.Observation!);
                // Of a batch, former versions leave every other day before any new row is written. So when a kill left this
                // day's file ahead of the record, what stands in it came later than the record.
                if (position >= target.Sequence)
                {
                    if (day != home)
                    {
                        superseded.Add(key);
                    }
                    return;
                }
                if (IsOvertaken(target.Record.Observation!, row.GetBoolean(3)))
                {
                    superseded.Add(key);
                    return;
                }
                _replacedTicks.Add(row.GetInt64(2));
                if (day == home)
                {
                    _replacing.Add(day);
                }
                else
                {
                    (_elsewhere.TryGetValue(day, out var keys) ? keys : _elsewhere[day] = []).Add(key);
                }
            });
        }
        if (superseded.Count > 0)
        {
            newest.RemoveAll(record => record.Record.MayReplace && superseded.Contains(RowKey.Of(record.Record.Observation!)));
            foreach (var keys in _elsewhere.Values)
            {
                keys.RemoveAll(superseded.Contains);
            }
        }
    }
}

/// <summary>The connection's table <c>temp.lookup</c>: observations to find or to delete.</summary>
internal static class Lookup
{
    /// <summary>Joins a table under the alias <c>stored</c> with it.</summary>
    public static readonly string Join = "JOIN temp.lookup AS wanted ON stored.id = wanted.id AND stored.project = wanted.project";

    /// <summary>Stands after a table under the alias <c>stored</c> to have only what is not in it.</summary>
    public static readonly string AntiJoin = "ANTI " + Join;

    /// <summary>Fills it with these and no others.</summary>
    public static void Fill(DuckDbSession session, IEnumerable<RowKey> keys)
    {
        session.Execute("CREATE OR REPLACE TEMP TABLE lookup (id UUID, project VARCHAR)");
        using var appender = session.Appender("temp", "lookup");
        foreach (var key in keys)
        {
            appender.CreateRow().AppendValue((Guid?)key.Id).AppendValue(key.Project.Value).EndRow();
        }
    }

    /// <summary>Deletes from a table what is in it.</summary>
    public static void Delete(DuckDbSession session, string table, string idColumn = "id") =>
        session.Execute(string.Create(CultureInfo.InvariantCulture,
            $"DELETE FROM {table} AS stored USING temp.lookup AS wanted WHERE stored.{idColumn} = wanted.id AND stored.project = wanted.project"));
}
