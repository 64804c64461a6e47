using System.Collections.Immutable;
using System.Globalization;
using Bellwether.Exchange;
using Bellwether.Gateway;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.JSInterop;

namespace Bellwether.Dashboard;

/// <summary>One request: what happened, how long each part took, what was said, what it cost, and doing it again.</summary>
public sealed partial class RequestPage : IAsyncDisposable
{
    private static readonly int MostNotes = 100;
    private static readonly ImmutableArray<(string Key, string Name)> Tabs = [("chat", "Conversation"), ("raw", "Raw"), ("headers", "Headers")];

    private readonly CancellationTokenSource _leaving = new();
    private CancellationToken _left;
    private CancellationTokenSource? _reading;
    private ObservationDetail? _detail;
    private Transcript _transcript = Transcript.Empty;
    private ImmutableArray<StoredHeader> _headers = [];
    private IReadOnlyDictionary<Guid, FoundPlace> _places = new Dictionary<Guid, FoundPlace>();
    private ILookup<string, TextMark> _marks = ChatView.NoMarks;
    private CallReplay? _replay;
    private Keyring? _keyring;
    private IJSObjectReference? _module;
    private IJSObjectReference? _keys;
    private IDisposable? _feed;
    private (string Project, Guid Id)? _of;
    private Guid? _newer;
    private Guid? _older;
    private string? _failure;
    private string? _replayProblem;
    private string _curl = "";
    private string _tab = "chat";
    private bool _isRead;
    private bool _isPending;
    private bool _isReplaying;
    private bool _isStarted;

    [Parameter]
    public string Project { get; set; } = ProjectId.Default.Value;

    [Parameter]
    public Guid Id { get; set; }

    [CascadingParameter]
    private Task<AuthenticationState>? Who { get; set; }

    [Inject]
    private TelemetryReader Reader { get; set; } = default!;

    [Inject]
    private IChangeFeed Feed { get; set; } = default!;

    [Inject]
    private IServiceProvider Services { get; set; } = default!;

    [Inject]
    private IAuthorizationService Authorization { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private BrowserContext Browser { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    [Inject]
    private IJSRuntime Js { get; set; } = default!;

    [Inject]
    private ILogger<RequestPage> Logger { get; set; } = default!;

    private ViewState View { get; set; } = new();

    private TimeZoneInfo Zone => View.Utc ? TimeZoneInfo.Utc : Browser.Zone;

    private string Title => _detail?.Observation is not { } request ? "Request"
        : VisibleText.Flatten(request.Model.Length > 0 ? request.Model : request.RequestModel.Length > 0 ? request.RequestModel : request.Name, 80);

    private string ListHref => View.Link($"/p/{Project}/requests", View.Filter);

    private string Curl => _curl;

    private string KeyName => _detail is { Observation.KeyId: { Length: > 0 } id } ? _keyring?.Find(id)?.Name ?? "" : "";

    private string? WhyNotReplay => _detail is null ? "" : CallReplay.WhyNot(_detail.Observation, _detail.Payload);

    private string OutputNote => _detail is null ? ""
        : string.Join(", ", new[] { _detail.Payload.OutputAssembled ? "put together from the stream" : "", _detail.Payload.OutputTruncated ? "cut at the capture limit" : "" }.Where(note => note.Length > 0));

    public async ValueTask DisposeAsync()
    {
        if (_left.IsCancellationRequested) { return; }
        Navigation.LocationChanged -= OnLocation;
        _feed?.Dispose();
        await _leaving.CancelAsync();
        _leaving.Dispose();
        try
        {
            if (_keys is not null)
            {
                await _keys.InvokeVoidAsync("dispose");
                await _keys.DisposeAsync();
            }
            if (_module is not null) { await _module.DisposeAsync(); }
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and its listeners with it.
        }
    }

    protected override void OnInitialized()
    {
        _left = _leaving.Token;
        // A process without the gateway role has nothing to replay with.
        _replay = Services.GetService<CallReplay>();
        _keyring = Services.GetService<Keyring>();
        ReadUrl(Navigation.Uri);
        Navigation.LocationChanged += OnLocation;
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_isStarted && _of != (Project, Id)) { await ReadAsync(); }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) { return; }
        try
        {
            await Browser.ReadyAsync();
            _module = await Js.InvokeAsync<IJSObjectReference>("import", DashboardAssets.Url("js/requests.js"));
            _keys = await _module.InvokeAsync<IJSObjectReference>("pageKeys");
        }
        catch (JSDisconnectedException)
        {
            return;
        }
        _isStarted = true;
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        if (_reading is not null) { await _reading.CancelAsync(); }
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(_left);
        _reading = reading;
        _of = (Project, Id);
        _failure = null;
        _newer = _older = null;
        if (_detail?.Observation.Id != Id)
        {
            _detail = null;
            _isRead = false;
        }
        StateHasChanged();
        try
        {
            Show(await Reader.ReadAsync(new(Project), Id, reading.Token));
            StateHasChanged();
            await FindNeighboursAsync(reading.Token);
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            // The store's own words stay in the log: they may quote paths or values.
            Log.LoadFailed(Logger, error, nameof(RequestPage));
            if (_detail is null) { _failure = "The telemetry store did not answer."; }
        }
        finally
        {
            if (_reading == reading) { _reading = null; }
        }
        if (!_left.IsCancellationRequested) { StateHasChanged(); }
    }

    private void Show(ObservationDetail? detail)
    {
        _detail = detail;
        _isRead = true;
        // What is journalled but not stored has not been enriched yet; the next commit brings the rest.
        _isPending = detail is { Observation: { Cost: null, Usage.IsKnown: true }, Payload.SearchText.Length: 0 } && IsFresh(detail.Observation);
        _feed?.Dispose();
        _feed = detail is null || _isPending ? Feed.Subscribe(new(Project), TimeSpan.FromSeconds(1), change => _ = InvokeAsync(ReadAgainAsync)) : null;
        if (detail is null) { return; }
        _transcript = TranscriptReader.Read(detail.Payload);
        _places = detail.Annotations.Where(note => note.Source == Annotation.Guard).Take(MostNotes)
            .Select(note => (note.Id, Place: FoundPlace.Of(SecurityFindings.Read(note), detail.Payload.Input)))
            .Where(found => found.Place is not null).GroupBy(found => found.Id).ToDictionary(group => group.Key, group => group.First().Place!.Value);
        _marks = _places.Values.SelectMany(place => place.Marks.Select(mark => (place.Text, Mark: mark))).ToLookup(pair => pair.Text, pair => pair.Mark, StringComparer.Ordinal);
        _headers = StoredHeaders.Parse(detail.Payload.Headers);
        _curl = CurlCommand.Write(detail.Observation, detail.Payload, Navigation.BaseUri.TrimEnd('/'));
    }

    private bool IsFresh(Observation request) => Clock.GetUtcNow() - request.StartTime < TimeSpan.FromMinutes(15);

    private Task ReadAgainAsync() => _left.IsCancellationRequested || _reading is not null ? Task.CompletedTask : ReadAsync();

    private async Task FindNeighboursAsync(CancellationToken cancellationToken)
    {
        if (_detail?.Observation is not { } request || !FilterSyntax.TryParse(View.Filter, out var filter, out _)) { return; }
        var range = View.Resolve(Clock.GetUtcNow(), Zone);
        var neighbours = new Neighbours(Reader.ReadPageAsync);
        _older = await neighbours.OlderAsync(request, range, filter, cancellationToken);
        _newer = await neighbours.NewerAsync(request, range, filter, cancellationToken);
    }

    private async Task ReplayAsync()
    {
        if (_isReplaying || _replay is null || Who is null) { return; }
        var user = (await Who).User;
        // The button is not shown to others, but an event can be sent by hand.
        if (!user.MaySee(new ProjectId(Project)) || !(await Authorization.AuthorizeAsync(user, null, "Editor")).Succeeded) { return; }
        _isReplaying = true;
        _replayProblem = null;
        StateHasChanged();
        try
        {
            var outcome = await _replay.RunAsync(new(Project), Id, user.Identity?.Name ?? "", _left);
            if (outcome.Id is { } id)
            {
                Navigation.NavigateTo(Href(id));
                return;
            }
            _replayProblem = outcome.Refusal;
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The page was left; the call ended as one whose client has gone.
        }
        finally
        {
            _isReplaying = false;
        }
        StateHasChanged();
    }

    private string Href(Guid? id) => id is { } known ? View.Link($"/p/{Project}/requests/{known.ToString("D", CultureInfo.InvariantCulture)}", View.Filter) : "";

    private void ShowTab(string tab) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("tab", tab == "chat" ? null : tab), replace: true);

    private void OnLocation(object? sender, LocationChangedEventArgs args)
    {
        ReadUrl(args.Location);
        _ = InvokeAsync(StateHasChanged);
    }

    private void ReadUrl(string uri)
    {
        View = ViewState.Parse(uri);
        var tab = new Uri(uri).Query.TrimStart('?').Split('&').FirstOrDefault(part => part.StartsWith("tab=", StringComparison.Ordinal))?[4..];
        _tab = Tabs.Any(known => known.Key == tab) ? tab! : "chat";
    }
}
