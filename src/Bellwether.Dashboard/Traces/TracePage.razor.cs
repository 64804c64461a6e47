using System.Globalization;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.JSInterop;

namespace Bellwether.Dashboard;

/// <summary>Requirement T1: one trace, step by step. What is chosen and what is folded stands in the URL.</summary>
public sealed partial class TracePage : IAsyncDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private TraceTree? _tree;
    private List<TraceNode> _visible = [];
    private TraceState _state = TraceState.Parse("");
    private int[] _rowOf = [];
    private StepFeedback _feedback = StepFeedback.None;
    private TraceNode? _selected;
    private Observation? _older;
    private Observation? _newer;
    private DateTimeOffset _readAt;
    private (string Project, string TraceId)? _of;
    private string _path = "";
    private bool _isCut;
    private bool _isRunning;
    private bool _isGone;
    private ElementReference _rows;
    private string? _watched;
    private IJSObjectReference? _module;
    private IJSObjectReference? _keys;
    private IJSObjectReference? _script;
    private DotNetObjectReference<TracePage>? _self;

    [Parameter]
    public string TraceId { get; set; } = "";

    [Inject]
    private TraceReader Traces { get; set; } = default!;

    [Inject]
    private StepFeedbackReader Feedback { get; set; } = default!;

    [Inject]
    private TelemetryReader Reader { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    private string Id => PathPart.Read(TraceId);

    /// <summary>Pixels; the style sheet has the same.</summary>
    private static float RowHeight => 34;

    private string Title => _tree?.Root is { } root ? VisibleText.Flatten(StepKind.Label(root.Step), 80) : "Trace";

    private string ListHref => View.Link($"/p/{Project}/traces", View.Filter);

    /// <summary>A key of the list. Returns the row to scroll to, -1 for none.</summary>
    [JSInvokable]
    public async Task<int> KeyAsync(string key)
    {
        if (_tree is null || _visible.Count == 0) { return -1; }
        var at = _selected is { } chosen ? _visible.FindIndex(node => node.Step.Id == chosen.Step.Id) : -1;
        var next = key switch
        {
            "ArrowDown" or "j" => at + 1,
            "ArrowUp" or "k" => at < 0 ? 0 : at - 1,
            "PageDown" => at + 15,
            "PageUp" => at - 15,
            "Home" => 0,
            "End" => _visible.Count - 1,
            // As in any tree: right opens, then goes in; left folds, then goes out.
            "ArrowRight" when at >= 0 && _visible[at].Children > 0 => at + 1,
            "ArrowLeft" when at >= 0 && _visible[at].Parent >= 0 => _visible.FindIndex(node => node.Index == _visible[at].Parent),
            _ => at,
        };
        if (at >= 0 && _visible[at].Children > 0 && (key == "ArrowRight" && _state.IsFolded(_visible[at]) || key == "ArrowLeft" && !_state.IsFolded(_visible[at])))
        {
            await InvokeAsync(() => Fold(_visible[at]));
            return at;
        }
        if (key == "Escape")
        {
            await InvokeAsync(Close);
            return -1;
        }
        next = Math.Clamp(next, 0, _visible.Count - 1);
        var node = _visible[next];
        await InvokeAsync(() => Choose(node));
        return next;
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        try
        {
            foreach (var script in new[] { _script, _keys })
            {
                if (script is null) { continue; }
                await script.InvokeVoidAsync("dispose");
                await script.DisposeAsync();
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
        if (_isGone) { return; }
        _isGone = true;
        Navigation.LocationChanged -= OnLocation;
        _leaving.Cancel();
        _leaving.Dispose();
        base.Dispose(disposing);
    }

    protected override void OnInitialized()
    {
        base.OnInitialized();
        _state = TraceState.Parse(Navigation.Uri);
        Navigation.LocationChanged += OnLocation;
    }

    protected override async Task OnParametersSetAsync()
    {
        await base.OnParametersSetAsync();
        _path = new Uri(Navigation.Uri).AbsolutePath;
        if (_of is { } of && of != (Project, TraceId))
        {
            _of = (Project, TraceId);
            _tree = null;
            _selected = null;
            _feedback = StepFeedback.None;
            (_find, _found) = ("", []);
            _state = TraceState.Parse(Navigation.Uri);
            await ReloadAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            try
            {
                _module = await Js.InvokeAsync<IJSObjectReference>("import", DashboardAssets.Url("js/requests.js"));
                _keys = await _module.InvokeAsync<IJSObjectReference>("pageKeys");
            }
            catch (JSDisconnectedException)
            {
                return;
            }
        }
        await WatchAsync();
        await ShowFoundAsync();
        await base.OnAfterRenderAsync(firstRender);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        _of = (Project, TraceId);
        // A finished trace that is looked at does not change while others arrive: it is read again for a minute after its end.
        if (_tree is { Nodes.IsEmpty: false } && !_isRunning && Clock.GetUtcNow() - (_tree.Start + _tree.Length) > TimeSpan.FromMinutes(1)) { return; }
        var steps = await Traces.ReadAsync(ProjectId, Id, Range, Clock.GetUtcNow(), cancellationToken);
        _readAt = Clock.GetUtcNow();
        _tree = TraceTree.Of(steps.Items);
        Search();
        _isCut = steps.IsCut;
        _isRunning = steps.Items.Any(step => step.State == ObservationState.Running);
        ShowState();
        StateHasChanged();
        // The steps stand there; what belongs to them follows.
        _feedback = await Feedback.ReadAsync(ProjectId, steps.Items, "", cancellationToken);
        StateHasChanged();
        await FindNeighboursAsync(cancellationToken);
    }

    private async Task FindNeighboursAsync(CancellationToken cancellationToken)
    {
        if (_tree?.Root is not { } root || !FilterSyntax.TryParse(View.Filter, out var filter, out _)) { return; }
        var roots = filter with { Where = TraceReader.Roots(filter, all: !IsChain(root.Step)) };
        var neighbours = new Neighbours(Reader.ReadPageAsync);
        _older = await ReadAsync(await neighbours.OlderAsync(root.Step, Range, roots, cancellationToken));
        _newer = await ReadAsync(await neighbours.NewerAsync(root.Step, Range, roots, cancellationToken));

        async Task<Observation?> ReadAsync(Guid? id) => id is { } known ? (await Reader.ReadAsync(ProjectId, known, cancellationToken))?.Observation : null;
    }

    private static bool IsChain(Observation step) => !step.IsCall;

    private void ShowState()
    {
        if (_tree is null) { return; }
        _visible = _tree.Visible(_state.IsFolded);
        _rowOf = new int[_tree.Nodes.Length];
        for (var row = 0; row < _visible.Count; row++) { _rowOf[_visible[row].Index] = row + 1; }
        _selected = _state.Step is { } step ? _tree.Nodes.FirstOrDefault(node => node.Step.Id == step) : null;
    }

    private void Choose(TraceNode node) => Go(_state with { Step = node.Step.Id });

    private void Fold(TraceNode node) => Go(_state.Toggle(node));

    private void FoldAll() => Go(_state with { FoldsAll = !_state.FoldsAll, Named = [] });

    private void Close() => Go(_state with { Step = null });

    // Shown at once; the URL follows. Going through thirty steps by key is not thirty entries of the history.
    private void Go(TraceState state)
    {
        _state = state;
        ShowState();
        StateHasChanged();
        Navigation.NavigateTo(state.Apply(Navigation.Uri), replace: true);
    }

    private void OnLocation(object? sender, LocationChangedEventArgs args)
    {
        if (new Uri(args.Location).AbsolutePath != _path || _state.IsSaidBy(args.Location)) { return; }
        _state = TraceState.Parse(args.Location);
        _ = InvokeAsync(() =>
        {
            ShowState();
            StateHasChanged();
        });
    }

    private async Task WatchAsync()
    {
        if (_module is null || _tree is null || _tree.Nodes.IsEmpty || _watched == _rows.Id || _isGone) { return; }
        _watched = _rows.Id;
        try
        {
            if (_script is not null) { await _script.InvokeVoidAsync("dispose"); }
            _self ??= DotNetObjectReference.Create(this);
            _script = await _module.InvokeAsync<IJSObjectReference>("tree", _rows, _self, _selected is { } chosen ? _visible.IndexOf(chosen) : -1);
        }
        catch (JSDisconnectedException)
        {
            // The browser left between render and script.
        }
    }

    private string Href(Observation? root) => root is null ? "" : View.Link($"/p/{Project}/traces/{PathPart.Write(root.TraceId)}", View.Filter);

    private static string RowId(TraceNode node) => "step-" + node.Step.Id.ToString("N", CultureInfo.InvariantCulture);

    private static string Plural(int count, string word) => $"{Format.Count(count)} {word}{(count == 1 ? "" : "s")}";
}
