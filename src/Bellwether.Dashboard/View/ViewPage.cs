using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.Logging;

namespace Bellwether.Dashboard;

/// <summary>
/// A page over telemetry: reads its <see cref="ViewState"/> from the URL, loads when that changes, when new data was
/// committed or the interval has passed, and cancels a load that a newer one replaces.
/// </summary>
public abstract class ViewPage : ComponentBase, IDisposable
{
    // Often enough to feel live, seldom enough that a busy project costs a dashboard one set of queries every few seconds.
    private static readonly TimeSpan LiveEvery = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _disposed = new();
    private CancellationTokenSource? _load;
    private IDisposable? _feed;
    private ITimer? _timer;
    private ProjectId _subscribedTo;
    private string _path = "";
    private string _own = "";
    private bool _started;

    [Parameter]
    public string Project { get; set; } = ProjectId.Default.Value;

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    [Inject]
    protected BrowserContext Browser { get; set; } = default!;

    [Inject]
    protected TimeProvider Clock { get; set; } = default!;

    [Inject]
    private IChangeFeed Changes { get; set; } = default!;

    [Inject]
    private ILoggerFactory Loggers { get; set; } = default!;

    protected ProjectId ProjectId => new(Project);

    /// <summary>What the URL asks for.</summary>
    protected ViewState View { get; private set; } = new();

    /// <summary>The window that was last asked for, in UTC.</summary>
    protected TimeRange Range { get; private set; }

    /// <summary>The zone that times are shown in.</summary>
    protected TimeZoneInfo Zone => View.Utc ? TimeZoneInfo.Utc : Browser.Zone;

    /// <summary>True while a load runs, also when older data still stands on the page.</summary>
    protected bool IsBusy { get; private set; }

    /// <summary>When what is shown was read; null before the first load has ended.</summary>
    protected DateTimeOffset? LoadedAt { get; private set; }

    /// <summary>Why the last load failed, in words that may be shown; null when it did not.</summary>
    protected string? Failure { get; private set; }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads <see cref="Range"/> of <see cref="ProjectId"/> and keeps the result; runs on the circuit's thread.</summary>
    protected abstract Task LoadAsync(CancellationToken cancellationToken);

    /// <summary>Loads again now, replacing a load that is under way.</summary>
    protected Task ReloadAsync() => RunAsync();

    /// <summary>Goes to the same page with another state; the back button returns.</summary>
    protected void Show(ViewState view) => Navigation.NavigateTo(view.Apply(Navigation.Uri));

    /// <summary>What a URL asks for by the page's own keys, beside <see cref="ViewState"/>; the page loads when it changes.</summary>
    protected virtual string OwnQuery(string uri) => "";

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) { return; }
        Navigation.LocationChanged -= OnLocationChanged;
        _feed?.Dispose();
        _timer?.Dispose();
        _disposed.Cancel();
        _load?.Dispose();
        _disposed.Dispose();
    }

    protected override void OnInitialized()
    {
        View = ViewState.Parse(Navigation.Uri);
        Range = View.Resolve(Clock.GetUtcNow(), Zone);
        Navigation.LocationChanged += OnLocationChanged;
    }

    protected override async Task OnParametersSetAsync()
    {
        _path = new Uri(Navigation.Uri).AbsolutePath;
        _own = OwnQuery(Navigation.Uri);
        if (_started && _subscribedTo != ProjectId)
        {
            View = ViewState.Parse(Navigation.Uri);
            LoadedAt = null;
            Subscribe();
            await RunAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) { return; }
        // Nothing is queried while prerendering: the circuit would ask again at once, and "today" needs the browser's zone.
        await Browser.ReadyAsync();
        _started = true;
        Subscribe();
        await RunAsync();
    }

    private void Subscribe()
    {
        _feed?.Dispose();
        _timer?.Dispose();
        _feed = null;
        _timer = null;
        _subscribedTo = ProjectId;
        if (!View.IsRelative) { return; }
        if (View.Refresh.IsLive)
        {
            _feed = Changes.Subscribe(ProjectId, LiveEvery, change => _ = InvokeAsync(TickAsync));
        }
        // Live windows also move when nothing arrives.
        var every = View.Refresh.IsLive ? TimeSpan.FromSeconds(30) : View.Refresh.Every;
        if (every is { } interval)
        {
            _timer = Clock.CreateTimer(state => _ = InvokeAsync(TickAsync), null, interval, interval);
        }
    }

    // A tick never cancels: under a steady stream of changes a slow load would otherwise never end.
    private Task TickAsync() => IsBusy || _disposed.IsCancellationRequested ? Task.CompletedTask : RunAsync();

    private async Task RunAsync()
    {
        if (_disposed.IsCancellationRequested) { return; }
        if (_load is { } former) { await former.CancelAsync(); }
        var load = CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token);
        _load = load;
        Range = View.Resolve(Clock.GetUtcNow(), Zone);
        IsBusy = true;
        StateHasChanged();
        try
        {
            await LoadAsync(load.Token);
            if (_load != load) { return; }
            Failure = null;
            LoadedAt = Clock.GetUtcNow();
        }
        catch (OperationCanceledException) when (load.IsCancellationRequested)
        {
            return;
        }
        catch (TelemetryQueryException error)
        {
            Failure = error.Message;
        }
        catch (Exception error) when (_load == load)
        {
            // The store's own words stay in the log: they may quote paths or values.
            Log.LoadFailed(Loggers.CreateLogger(GetType()), error, GetType().Name);
            Failure = "The telemetry store did not answer this query.";
        }
        finally
        {
            if (_load == load)
            {
                _load = null;
                IsBusy = false;
                if (!_disposed.IsCancellationRequested) { StateHasChanged(); }
            }
            load.Dispose();
        }
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs args)
    {
        var next = ViewState.Parse(args.Location);
        // Leaving: the new page reads its own URL, and this one must not run a last query for it.
        var own = OwnQuery(args.Location);
        if ((next == View && own == _own) || new Uri(args.Location).AbsolutePath != _path) { return; }
        (View, _own) = (next, own);
        _ = InvokeAsync(async () =>
        {
            if (!_started) { return; }
            Subscribe();
            await RunAsync();
        });
    }
}
