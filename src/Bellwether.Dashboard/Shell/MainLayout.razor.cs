using Bellwether.Identity;
using Bellwether.Primitives;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace Bellwether.Dashboard;

/// <summary>The frame of every page: navigation, project, the page's time controls, help and the signed-in user.</summary>
public sealed partial class MainLayout : IDisposable
{
    private ErrorBoundary? _boundary;
    private string _project = ProjectId.Default.Value;
    private bool _hasProject;
    private bool _isLive;
    private bool? _maySee;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private ProjectChoices Choices { get; set; } = default!;

    private ViewState View { get; set; } = new();

    /// <summary>The project of the URL, else the one seen last: the settings pages have none of their own.</summary>
    private string Project => _project;

    private string Home => View.Link($"/p/{_project}");

    private string CurrentPath => new Uri(Navigation.Uri).PathAndQuery;

    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;

    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += OnLocationChanged;
        await ReadAsync();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender) { return; }
        // Only a circuit gets here: from now on a click is heard. Scripts that drive the pages wait for it.
        _isLive = true;
        StateHasChanged();
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs args) => _ = InvokeAsync(async () =>
    {
        await ReadAsync();
        _boundary?.Recover();
        StateHasChanged();
    });

    private async Task ReadAsync()
    {
        View = ViewState.Parse(Navigation.Uri);
        var segments = Navigation.ToBaseRelativePath(Navigation.Uri).Split('?', '#')[0].Split('/');
        var user = Authentication is null ? null : (await Authentication).User;
        if (segments is not ["p", { Length: > 0 } project, ..])
        {
            var named = System.Web.HttpUtility.ParseQueryString(new Uri(Navigation.Uri).Query)["project"];
            // A person bound to some projects may not have the default one.
            if ((named is { Length: > 0 } || !_hasProject) && user?.ProjectFor(named) is { } own) { (_project, _hasProject) = (own.Value, true); }
            _maySee = true;
            return;
        }
        (_project, _hasProject) = (Uri.UnescapeDataString(project), true);
        _maySee = user?.MaySee(new ProjectId(_project)) == true && (await Choices.ListAsync(CancellationToken.None)).Any(choice => choice.Id == _project);
    }
}
