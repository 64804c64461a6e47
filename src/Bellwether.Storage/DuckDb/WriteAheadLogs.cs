namespace Bellwether.Storage.DuckDb;

/// <summary>
/// Keeps the write-ahead logs short: a start after a crash reads all of them again before the server is ready, about a second
/// for 64 MiB. DuckDB merges a log into its file when the log is full or the file is closed. The log of a day that is over is
/// never filled and its file stays open, so that without this every day since the last clean stop would add its log to the
/// next start. What a log holds also lies in memory until it is merged, and of metrics in blocks of 32 KiB, each of which DuckDB writes into a file
/// of its own when memory runs out: so a file of metrics is merged before its rows are that many. Used by the writer's thread only.
/// </summary>
internal sealed class WriteAheadLogs(string folder, long budgetBytes, TimeProvider clock)
{
    private static readonly string s_extension = ".duckdb.wal";
    // A day that is written now and then is not merged again and again.
    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(1);

    // About 550 bytes each in memory. Fewer, and the last row group, which a merge writes anew, is too large a part of it.
    private const int MostRows = 32_768;

    private readonly Dictionary<string, (long Bytes, long Since)> _seen = [];
    private readonly Dictionary<string, int> _rows = [];

    /// <summary>Notes that rows of metrics were committed to a file.</summary>
    public void Added(string name, int rows) => _rows[name] = _rows.GetValueOrDefault(name) + rows;

    /// <summary>Merges the log of a file to which enough rows were added since its last merge, if there is one.</summary>
    public void MergeFull(DuckDbSession session)
    {
        if (_rows.FirstOrDefault(pair => pair.Value >= MostRows).Key is { } name) { Merge(session, name); }
    }

    /// <summary>Merges a log that nothing was added to for a minute, or the largest when all together are over the budget. False when there is none to merge.</summary>
    public bool MergeNext(DuckDbSession session)
    {
        var now = clock.GetTimestamp();
        string? quiet = null;
        var (largest, largestBytes, total) = ("", 0L, 0L);
        foreach (var log in new DirectoryInfo(folder).EnumerateFiles("*" + s_extension).Where(log => log.Length > 0))
        {
            var name = log.Name[..^s_extension.Length];
            if (!_seen.TryGetValue(name, out var seen) || seen.Bytes != log.Length)
            {
                _seen[name] = seen = (log.Length, now);
            }
            if (clock.GetElapsedTime(seen.Since, now) >= s_quiet)
            {
                quiet ??= name;
            }
            if (log.Length > largestBytes)
            {
                (largest, largestBytes) = (name, log.Length);
            }
            total += log.Length;
        }
        if ((quiet ?? (total > budgetBytes ? largest : null)) is not { } next)
        {
            return false;
        }
        Merge(session, next);
        return true;
    }

    private void Merge(DuckDbSession session, string name)
    {
        _seen.Remove(name);
        _rows.Remove(name);
        session.Execute($"CHECKPOINT {name}");
    }
}
