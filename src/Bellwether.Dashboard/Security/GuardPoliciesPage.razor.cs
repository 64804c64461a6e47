using System.Collections.Immutable;
using Bellwether.Detection;
using Bellwether.Guardrails;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.State;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using Refusal = Bellwether.State.Change;

namespace Bellwether.Dashboard;

/// <summary>Guard policies: the list, one of them as a form with what its thresholds would do, a replay of it before it is saved, and a text to try it with.</summary>
public sealed partial class GuardPoliciesPage
{
    private const int ReplayedCalls = 2_000;
    private static readonly TimeSpan s_week = TimeSpan.FromDays(7);
    private static readonly TextChannel[] Prompts = [TextChannel.User, TextChannel.Document, TextChannel.System];
    private static readonly TextChannel[] Users = [TextChannel.User];
    private static readonly TextChannel[] Answers = [TextChannel.Answer];

    private ImmutableArray<GuardPolicy> _policies = [];
    private PolicyForm? _form;
    private GuardSurvey? _survey;
    private GuardReplayResult? _replay;
    private string? _opened;
    private string? _id;
    private string _title = "";
    private string _replayProblem = "";
    private bool _mayChange;
    private bool _isReplaying;
    private Measuring _measuring;

    private enum Measuring { Wanted, Running, Done, Busy, Failed }

    [Parameter]
    public string Project { get; set; } = ProjectId.Default.Value;

    /// <summary>Id of the policy in the form, or <c>new</c>; null for the list.</summary>
    [SupplyParameterFromQuery(Name = "policy")]
    public string? Opened { get; set; }

    [Inject]
    private GuardPolicies Policies { get; set; } = default!;

    [Inject]
    private GuardPolicyStore Store { get; set; } = default!;

    [Inject]
    private GuardReplay Replay { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    [Inject]
    private ILogger<GuardPoliciesPage> Logger { get; set; } = default!;

    private ProjectId Of => new(Project);

    private string SecurityHref => $"/p/{Uri.EscapeDataString(Project)}/security";

    private TimeRange LastWeek => new(Clock.GetUtcNow() - s_week, Clock.GetUtcNow());

    private string SurveyText => (_measuring, _survey) switch
    {
        (Measuring.Busy, _) => "What share of calls each threshold would reach is not known: too many replays wait for their turn. Open the policy again in a minute.",
        (Measuring.Failed, _) => "What share of calls each threshold would reach could not be read: the telemetry store did not answer.",
        (Measuring.Done, { Sample: 0 }) => "No call of the last 7 days can be read again, so no share is known for the thresholds.",
        (Measuring.Done, { } survey) => $"Shares are of {Format.Count(survey.Sample)} calls of the last 7 days that this policy applies to{(survey.Complete ? "" : ", the newest ones")}"
            + $"{(survey.Unreadable > 0 ? $"; {Format.Count(survey.Unreadable)} more cannot be read again" : "")}. Among ordinary traffic a share is about the false positives to expect.",
        _ => "Reading what last week's calls score…",
    };

    /// <summary>Problems that belong to no field of the form.</summary>
    private string Unplaced => string.Join(" ", Errors.Where(error => error.Key is "" or "unknown" or "project").Select(error => string.Join("; ", error.Value)));

    protected override async Task<bool> LoadAsync(Actor actor)
    {
        _mayChange = actor.May(Role.Editor, Of);
        _policies = Policies.Of(Of);
        if (_opened != Opened) { Open(); }
        await Task.CompletedTask;
        return !_policies.IsEmpty;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        await base.OnAfterRenderAsync(firstRender);
        // Not while prerendering, which would read everything twice.
        if (_form is null || _measuring != Measuring.Wanted) { return; }
        _measuring = Measuring.Running;
        await MeasureAsync(_form);
        StateHasChanged();
    }

    private void Open()
    {
        _opened = Opened;
        ClearErrors();
        (_replay, _replayProblem, _survey, _measuring) = (null, "", null, Measuring.Wanted);
        var policy = _policies.FirstOrDefault(policy => policy.Id == Opened);
        (_id, _title) = (policy?.Id, policy?.Name ?? "");
        _form = policy is not null || (Opened == "new" && _mayChange) ? PolicyForm.Of(policy) : null;
        if (_form is null && Opened is { Length: > 0 }) { Notice = Opened == "new" ? "Your role may not add a policy." : "That policy no longer exists."; }
    }

    private async Task MeasureAsync(PolicyForm form)
    {
        try
        {
            var survey = await Replay.SurveyAsync(Of, form.Scope, LastWeek, ReplayedCalls, Gone);
            if (form == _form) { (_survey, _measuring) = (survey, survey is null ? Measuring.Busy : Measuring.Done); }
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception error)
        {
            // The store's own words stay in the log.
            Log.LoadFailed(Logger, error, nameof(GuardPoliciesPage));
            _measuring = Measuring.Failed;
        }
    }

    /// <summary>The policy as it stands in the form; null when something is wrong, which is then marked.</summary>
    private GuardPolicy? ReadForm()
    {
        var numbers = new TypedNumbers();
        var body = _form!.ToBody(numbers);
        var read = GuardPolicyReader.Read(body with { Name = string.IsNullOrWhiteSpace(body.Name) ? "Unnamed" : body.Name }, _id ?? "edited", Of, 0);
        var errors = numbers.With(read.Errors);
        ShowErrors(errors);
        Notice = errors.Count > 0 ? "See the marked fields." : "";
        StateHasChanged();
        return errors.Count > 0 ? null : read.Value;
    }

    private async Task ReplayAsync()
    {
        (_replay, _replayProblem) = (null, "");
        if (_isReplaying || ReadForm() is not { } policy) { return; }
        _isReplaying = true;
        try
        {
            _replay = await Replay.RunAsync(policy, LastWeek, ReplayedCalls, Gone);
            _replayProblem = _replay is null ? "Too many replays wait for their turn. Try again in a minute." : "";
        }
        catch (OperationCanceledException) when (Gone.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception error)
        {
            Log.LoadFailed(Logger, error, nameof(GuardPoliciesPage));
            _replayProblem = "Last week's calls could not be read: the telemetry store did not answer.";
        }
        finally
        {
            _isReplaying = false;
        }
    }

    private async Task SaveAsync()
    {
        if (_form is not { } form) { return; }
        var numbers = new TypedNumbers();
        var body = form.ToBody(numbers);
        if (numbers.Errors.Count > 0)
        {
            Refuse(numbers.With(GuardPolicyReader.Read(body, _id ?? "new", Of, 0).Errors));
            return;
        }
        var saved = _id is { } id
            ? await ApplyAsync(actor => Store.ReplaceAsync(actor, Of, id, body, Gone), "Saved. It holds for the next call.")
            : await ApplyAsync(actor => Store.CreateAsync(actor, Of, body, Gone), "Added. It holds for the next call.");
        if (saved is null) { return; }
        var notice = Notice;
        Close();
        Notice = notice;
    }

    private async Task RemoveAsync(GuardPolicy policy)
    {
        var done = await ApplyAsync<string>(
            async actor => !actor.May(Role.Editor, Of) ? Refusal.Forbidden : await Store.RemoveAsync(actor, Of, policy.Id, Gone) ? policy.Id : Refusal.NotFound, $"{VisibleText.Flatten(policy.Name, 60)} is deleted.");
        if (done is null || _form is null) { return; }
        var notice = Notice;
        Close();
        Notice = notice;
    }

    private void Close()
    {
        (_form, _id, _opened) = (null, null, null);
        // The address follows; what was done stays said.
        Opened = null;
        Navigation.NavigateTo(Href(null), replace: true);
    }

    private string Href(string? policy) => $"{SecurityHref}/policies" + (policy is null ? "" : $"?policy={Uri.EscapeDataString(policy)}");

    private static string Mode(GuardMode mode) => mode == GuardMode.Route ? "Re-route" : mode.ToString();

    private static string Scope(GuardScope scope)
    {
        var parts = new[] { Part("endpoint", scope.Endpoints), Part("model", scope.Models), Part("key", scope.Keys) }.Where(part => part.Length > 0).ToArray();
        return parts.Length == 0 ? "all calls" : string.Join("; ", parts);

        static string Part(string name, ImmutableArray<string> values) => values.Length switch
        {
            0 => "",
            <= 3 => $"{name}{(values.Length == 1 ? "" : "s")} {string.Join(", ", values.Select(value => VisibleText.Flatten(value, 40)))}",
            _ => $"{Format.Count(values.Length)} {name}s",
        };
    }

    private static string PersonalData(PersonalDataRule rule)
    {
        var actions = PersonalDataTypes.Names.SelectMany((_, type) => new[] { rule.Upstream[(PersonalDataType)type], rule.Answer[(PersonalDataType)type] })
            .Where(action => action != PersonalDataAction.Keep).Distinct().OrderDescending().Select(action => action.ToString()).ToArray();
        return actions.Length > 0 ? string.Join(", ", actions) : rule.Observe ? "Observe" : "Off";
    }
}
