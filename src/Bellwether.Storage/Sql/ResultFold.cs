using System.Collections.Immutable;
using System.Data.Common;
using Bellwether.Telemetry;

namespace Bellwether.Storage.Sql;

/// <summary>Adds up what the sources of a query returned and orders it as <see cref="QueryResult"/> promises.</summary>
internal sealed class ResultFold(QueryShape shape)
{
    private static readonly int s_mostCells = 1_000_000;

    private readonly Dictionary<Key, Cell> _cells = [];
    // Distinct counts cannot be added over buckets, so ranking by one needs it per group over the whole window.
    private readonly Dictionary<Key, Cell> _totals = [];

    /// <summary>The cell that a row's first columns (bucket if any, then the groups) name.</summary>
    public Cell CellOf(DbDataReader row, out int nextColumn)
    {
        var column = 0;
        long? bucket = shape.Step is null ? null : row.GetInt64(column++);
        var key = new Key(bucket, ReadGroup(row, ref column));
        nextColumn = column;
        return CellOf(key);
    }

    /// <summary>As <see cref="CellOf(DbDataReader, out int)"/>, of a query without groups.</summary>
    public Cell CellAt(long bucket) => CellOf(new Key(bucket, []));

    private Cell CellOf(Key key)
    {
        if (!_cells.TryGetValue(key, out var cell))
        {
            if (_cells.Count >= s_mostCells)
            {
                throw new TelemetryQueryException("by", $"This would make more than {s_mostCells} groups; add a filter or shorten the window.");
            }
            _cells[key] = cell = new Cell();
        }
        return cell;
    }

    /// <summary>As <see cref="CellOf"/>, for a distinct count of a group over the whole window.</summary>
    public Cell TotalOf(DbDataReader row, out int nextColumn)
    {
        var column = 0;
        var key = new Key(null, ReadGroup(row, ref column));
        nextColumn = column;
        return _totals.TryGetValue(key, out var cell) ? cell : _totals[key] = new Cell();
    }

    public QueryResult Result(bool fromRollups)
    {
        if (shape is { Step: null, Groups.IsEmpty: true } && _cells.Count == 0)
        {
            // A total always has its one row: nothing happened is an answer.
            _cells[new Key(null, [])] = new Cell();
        }
        IEnumerable<KeyValuePair<Key, Cell>> cells = _cells.Where(cell => !cell.Value.IsEmpty || (shape.Step is null && shape.Groups.IsEmpty));
        var kept = LargestGroups();
        var rows = cells
            .Where(cell => kept is null || kept.Contains(cell.Key.Group))
            .Select(cell => new QueryRow(
                cell.Key.Bucket is { } bucket ? UnixTicks.ToTime(bucket) : null,
                cell.Key.Group,
                [.. shape.Query.Measures.Select(cell.Value.Value)]))
            .OrderBy(row => row.Bucket)
            .ThenByDescending(row => row.Values[0] ?? double.NegativeInfinity)
            .ThenBy(row => row.Group, GroupOrder.Instance);
        return new QueryResult([.. rows]) { FromRollups = fromRollups };
    }

    private HashSet<ImmutableArray<string>>? LargestGroups()
    {
        if (shape.Groups.IsEmpty)
        {
            return null;
        }
        foreach (var (key, cell) in _cells)
        {
            var group = new Key(null, key.Group);
            (_totals.TryGetValue(group, out var total) ? total : _totals[group] = new Cell()).Merge(cell);
        }
        var after = shape.Query.After;
        if (_totals.Count <= shape.Limit && after is null)
        {
            return null;
        }
        var first = shape.Query.Measures[0];
        var ranksByCell = shape.Step is null && Distinct.Of(first) is not null;
        return _totals
            .Select(total => (total.Key.Group, Rank: (ranksByCell ? _cells[total.Key].Value(first) : total.Value.Value(first)) ?? double.NegativeInfinity))
            .Where(ranked => after is null || IsBehind(ranked.Group, ranked.Rank, after))
            .OrderByDescending(ranked => ranked.Rank)
            .ThenBy(ranked => ranked.Group, GroupOrder.Instance)
            .Take(shape.Limit)
            .Select(ranked => ranked.Group)
            .ToHashSet(GroupOrder.Instance);
    }

    private static bool IsBehind(ImmutableArray<string> group, double rank, GroupPosition after)
    {
        var order = rank.CompareTo(after.Value ?? double.NegativeInfinity);
        return order < 0 || (order == 0 && GroupOrder.Instance.Compare(group, after.Group) > 0);
    }

    private ImmutableArray<string> ReadGroup(DbDataReader row, ref int column)
    {
        if (shape.Groups.IsEmpty)
        {
            return [];
        }
        var group = ImmutableArray.CreateBuilder<string>(shape.Groups.Length);
        for (var i = 0; i < shape.Groups.Length; i++)
        {
            group.Add(row.GetString(column++));
        }
        return group.MoveToImmutable();
    }

    private readonly record struct Key(long? Bucket, ImmutableArray<string> Group)
    {
        public bool Equals(Key other) => Bucket == other.Bucket && GroupOrder.Instance.Equals(Group, other.Group);

        public override int GetHashCode() => HashCode.Combine(Bucket, GroupOrder.Instance.GetHashCode(Group));
    }

    /// <summary>Groups by their values, in order.</summary>
    private sealed class GroupOrder : IEqualityComparer<ImmutableArray<string>>, IComparer<ImmutableArray<string>>
    {
        public static readonly GroupOrder Instance = new();

        public bool Equals(ImmutableArray<string> left, ImmutableArray<string> right) => left.AsSpan().SequenceEqual(right.AsSpan());

        public int GetHashCode(ImmutableArray<string> group)
        {
            var hash = new HashCode();
            foreach (var value in group)
            {
                hash.Add(value, StringComparer.Ordinal);
            }
            return hash.ToHashCode();
        }

        public int Compare(ImmutableArray<string> left, ImmutableArray<string> right)
        {
            for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
            {
                var order = string.CompareOrdinal(left[i], right[i]);
                if (order != 0)
                {
                    return order;
                }
            }
            return left.Length.CompareTo(right.Length);
        }
    }
}
