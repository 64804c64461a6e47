using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>Reads a page; <see cref="TelemetryReader.ReadPageAsync"/> outside of tests.</summary>
internal delegate ValueTask<ObservationPage> ReadPage(ObservationPageRequest request, CancellationToken cancellationToken);

/// <summary>What a look at the newest rows brought.</summary>
/// <param name="Added">Rows that were not there before.</param>
/// <param name="Jumped">More arrived than one look reads: the list starts anew at the newest, and scrolling reads what lies between.</param>
internal readonly record struct TailResult(int Added, bool Jumped);

/// <summary>
/// The rows of the request list: pages below each other as one scrolls, and newer rows put on top as they arrive. Holds at
/// most <see cref="MostRows"/>; what lies beyond is read again when it is scrolled to. Not thread-safe: lives on a circuit.
/// </summary>
internal sealed class RequestRows(ReadPage read)
{
    public const int PageSize = 100;
    /// <summary>Bounds what a circuit holds: about 1 KB each.</summary>
    public const int MostRows = 5_000;
    /// <summary>Where the counter of a paused list ends.</summary>
    public const int MostPeeked = 2 * PageSize;
    /// <summary>How many rows stay when newer ones push on at the top.</summary>
    private const int KeptWhileTailing = 500;

    private readonly HashSet<Guid> _known = [];
    private List<Observation> _rows = [];
    private ObservationPageRequest? _request;
    private string? _cursor;
    private Task<bool>? _loadingMore;

    public IReadOnlyList<Observation> Rows => _rows;

    /// <summary>Older rows are there to be read.</summary>
    public bool HasMore { get; private set; }

    /// <summary>The list ends here although there is more: a shorter range shows the rest.</summary>
    public bool IsFull => _rows.Count >= MostRows;

    /// <summary>Starts over with the newest page of a question.</summary>
    public async Task LoadAsync(ObservationPageRequest request, CancellationToken cancellationToken)
    {
        var page = await read(request with { Limit = PageSize, Cursor = null }, cancellationToken);
        _loadingMore = null;
        _request = request;
        Reset(page);
    }

    /// <summary>Reads the next older page. Callers that ask while one is read wait for the same one.</summary>
    public Task<bool> LoadMoreAsync(CancellationToken cancellationToken)
    {
        if (_loadingMore is { IsCompleted: false } running)
        {
            return running;
        }
        return _loadingMore = MoreAsync(cancellationToken);
    }

    /// <summary>Puts rows that are newer than the last look on top. The window's end moves with the clock.</summary>
    public async Task<TailResult> LookAsync(TimeRange window, CancellationToken cancellationToken)
    {
        if (_request is not { } request)
        {
            return default;
        }
        var page = await read(request with { Window = window, Limit = MostPeeked, Cursor = null }, cancellationToken);
        if (_request != request)
        {
            return default;   // a new question was asked meanwhile
        }
        _request = request with { Window = window };
        var fresh = page.Items.Where(row => !_known.Contains(row.Id)).ToList();
        if (_rows.Count > 0 && fresh.Count == page.Items.Length && page.Next is not null)
        {
            Reset(page);
            return new(fresh.Count, Jumped: true);
        }
        Merge(page.Items, fresh);
        return new(fresh.Count, Jumped: false);
    }

    /// <summary>How many rows a look would add, up to two pages, without adding them: the counter of a paused list.</summary>
    public async Task<int> PeekAsync(TimeRange window, CancellationToken cancellationToken)
    {
        if (_request is not { } request)
        {
            return 0;
        }
        var page = await read(request with { Window = window, Limit = MostPeeked, Cursor = null }, cancellationToken);
        return page.Items.Count(row => !_known.Contains(row.Id) && (!HasMore || _rows.Count == 0 || row.StartTime >= _rows[^1].StartTime));
    }

    private async Task<bool> MoreAsync(CancellationToken cancellationToken)
    {
        if (_request is not { } request || !HasMore || IsFull)
        {
            return false;
        }
        // After a cut there is no cursor: go on from the time of the last row that stayed, and skip what is known.
        var window = _cursor is null && _rows.Count > 0 && _rows[^1].StartTime.AddTicks(10) < request.Window.To
            ? request.Window with { To = _rows[^1].StartTime.AddTicks(10) }
            : request.Window;
        var page = await read(request with { Window = window, Limit = PageSize, Cursor = _cursor }, cancellationToken);
        // The tail may move the window's end while a page is read; any other change is a new question.
        if (_request is null || _request with { Window = default } != request with { Window = default })
        {
            return false;
        }
        foreach (var row in page.Items)
        {
            if (_known.Add(row.Id)) { _rows.Add(row); }
        }
        _cursor = page.Next;
        HasMore = page.Next is not null;
        return page.Items.Length > 0;
    }

    private void Reset(ObservationPage page)
    {
        _rows = [.. page.Items];
        _known.Clear();
        _known.UnionWith(_rows.Select(row => row.Id));
        _cursor = page.Next;
        HasMore = page.Next is not null;
    }

    private void Merge(ImmutableArray<Observation> seen, List<Observation> fresh)
    {
        // A running call that ended comes again under the same id.
        var newer = seen.ToDictionary(row => row.Id);
        for (var i = 0; i < _rows.Count && i < seen.Length + PageSize; i++)
        {
            if (newer.TryGetValue(_rows[i].Id, out var row)) { _rows[i] = row; }
        }
        if (fresh.Count == 0)
        {
            return;
        }
        // A long call is recorded when it ends and stands where it began, so fresh rows may belong below older ones.
        var merged = new List<Observation>(_rows.Count + fresh.Count);
        var next = 0;
        foreach (var row in _rows)
        {
            while (next < fresh.Count && fresh[next].StartTime >= row.StartTime) { merged.Add(fresh[next++]); }
            merged.Add(row);
        }
        // Beyond the last row only when nothing older is left to read: else scrolling brings it, in its place.
        if (!HasMore) { merged.AddRange(fresh.Skip(next)); }
        if (merged.Count > MostRows)
        {
            merged.RemoveRange(KeptWhileTailing, merged.Count - KeptWhileTailing);
            _cursor = null;
            HasMore = true;
        }
        _rows = merged;
        _known.Clear();
        _known.UnionWith(_rows.Select(row => row.Id));
    }
}
