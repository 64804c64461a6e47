using System.Collections.Frozen;

namespace Bellwether.Storage.DuckDb;

/// <summary>Which columns of the observation table a piece of SQL names.</summary>
internal static class ObservationColumns
{
    // Those that only queries use are not written and read with the others.
    private static readonly FrozenSet<string> s_all = ObservationRow.Columns.Split([',', ' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .Concat(["is_error", "latency_bucket", "ttft_bucket", "cost_bucket"]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>A list of them for a SELECT. One that only a literal names is in it too, which costs little.</summary>
    public static string NamedIn(string sql)
    {
        // Counting rows needs a column, too.
        var named = new SortedSet<string>(StringComparer.Ordinal) { "start_ticks" };
        for (var i = 0; i < sql.Length; i++)
        {
            var start = i;
            while (i < sql.Length && (char.IsAsciiLetterOrDigit(sql[i]) || sql[i] == '_'))
            {
                i++;
            }
            if (i > start && s_all.TryGetValue(sql[start..i], out var column))
            {
                named.Add(column);
            }
        }
        return string.Join(", ", named);
    }
}
