using System.Collections.Immutable;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Bellwether.Dashboard;

/// <summary>
/// The search line with proposals for fields and values. The text belongs to the browser while it is typed (a round trip must
/// not eat letters); only what is submitted comes back into the URL.
/// </summary>
public sealed partial class SearchBox : IAsyncDisposable
{
    private ImmutableArray<Completion> _proposals = [];
    private ElementReference _input;
    private IJSObjectReference? _module;
    private IJSObjectReference? _script;
    private DotNetObjectReference<SearchBox>? _self;
    private CancellationTokenSource? _asking;

    /// <summary>The line that holds now.</summary>
    [Parameter, EditorRequired]
    public string Value { get; set; } = "";

    [Parameter, EditorRequired]
    public ProjectId Project { get; set; }

    /// <summary>Values are proposed out of this window.</summary>
    [Parameter, EditorRequired]
    public TimeRange Range { get; set; }

    /// <summary>Names of callers' properties.</summary>
    [Parameter]
    public ImmutableArray<string> Properties { get; set; } = [];

    /// <summary>Why the line cannot be read; null when it can.</summary>
    [Parameter]
    public string? Problem { get; set; }

    [Parameter]
    public EventCallback<string> OnSubmit { get; set; }

    [Inject]
    private TelemetryReader Reader { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    [JSInvokable]
    public async Task TypedAsync(string line, int caret)
    {
        var asking = await SupersedeAsync();
        if (line.Length > FilterSyntax.LongestLine) { return; }
        var point = SearchCompletion.PointAt(line, caret);
        try
        {
            _proposals = point.Field is null
                ? SearchCompletion.Fields(line, point, Properties)
                : SearchCompletion.Values(line, point, await FoundAsync(point.Field.Name, asking.Token));
        }
        catch (OperationCanceledException)
        {
            return;   // more was typed
        }
        catch (TelemetryQueryException)
        {
            _proposals = SearchCompletion.Values(line, point, []);
        }
        if (!asking.IsCancellationRequested) { await InvokeAsync(StateHasChanged); }
    }

    [JSInvokable]
    public async Task ClosedAsync()
    {
        await SupersedeAsync();
        _proposals = [];
        await InvokeAsync(StateHasChanged);
    }

    [JSInvokable]
    public async Task SubmitAsync(string line)
    {
        await ClosedAsync();
        var trimmed = line.Trim();
        if (trimmed != Value) { await InvokeAsync(() => OnSubmit.InvokeAsync(trimmed)); }
    }

    public async ValueTask DisposeAsync()
    {
        if (_asking is not null)
        {
            await _asking.CancelAsync();
            _asking.Dispose();
        }
        try
        {
            if (_script is not null)
            {
                await _script.InvokeVoidAsync("dispose");
                await _script.DisposeAsync();
            }
            if (_module is not null) { await _module.DisposeAsync(); }
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and its listeners with it.
        }
        _self?.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) { return; }
        try
        {
            _self = DotNetObjectReference.Create(this);
            _module = await Js.InvokeAsync<IJSObjectReference>("import", DashboardAssets.Url("js/requests.js"));
            _script = await _module.InvokeAsync<IJSObjectReference>("search", _input, _self);
        }
        catch (JSDisconnectedException)
        {
            // The browser left between render and script.
        }
    }

    private async Task<CancellationTokenSource> SupersedeAsync()
    {
        var asking = new CancellationTokenSource();
        var former = _asking;
        _asking = asking;
        if (former is not null)
        {
            await former.CancelAsync();
            former.Dispose();
        }
        return asking;
    }

    private async Task<IEnumerable<FacetItem>> FoundAsync(string field, CancellationToken cancellationToken)
    {
        var kind = FilterField.Find(field)?.Kind;
        if (kind != FilterFieldKind.Text) { return []; }
        return await new RequestQueries(Reader).FacetAsync(Project, Range, FilterExpression.Empty, field, 200, cancellationToken);
    }

    private Task ClearAsync() => OnSubmit.InvokeAsync("");
}
