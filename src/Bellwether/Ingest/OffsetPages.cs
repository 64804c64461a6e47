using System.Collections.Immutable;

namespace Bellwether.Ingest;

/// <summary>Pages by number, as some clients ask for them, over a store that goes on behind a cursor: what lies before the page is read past.</summary>
internal static class OffsetPages
{
    /// <summary>Reading past more is asking for something else: a narrower window.</summary>
    public static readonly int Farthest = 100_000;
    private const int MostAtOnce = 1_000;

    /// <param name="offset">How many things come before, at most <see cref="Farthest"/>.</param>
    /// <param name="limit">How many are wanted.</param>
    /// <param name="read">Reads as many as it is told behind a cursor, and says where they end; null at the end of all.</param>
    public static async Task<IReadOnlyList<T>> ReadAsync<T>(int offset, int limit, Func<string?, int, ValueTask<(ImmutableArray<T> Items, string? Next)>> read)
    {
        var items = new List<T>();
        string? cursor = null;
        do
        {
            var (some, next) = await read(cursor, Math.Clamp(offset + limit - items.Count, 1, MostAtOnce));
            items.AddRange(some.Skip(offset).Take(limit - items.Count));
            offset = Math.Max(0, offset - some.Length);
            cursor = next;
        }
        while (cursor is not null && items.Count < limit);
        return items;
    }
}
