using Bellwether.Primitives;
using Microsoft.AspNetCore.Components.Routing;

namespace Bellwether.Dashboard;

/// <param name="Keys">Typed one after the other: <c>g o</c>.</param>
/// <param name="InBottomBar">Stays visible where the navigation becomes a bar at the bottom.</param>
internal sealed record NavigationItem(string Label, string Icon, string Path, string Keys, NavLinkMatch Match = NavLinkMatch.Prefix, bool InBottomBar = false);

internal sealed record NavigationGroup(string Title, IReadOnlyList<NavigationItem> Items);

/// <summary>Every place one can go to, once, for the navigation, the command palette and the help.</summary>
internal static class NavigationItems
{
    public static IReadOnlyList<NavigationGroup> For(string project) =>
    [
        new("Monitor",
        [
            new("Overview", "overview", $"/p/{project}", "g o", NavLinkMatch.All, InBottomBar: true),
            new("Requests", "list", $"/p/{project}/requests", "g r", InBottomBar: true),
            new("Traces", "waterfall", $"/p/{project}/traces", "g t", InBottomBar: true),
            new("Sessions", "message", $"/p/{project}/sessions", "g e"),
            new("End users", "user", $"/p/{project}/users", "g n"),
            new("Feedback", "thumb-up", $"/p/{project}/feedback", "g f"),
            new("Quality", "check", $"/p/{project}/quality", "g q", InBottomBar: true),
            new("Experiments", "columns", $"/p/{project}/experiments", "g x"),
            new("Flags", "flag", $"/p/{project}/flags", "g l"),
            new("Security", "shield", $"/p/{project}/security", "g y", InBottomBar: true),
            new("Connect", "plug", $"/p/{project}/connect", "g i"),
        ]),
        new("Settings",
        [
            new("Providers", "plug", Of(project, "/settings/providers"), "g p"),
            new("Keys", "key", Of(project, "/settings/keys"), "g k"),
            new("Prices", "tag", Of(project, "/settings/prices"), "g c"),
            new("Project", "folder", Of(project, "/settings/project"), "g j"),
            new("Users", "users", Of(project, "/settings/users"), "g u"),
            new("System", "pulse", Of(project, "/settings/system"), "g s"),
        ]),
    ];

    // Keys and Project are about the project that the frame shows; the others name it so that one comes back to it.
    private static string Of(string project, string path) =>
        project == ProjectId.Default.Value ? path : $"{path}?project={Uri.EscapeDataString(project)}";
}
