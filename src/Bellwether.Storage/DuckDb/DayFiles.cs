using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Storage.Sql;
using DuckDB.NET.Data;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// The files of the days: creates, attaches and deletes them. Readers hold <see cref="Reading"/> while they use them,
/// deletion waits for them to finish.
/// </summary>
internal sealed class DayFiles : IDisposable
{
    private static readonly string s_extension = ".duckdb";

    // Rows in a row group. Small ones, since a checkpoint rewrites the last and a look-up by id reads one. Of payloads that are
    // coming in the smallest there are: a transaction that fills one writes it straight into the file, not into its log first, which
    // is twice the work. Compressed ones need more rows to be small: in groups of 2,048 a day takes 305 MB instead of 177.
    private const int MetricsRows = 16_384;
    private const int UnpackedRows = 2_048;
    private const int PackedRows = 8_192;

    // Bytes in a block. A row of metrics lies in some thirty blocks, which are read and checked whole: in DuckDB's own blocks of 256 KiB
    // a page of calls that are far apart took twice as long, in smaller ones than these the files grow.
    private const int MetricsBlock = 32_768;
    private const int PayloadBlock = 262_144;

    private readonly string _folder;
    private readonly DuckDbSession _session;
    private readonly Lock _changing = new();
    private readonly ReaderWriterLockSlim _use = new();
    private ImmutableSortedSet<Day> _metrics = [];
    private ImmutableSortedSet<Day> _payloads = [];

    public DayFiles(string folder, DuckDbSession session)
    {
        (_folder, _session) = (folder, session);
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            var name = Path.GetFileName(path.AsSpan());
            if (name.EndsWith(".new", StringComparison.Ordinal) || name.EndsWith(".new.wal", StringComparison.Ordinal))
            {
                File.Delete(path);
            }
            else if (name.EndsWith(s_extension, StringComparison.Ordinal) && name.Length > 1 && Day.TryParse(name[1..^s_extension.Length], out var day))
            {
                if (name[0] == 'm')
                {
                    Attach(day.Metrics, MetricsRows);
                    _metrics = _metrics.Add(day);
                }
                else if (name[0] == 'p')
                {
                    Attach(day.Payloads, UnpackedRows);
                    _payloads = _payloads.Add(day);
                }
            }
        }
    }

    public ImmutableSortedSet<Day> Metrics => Volatile.Read(ref _metrics);
    public ImmutableSortedSet<Day> Payloads => Volatile.Read(ref _payloads);

    /// <summary>Days with metrics that a span of ticks touches, newest first.</summary>
    public IEnumerable<Day> MetricsBetween(long fromTicks, long toTicks) =>
        Metrics.Reverse().Where(day => day.FirstTick < toTicks && day.EndTick > fromTicks);

    /// <summary>Keeps files from being deleted while the work runs.</summary>
    public T Reading<T>(Func<T> work)
    {
        _use.EnterReadLock();
        try
        {
            return work();
        }
        finally
        {
            _use.ExitReadLock();
        }
    }

    /// <summary>False when DuckDB has given one of the files up: everything that touches it fails until it is opened anew.</summary>
    public bool AreUsable(DuckDbSession session)
    {
        try
        {
            foreach (var name in Metrics.Select(day => day.Metrics).Concat(Payloads.Select(day => day.Payloads)).Append("store"))
            {
                session.Scalar($"SELECT max(sequence) FROM {name}.position");
            }
            return true;
        }
        catch (DuckDBException)
        {
            return false;
        }
    }

    public void EnsureMetrics(Day day)
    {
        lock (_changing)
        {
            if (!_metrics.Contains(day))
            {
                Create(day.Metrics, Schema.Observation, MetricsRows, MetricsBlock);
                _metrics = _metrics.Add(day);
            }
        }
    }

    /// <param name="day">The day.</param>
    /// <param name="isOver">A file that is made for a past day is filled at once and compressed as it is.</param>
    public void EnsurePayloads(Day day, bool isOver)
    {
        lock (_changing)
        {
            if (!_payloads.Contains(day))
            {
                Create(day.Payloads, isOver ? Schema.Payload : Schema.UnpackedPayload, isOver ? PackedRows : UnpackedRows, PayloadBlock);
                _payloads = _payloads.Add(day);
            }
        }
    }

    /// <summary>False while the file's log holds something: it was written a moment ago.</summary>
    public bool IsQuiet(string name) => new FileInfo(PathOf(name) + ".wal") is not { Exists: true, Length: > 0 };

    /// <summary>
    /// Writes a file of payloads anew: <paramref name="fill"/> gets the name under which the new one is attached and copies what is to stay.
    /// For the writer's thread, which alone changes files, so nothing is written in between. The old file is whole until the
    /// new one has taken its place; a kill before that leaves a file that the next start deletes.
    /// </summary>
    public void ReplacePayloads(Day day, string tables, Action<string> fill) => Replace(day.Payloads, tables, PackedRows, PayloadBlock, UnpackedRows, fill);

    /// <summary>As <see cref="ReplacePayloads"/>, a file of metrics.</summary>
    public void ReplaceMetrics(Day day, Action<string> fill) => Replace(day.Metrics, Schema.Observation, MetricsRows, MetricsBlock, MetricsRows, fill);

    private void Replace(string name, string tables, int rows, int block, int rowsFromNowOn, Action<string> fill)
    {
        var temporary = PathOf(name) + ".new";
        Make(temporary, rows, block, tables, made =>
        {
            fill(made);
            _session.Execute($"INSERT INTO {made}.position SELECT * FROM {name}.position");
        });
        _use.EnterWriteLock();
        try
        {
            lock (_changing)
            {
                _session.Execute($"CHECKPOINT {name}");
                _session.Execute($"DETACH {name}");
                try
                {
                    File.Delete(PathOf(name) + ".wal");
                    File.Move(temporary, PathOf(name), overwrite: true);
                }
                finally
                {
                    Attach(name, rowsFromNowOn);
                }
            }
        }
        finally
        {
            _use.ExitWriteLock();
        }
    }

    /// <summary>Deletes the files of days that ended at or before the given instants.</summary>
    public int DropBefore(long metricsBeforeTicks, long payloadsBeforeTicks)
    {
        var dropped = 0;
        _use.EnterWriteLock();
        try
        {
            lock (_changing)
            {
                foreach (var day in _payloads.Where(day => day.EndTick <= Math.Max(metricsBeforeTicks, payloadsBeforeTicks)))
                {
                    _payloads = _payloads.Remove(day);
                    _session.Execute($"DETACH {day.Payloads}");
                    Delete(day.Payloads);
                    dropped++;
                }
                foreach (var day in _metrics.Where(day => day.EndTick <= metricsBeforeTicks))
                {
                    _metrics = _metrics.Remove(day);
                    _session.Execute($"DETACH {day.Metrics}");
                    Delete(day.Metrics);
                    dropped++;
                }
            }
        }
        finally
        {
            _use.ExitWriteLock();
        }
        return dropped;
    }

    public void Dispose() => _use.Dispose();

    // Made under another name and renamed, so that a kill in between leaves nothing half made behind. A log that was left
    // behind is not read into a new file.
    private void Create(string name, string table, int rows, int block)
    {
        if (!File.Exists(PathOf(name)))
        {
            var temporary = PathOf(name) + ".new";
            File.Delete(PathOf(name) + ".wal");
            Make(temporary, rows, block, table, made => _session.Execute($"INSERT INTO {made}.position VALUES (0, 0)"));
            File.Move(temporary, PathOf(name));
        }
        Attach(name, rows);
    }

    private void Make(string path, int rows, int block, string tables, Action<string> fill)
    {
        File.Delete(path);
        File.Delete(path + ".wal");
        var name = Path.GetFileName(path)[0] + "_making";
        Attach(name, path, rows, string.Create(CultureInfo.InvariantCulture, $", BLOCK_SIZE {block}"));
        var isFilled = false;
        try
        {
            CreateTables(name, tables);
            fill(name);
            _session.Execute($"CHECKPOINT {name}");
            isFilled = true;
        }
        finally
        {
            _session.Execute($"DETACH {name}");
            if (!isFilled)
            {
                // On a full disk it would hold the space that everything else waits for.
                File.Delete(path);
                File.Delete(path + ".wal");
            }
        }
    }

    private void CreateTables(string name, string tables)
    {
        _session.Execute($"USE {name}");
        try
        {
            _session.Execute(tables);
            _session.Execute(Schema.Position);
        }
        finally
        {
            _session.Execute("USE store");
        }
    }

    // A file that is there says its block size itself; those of former versions have larger ones.
    private void Attach(string name, int rows) => Attach(name, PathOf(name), rows, block: "");

    private void Attach(string name, string path, int rows, string block) =>
        _session.Execute(string.Create(CultureInfo.InvariantCulture, $"ATTACH '{path.Replace("'", "''", StringComparison.Ordinal)}' AS {name} (ROW_GROUP_SIZE {rows}, STORAGE_VERSION 'latest'{block})"));

    private void Delete(string name)
    {
        File.Delete(PathOf(name));
        File.Delete(PathOf(name) + ".wal");
    }

    private string PathOf(string name) => Path.Combine(_folder, name + s_extension);
}
