using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using Microsoft.Extensions.Logging;
using Microsoft.JSInterop;

namespace Bellwether.Dashboard;

/// <summary>The list of requests: search, facets, volume, rows that are read as one scrolls, and new ones as they arrive.</summary>
public sealed partial class RequestsPage : IAsyncDisposable
{
    private static readonly TimeSpan TailEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, FacetCounts> _facets = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _leaving = new();
    private CancellationToken _left;
    private RequestRows _rows = default!;
    private RequestQueries _queries = default!;
    private RequestsState _state = default!;
    private FilterExpression _expression = FilterExpression.Empty;
    private FilterProblem? _problem;
    private Question? _question;
    private TimeScale? _scale;
    private ImmutableArray<VolumeBucket> _volume = [];
    private ImmutableArray<string> _properties = [];
    private Virtualize<Observation>? _virtual;
    private ElementReference _table;
    private ElementReference _watched;
    private IJSObjectReference? _module;
    private IJSObjectReference? _script;
    private DotNetObjectReference<RequestsPage>? _self;
    private IDisposable? _tail;
    private ProjectId _tailed;
    private Guid? _selected;
    private bool? _hasAny;
    private bool _isGone;
    private bool _isShown;
    private bool _isLooking;
    private bool _missed;
    private bool _isCompact;
    private bool _atTop = true;
    private bool _jumped;
    private bool _withDate;
    private int _waiting;

    /// <summary>What the rows on the page answer; a change of it starts the list over.</summary>
    private sealed record Question(ProjectId Project, string From, string To, string Filter, bool Utc, bool AllSteps);

    [Inject]
    private TelemetryReader Reader { get; set; } = default!;

    [Inject]
    private IChangeFeed Feed { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    [Inject]
    private ILogger<RequestsPage> Logger { get; set; } = default!;

    private bool IsLive => View.Refresh != Refresh.Off && View.IsRelative;

    /// <summary>Unless the URL says so, a phone shows the list first.</summary>
    private bool ShowsFacets => _state.Facets ?? !_isCompact;

    /// <summary>Pixels; the style sheet has the same.</summary>
    private float RowHeight => _isCompact ? 60 : 34;

    private bool NamesKind => _expression.Where.Any(filter => filter.Field == "kind");

    /// <summary>What the rows answer: calls, unless the steps around them are asked for.</summary>
    private FilterExpression Listed => _state.AllSteps || NamesKind ? _expression : _expression with { Where = [.. _expression.Where, TraceReader.IsCall] };

    /// <summary>What the counts answer: metrics count calls by themselves unless a query names the kind.</summary>
    private FilterExpression Counted => _state.AllSteps && !NamesKind ? _expression with { Where = [.. _expression.Where, new Filter("kind", FilterOp.Exists, [])] } : _expression;

    private string Tracks => RequestColumn.Tracks(_state.Columns, _withDate);

    private string? ActiveRow => _selected is { } id ? RequestRow.ElementId(id) : null;

    private string Waiting => _waiting >= RequestRows.MostPeeked ? string.Create(CultureInfo.InvariantCulture, $"{RequestRows.MostPeeked}+") : Format.Count(_waiting);

    private string Summary
    {
        get
        {
            if (!_isShown || _volume.IsDefaultOrEmpty || _problem is not null) { return ""; }
            var total = _volume.Sum(bucket => bucket.Count);
            var errors = _volume.Sum(bucket => bucket.Errors);
            return errors > 0 ? $"{Format.Count(total)} · {Format.Count(errors)} failed" : Format.Count(total);
        }
    }

    /// <summary>The same question, ending at the last row.</summary>
    private string Continue => _rows.Rows.Count == 0 ? Navigation.Uri
        : View.WithRange(new(Range.From, _rows.Rows[^1].StartTime)).Apply(Navigation.Uri);

    public async ValueTask DisposeAsync()
    {
        Dispose();
        try
        {
            if (_script is not null)
            {
                await _script.InvokeVoidAsync("dispose");
                await _script.DisposeAsync();
            }
            if (_module is not null) { await _module.DisposeAsync(); }
        }
        catch (Exception error) when (error is JSDisconnectedException or OperationCanceledException)
        {
            // The page is gone, and its listeners with it.
        }
        _self?.Dispose();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_left.IsCancellationRequested)
        {
            Navigation.LocationChanged -= OnLocation;
            _tail?.Dispose();
            _leaving.Cancel();
            _leaving.Dispose();
        }
        if (!_isGone) { base.Dispose(disposing); }
        _isGone = true;
    }

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _left = _leaving.Token;
        _rows = new(Reader.ReadPageAsync);
        _queries = new(Reader);
        _state = RequestsState.Parse(Navigation.Uri);
        ReadFilter();
        Navigation.LocationChanged += OnLocation;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            try
            {
                _module = await Js.InvokeAsync<IJSObjectReference>("import", DashboardAssets.Url("js/requests.js"));
                _isCompact = await _module.InvokeAsync<bool>("isCompact");
            }
            catch (JSDisconnectedException)
            {
                return;
            }
        }
        await WatchAsync();
        await base.OnAfterRenderAsync(firstRender);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_tail is null || _tailed != ProjectId) { Follow(); }
        if (!ReadFilter())
        {
            // The values stay to choose from, over everything: choosing one is a way out.
            await ReadFacetsAsync(cancellationToken);
            return;
        }
        var question = new Question(ProjectId, View.From, View.To, View.Filter, View.Utc, _state.AllSteps);
        if (question != _question)
        {
            await StartAsync(question, cancellationToken);
            if (_missed) { await UpdateAsync(View.Refresh.IsLive, cancellationToken); }
        }
        else
        {
            await UpdateAsync(IsLive, cancellationToken);
        }
        await ReadVolumeAsync(cancellationToken);
        await ReadFacetsAsync(cancellationToken);
    }

    private async Task StartAsync(Question question, CancellationToken cancellationToken)
    {
        _question = null;
        _isShown = false;
        _selected = null;
        _waiting = 0;
        _jumped = false;
        _atTop = true;
        _withDate = Range.Length > TimeSpan.FromHours(20);
        StateHasChanged();
        await _rows.LoadAsync(new(ProjectId, Range, RequestRows.PageSize) { Where = Listed.Where, Text = Listed.Text }, cancellationToken);
        if (_rows.Rows.Count == 0)
        {
            _hasAny = await _queries.HasAnyAsync(ProjectId, Clock.GetUtcNow(), cancellationToken);
        }
        _question = question;
        await ShowRowsAsync();
    }

    private async Task ShowRowsAsync()
    {
        _isShown = true;
        _properties = [.. _rows.Rows.Take(200).SelectMany(row => row.Properties).Select(property => property.Key).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(30)];
        StateHasChanged();
        await DrawAsync();
    }

    private async Task DrawAsync()
    {
        if (_virtual is not null) { await _virtual.RefreshDataAsync(); }
        StateHasChanged();
    }

    private async Task ReadVolumeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var scale = TimeScale.For(Range, 90);
            _volume = await _queries.VolumeAsync(ProjectId, scale, Counted, cancellationToken);
            _scale = scale;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The rows are what matters; the bar stays empty and says nothing wrong.
            Log.LoadFailed(Logger, error, nameof(VolumeBar));
            _volume = [];
        }
        StateHasChanged();
    }

    // Without the rows nothing is counted, and nothing is on its way.
    private FacetCounts CountsOf(Facet facet) =>
        _facets.GetValueOrDefault(facet.Field) ?? (Failure is not null && !IsBusy ? FacetCounts.Unread with { Failure = "Not counted." } : FacetCounts.Unread);

    private async Task ReadFacetsAsync(CancellationToken cancellationToken)
    {
        if (!ShowsFacets) { return; }
        if (_problem is null && _rows.Rows.Count == 0 && _expression.IsEmpty)
        {
            foreach (var facet in Facet.All) { _facets[facet.Field] = new([]); }
            return;
        }
        foreach (var facet in Facet.All.Where(IsOpen))
        {
            await ReadFacetAsync(facet, cancellationToken);
        }
    }

    private async Task ReadFacetAsync(Facet facet, CancellationToken cancellationToken)
    {
        try
        {
            _facets[facet.Field] = new(await _queries.FacetAsync(ProjectId, Range, Counted, facet.Field, facet.Top, cancellationToken));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Log.LoadFailed(Logger, error, nameof(FacetGroup));
            _facets[facet.Field] = FacetCounts.Unread with { Failure = "Could not be counted." };
        }
        StateHasChanged();
    }

    private async ValueTask<ItemsProviderResult<Observation>> ProvideAsync(ItemsProviderRequest request)
    {
        while (request.StartIndex + request.Count > _rows.Rows.Count && _rows.HasMore && !_rows.IsFull)
        {
            // Not the request's token: a page that is under way serves the next request too.
            if (!await _rows.LoadMoreAsync(_left)) { break; }
        }
        var rest = _rows.HasMore && !_rows.IsFull ? 30 : 0;
        return new(_rows.Rows.Skip(request.StartIndex).Take(request.Count), _rows.Rows.Count + rest);
    }

    private bool ReadFilter() => FilterSyntax.TryParse(View.Filter, out _expression, out _problem);

    private Task ReadAgainAsync()
    {
        _question = null;
        return ReloadAsync();
    }
}
