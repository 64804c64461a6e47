namespace Bellwether.Dashboard;

/// <summary>From a figure to the requests behind it: same range, same filter, and the figure's own condition.</summary>
public sealed record OverviewLinks(string Project, ViewState View)
{
    public string Requests(string filter = "") =>
        View.Link($"/p/{Project}/requests", string.Join(' ', new[] { View.Filter, filter }.Where(part => part.Length > 0)));
}
