using System.Globalization;

namespace Bellwether.Dashboard;

/// <summary>
/// URLs of static files. Packages' files go by their plain name plus <c>?v=</c>: the fingerprinted name that <c>@Assets</c>
/// gives is published without its compressed forms, ten times the bytes for MudBlazor's style sheet.
/// </summary>
public static class DashboardAssets
{
    private static readonly string Version =
        typeof(DashboardAssets).Assembly.ManifestModule.ModuleVersionId.ToString("N", CultureInfo.InvariantCulture)[..10];

    /// <summary>A file of this project's <c>wwwroot</c>.</summary>
    public static string Url(string path) => $"/_content/Bellwether.Dashboard/{path}?v={Version}";

    /// <summary>A file of a package.</summary>
    public static string Package(string package, string path) => $"/_content/{package}/{path}?v={Version}";
}
