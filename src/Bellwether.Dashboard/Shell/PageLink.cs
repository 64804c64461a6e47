using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Bellwether.Dashboard;

/// <summary>
/// A link of the navigation. Its page is the current one whatever stands in the query, which is the view and need not be written as this link writes it.
/// </summary>
public sealed class PageLink : NavLink
{
    [Inject] private NavigationManager Navigation { get; set; } = default!;

    protected override bool ShouldMatch(string uriAbsolute)
    {
        var own = Navigation.ToAbsoluteUri((string?)AdditionalAttributes?.GetValueOrDefault("href")).AbsolutePath;
        var current = new Uri(uriAbsolute).AbsolutePath;
        return current == own || (Match == NavLinkMatch.Prefix && current.StartsWith(own + "/", StringComparison.Ordinal));
    }
}
