using System.Globalization;

namespace Bellwether.Storage.DuckDb;

/// <summary>
/// SQL that groups the same rows by several columns at once: every slice of the rollups in one statement, because planning and
/// reading the hour once for each of them took most of the time of building them.
/// </summary>
/// <param name="slices">The name under which a slice is stored, and its column, which is never null.</param>
internal sealed class RollupSlices(IReadOnlyList<(string Name, string Column)> slices)
{
    /// <summary>The stored name of the slice that a row of the result belongs to; empty where no slice is grouped by.</summary>
    public string Name
    {
        get
        {
            // A bit for each column that a set leaves out, the first column's is the highest.
            var all = (1 << slices.Count) - 1;
            var cases = slices.Select((slice, at) => string.Create(CultureInfo.InvariantCulture, $"WHEN {all & ~(1 << (slices.Count - 1 - at))} THEN '{slice.Name}'"));
            return $"CASE GROUPING_ID({string.Join(", ", slices.Select(slice => slice.Column))}) {string.Join(" ", cases)} ELSE '' END";
        }
    }

    /// <summary>The slice's value: the one column that is grouped by.</summary>
    public string Value => $"coalesce({string.Join(", ", slices.Select(slice => slice.Column))}, '')";

    /// <summary>A set for each slice.</summary>
    /// <param name="columns">What all are grouped by besides.</param>
    public string Sets(string columns) => string.Join(", ", slices.Select(slice => $"({columns}, {slice.Column})"));
}
