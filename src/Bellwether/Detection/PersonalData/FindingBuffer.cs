using System.Buffers;

namespace Bellwether.Detection;

/// <summary>
/// Collects findings without allocating while there are none, and resolves their overlaps. Reused by one thread after another,
/// never by two at once.
/// </summary>
public sealed class FindingBuffer
{
    private PersonalDataFinding[] _items = [];

    public int Count { get; private set; }

    /// <summary>Units that were passed over in search of the beginning or the end of a word since <see cref="Clear"/>: what makes work more than linear, for tests of its bound.</summary>
    internal long Looked { get; set; }

    /// <summary>Of the text that is being walked.</summary>
    internal QuietStretches Quiet = new();

    /// <summary>Of the number that is being read.</summary>
    internal DigitRun Run { get; } = new();

    /// <summary>In the order of their start and without overlaps, once they are resolved.</summary>
    public ReadOnlySpan<PersonalDataFinding> Items => _items.AsSpan(0, Count);

    public void Clear()
    {
        Count = 0;
        Looked = 0;
        // A hostile text's thousands of findings are not kept for the next, quiet one.
        if (_items.Length > 4_096)
        {
            _items = [];
        }
    }

    internal void Add(PersonalDataType type, int start, int end, float confidence)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(16, _items.Length * 2));
        }
        _items[Count++] = new(type, start, end, confidence);
    }

    internal void Cut(int count) => Count = count;

    internal Span<PersonalDataFinding> From(int index) => _items.AsSpan(index, Count - index);

    /// <summary>Sorts what was added since <paramref name="from"/>; of two that overlap the kind of higher priority stays, of one kind the longer.</summary>
    internal void Resolve(int from = 0)
    {
        if (Count - from < 2)
        {
            return;
        }
        var items = From(from);
        Sort(items);
        var kept = 0;
        foreach (var item in items)
        {
            while (kept > 0 && item.Start < items[kept - 1].End && Beats(item, items[kept - 1]))
            {
                kept--;
            }
            if (kept == 0 || item.Start >= items[kept - 1].End)
            {
                items[kept++] = item;
            }
        }
        Count = from + kept;
    }

    // By start, of those that start together the longest first. As numbers: a comparison that is called costs most of a text full of findings.
    private static void Sort(Span<PersonalDataFinding> items)
    {
        var keys = ArrayPool<ulong>.Shared.Rent(items.Length);
        var isSorted = true;
        for (var i = 0; i < items.Length; i++)
        {
            keys[i] = ((ulong)items[i].Start << 32) | (uint)(int.MaxValue - items[i].End);
            isSorted &= i == 0 || keys[i - 1] <= keys[i];
        }
        if (!isSorted)
        {
            keys.AsSpan(0, items.Length).Sort(items);
        }
        ArrayPool<ulong>.Shared.Return(keys);
    }

    private static bool Beats(PersonalDataFinding a, PersonalDataFinding b) => a.Type != b.Type ? a.Type < b.Type : a.Length > b.Length;
}
