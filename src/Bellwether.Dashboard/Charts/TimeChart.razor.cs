using Bellwether.Primitives;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using Microsoft.JSInterop;

namespace Bellwether.Dashboard;

/// <summary>
/// A chart over time. Drawn by our own module over Apache ECharts; the same values stand in a table and in a sentence, for
/// those who do not see it. Dragging asks for a shorter range, a click for the requests of one bucket.
/// </summary>
public sealed partial class TimeChart : IAsyncDisposable
{
    private readonly HashSet<string> _hidden = new(StringComparer.Ordinal);
    private readonly object _hostKey = new();
    private DotNetObjectReference<TimeChart>? _self;
    private IJSObjectReference? _module;
    private IJSObjectReference? _chart;
    private ElementReference _host;
    private ChartSpec? _drawn;
    private bool _asTable;
    private bool _disposed;

    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    [Parameter, EditorRequired]
    public TimeScale Scale { get; set; } = default!;

    [Parameter, EditorRequired]
    public IReadOnlyList<ChartSeries> Series { get; set; } = [];

    [Parameter]
    public ChartKind Kind { get; set; }

    [Parameter]
    public ChartUnit Unit { get; set; }

    /// <summary>What is counted, above the axis, where the unit alone says something else.</summary>
    [Parameter]
    public string? AxisName { get; set; }

    /// <summary>Pixels.</summary>
    [Parameter]
    public int Height { get; set; } = 200;

    [Parameter]
    public bool Utc { get; set; }

    /// <summary>The viewer dragged over this span.</summary>
    [Parameter]
    public EventCallback<TimeRange> OnZoom { get; set; }

    /// <summary>The viewer clicked on this bucket.</summary>
    [Parameter]
    public EventCallback<TimeRange> OnPick { get; set; }

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    [Inject]
    private ILogger<TimeChart> Logs { get; set; } = default!;

    [Inject]
    private BrowserContext Browser { get; set; } = default!;

    private TimeZoneInfo Zone => Utc ? TimeZoneInfo.Utc : Browser.Zone;

    private string ZoneLabel => Utc ? "UTC" : Browser.ZoneName;

    private string Summary => ChartSummary.Of(Series, Scale, Unit, Zone);

    [JSInvokable]
    public Task ZoomAsync(double fromMs, double toMs) =>
        InvokeAsync(() => OnZoom.InvokeAsync(new TimeRange(At(fromMs), At(toMs))));

    [JSInvokable]
    public Task PickAsync(int bucket) =>
        bucket >= 0 && bucket < Scale.Buckets.Length ? InvokeAsync(() => OnPick.InvokeAsync(Scale.Span(bucket))) : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        try
        {
            await DropAsync();
            if (_module is not null) { await _module.DisposeAsync(); }
        }
        catch (Exception error) when (error is JSDisconnectedException or OperationCanceledException)
        {
            // The page is gone, and its charts with it.
        }
        _self?.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        try
        {
            await DrawAsync();
        }
        catch (Exception error) when (error is JSDisconnectedException or TaskCanceledException || _disposed)
        {
            // The browser left between render and draw.
        }
        catch (JSException error)
        {
            // The numbers matter more than the picture.
            Log.ChartFailed(Logs, error, Title);
            _asTable = true;
            _drawn = null;
            _chart = null;
            StateHasChanged();
        }
    }

    private async Task DrawAsync()
    {
        if (_asTable)
        {
            await DropAsync();
            return;
        }
        var spec = ChartSpec.Of(this, _hidden, ZoneLabel);
        if (_drawn is not null && spec.Same(_drawn)) { return; }
        _drawn = spec;
        _module ??= await Js.InvokeAsync<IJSObjectReference>("import", DashboardAssets.Url("js/charts.js"));
        if (_chart is null)
        {
            _self ??= DotNetObjectReference.Create(this);
            _chart = await _module.InvokeAsync<IJSObjectReference>("init", _host, _self, DashboardAssets.Package("Vizor.ECharts", "js/vizor-echarts-bundle-min.js"));
        }
        await _chart.InvokeVoidAsync("setOption", spec);
    }

    private async Task DropAsync()
    {
        _drawn = null;
        if (_chart is null) { return; }
        var chart = _chart;
        _chart = null;
        await chart.InvokeVoidAsync("dispose");
        await chart.DisposeAsync();
    }

    private void Toggle(string name)
    {
        if (!_hidden.Remove(name)) { _hidden.Add(name); }
    }

    private static DateTimeOffset At(double ms) => DateTimeOffset.FromUnixTimeMilliseconds((long)ms);
}
