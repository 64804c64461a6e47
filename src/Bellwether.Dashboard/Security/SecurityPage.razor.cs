using Bellwether.Guardrails;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Components;

namespace Bellwether.Dashboard;

/// <summary>What guards found on calls, newest first, with counts over time, whose calls they were, and the way to each request.</summary>
public sealed partial class SecurityPage
{
    private SecurityData? _data;
    private SecurityState _state = new();
    private bool _showsFacets;

    [Inject]
    private SecurityReader Reader { get; set; } = default!;

    private string PoliciesHref => View.Link($"/p/{Project}/security/policies");

    private string Subtitle => _data is not { } data ? "" : _state.IsEmpty ? $"What guards found in {Calls(data.Checked)}" : $"{Format.Count(data.Total)} of {Format.Count(data.Unfiltered)} events";

    /// <summary>What is chosen, each with the way to let it go.</summary>
    private IEnumerable<(string Label, string Href)> Chosen =>
    [
        .. _state.Kinds.Select(kind => (SecurityWords.Kind(kind), Of(_state.WithKind(kind)))),
        .. _state.Actions.Select(action => (SecurityWords.Action(action), Of(_state.WithAction(action)))),
        .. _state.Users.Select(user => (VisibleText.Flatten(user, 40), Of(_state.WithUser(user)))),
        .. _state.Endpoints.Select(endpoint => (VisibleText.Flatten(endpoint, 40), Of(_state.WithEndpoint(endpoint)))),
    ];

    protected override string OwnQuery(string uri) => SecurityState.Parse(uri).Apply("");

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var state = SecurityState.Parse(Navigation.Uri);
        _data = await Reader.ReadAsync(ProjectId, Range, state, cancellationToken);
        _state = state;
    }

    private void Zoom(TimeRange range) => Show(View.WithRange(range));

    private string Of(SecurityState state) => state.Apply(Navigation.Uri);

    private string OfActions(params string[] actions) => Of(_state with { Actions = [.. actions], Cursor = "" });

    private long Sum(params string[] actions) => _data is null ? 0 : actions.Sum(action => _data.ByAction.GetValueOrDefault(action));

    private string Share(SecurityGroup user)
    {
        var most = _data!.Users.Max(other => other.Found);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"--share:{(most > 0 ? 100d * user.Found / most : 0):0.#}%");
    }

    private static string Calls(long count) => $"{Format.Count(count)} checked call{(count == 1 ? "" : "s")}";
}
