using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Logging;
using Microsoft.JSInterop;

namespace Bellwether.Dashboard;

/// <summary>
/// A page over settings: knows who asks, reads, and runs changes so that a refused one shows at its field. Every command asks for
/// the actor's rights again, because a page may stay open for longer than a role.
/// </summary>
public abstract class SettingsPage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _disposed = new();
    private Task<AuthenticationState>? _authentication;
    private bool _focusMoves;
    private bool _isRefused;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get => _authentication; set => _authentication = value; }

    [Inject]
    private Actors Actors { get; set; } = default!;

    [Inject]
    private ILoggerFactory Loggers { get; set; } = default!;

    [Inject]
    private BrowserContext Browser { get; set; } = default!;

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    /// <summary>From <c>?project=</c>; the first the actor may see when the URL names none.</summary>
    [SupplyParameterFromQuery(Name = "project")]
    public string? ProjectQuery { get; set; }

    protected PanelState State { get; private set; } = PanelState.Loading;

    /// <summary>Problems of the form in hand, by field.</summary>
    protected IReadOnlyDictionary<string, string[]> Errors { get; private set; } = new Dictionary<string, string[]>();

    /// <summary>What the last change came to, for a status line that screen readers hear.</summary>
    protected string Notice { get; set; } = "";

    /// <summary>True while a change is under way; its button is disabled.</summary>
    protected bool IsSaving { get; private set; }

    protected CancellationToken Gone => _disposed.Token;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _disposed.Cancel();
            _disposed.Dispose();
        }
    }

    /// <summary>Reads what the page shows; false when there is nothing yet.</summary>
    protected abstract Task<bool> LoadAsync(Actor actor);

    protected async Task<Actor> ActorAsync() => Authentication is null ? Actor.Nobody : Actors.Of((await Authentication).User);

    protected async Task<ProjectId> ProjectAsync() =>
        Authentication is not null && (await Authentication).User.ProjectFor(ProjectQuery) is { } project ? project : new ProjectId(ProjectQuery ?? "");

    protected override Task OnParametersSetAsync() => ReloadAsync();

    /// <summary>Takes the focus to what is wrong, or away from what is gone.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_focusMoves || IsSaving) { return; }
        var wrong = _isRefused;
        (_focusMoves, _isRefused) = (false, false);
        try
        {
            await Browser.ReadyAsync();
            if (Browser.Module is { } module) { await module.InvokeVoidAsync("settleFocus", wrong); }
        }
        catch (JSDisconnectedException)
        {
            // The browser left between render and focus.
        }
    }

    protected async Task ReloadAsync()
    {
        try
        {
            State = await LoadAsync(await ActorAsync()) ? PanelState.Full : PanelState.Empty;
        }
        catch (OperationCanceledException) when (_disposed.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            // The store's own words stay in the log.
            Log.LoadFailed(Loggers.CreateLogger(GetType()), error, GetType().Name);
            State = PanelState.Failed;
        }
    }

    /// <summary>Runs a change; what is wrong goes to <see cref="Errors"/>, what was done is read again.</summary>
    /// <returns>The value when it was done, else default.</returns>
    protected async Task<T?> ApplyAsync<T>(Func<Actor, Task<Change<T>>> change, string done)
    {
        // A second click that was under way before the button was disabled.
        if (IsSaving) { return default; }
        IsSaving = true;
        Notice = "";
        Errors = new Dictionary<string, string[]>();
        try
        {
            var result = await change(await ActorAsync());
            switch (result.Outcome)
            {
                case ChangeOutcome.Done:
                    await ReloadAsync();
                    Notice = done;
                    return result.Value;
                case ChangeOutcome.Invalid:
                case ChangeOutcome.Conflict:
                    Refuse(result.Errors);
                    break;
                case ChangeOutcome.NotFound:
                    Notice = "That no longer exists.";
                    await ReloadAsync();
                    break;
                case ChangeOutcome.Forbidden:
                    Notice = "Your role does not allow this.";
                    break;
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Log.LoadFailed(Loggers.CreateLogger(GetType()), error, GetType().Name);
            Notice = "Not saved: the state store did not answer.";
        }
        finally
        {
            (IsSaving, _focusMoves) = (false, true);
        }

        return default;
    }

    /// <summary>Marks fields of a form that was read but not to be saved.</summary>
    protected void ShowErrors(IReadOnlyDictionary<string, string[]> errors) => Errors = errors;

    /// <summary>Marks fields of a form that was to be saved, and takes the focus to the first of them.</summary>
    protected void Refuse(IReadOnlyDictionary<string, string[]> errors)
    {
        (Errors, _focusMoves, _isRefused) = (errors, true, true);
        Notice = "Not saved: see the marked fields.";
    }

    protected void ClearErrors()
    {
        Errors = new Dictionary<string, string[]>();
        Notice = "";
        _focusMoves = true;
    }
}
