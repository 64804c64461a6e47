using Bellwether.Primitives;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace Bellwether.Dashboard;

/// <summary>The frame of every page: navigation, project, the page's time controls, help and the signed-in user.</summary>
public sealed partial class MainLayout : IDisposable
{
    private ErrorBoundary? _boundary;
    private string _project = ProjectId.Default.Value;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private ViewState View { get; set; } = new();

    /// <summary>The project of the URL, else the one seen last: the settings pages have none of their own.</summary>
    private string Project => _project;

    private string Home => View.Link($"/p/{_project}");

    private string CurrentPath => new Uri(Navigation.Uri).PathAndQuery;

    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;

    protected override void OnInitialized()
    {
        Read();
        Navigation.LocationChanged += OnLocationChanged;
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs args)
    {
        Read();
        _boundary?.Recover();
        _ = InvokeAsync(StateHasChanged);
    }

    private void Read()
    {
        View = ViewState.Parse(Navigation.Uri);
        var segments = Navigation.ToBaseRelativePath(Navigation.Uri).Split('?', '#')[0].Split('/');
        if (segments is ["p", { Length: > 0 } project, ..]) { _project = project; }
    }
}
