namespace Bellwether.Dashboard;

/// <summary>Line icons of our own on a 24-unit grid, drawn as one path each, so that nothing is fetched and colour follows the text.</summary>
internal static class Icons
{
    private static readonly Dictionary<string, string> Paths = new(StringComparer.Ordinal)
    {
        ["bell"] = "M12 4a6 6 0 0 0-6 6v4.5L4.5 17.5h15L18 14.500V10a6 6 0 0 0-6-6zM12 2v2M10 20.500a2 2 0 0 0 4 0",
        ["overview"] = "M4 4h7v9H4zM15 4h5v5h-5zM15 13h5v7h-5zM4 17h7v3H4z",
        ["list"] = "M8.5 6H20M8.5 12H20M8.5 18H20M4 6h.01M4 12h.01M4 18h.01",
        ["plug"] = "M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4",
        ["key"] = "M15.5 4a4.5 4.5 0 1 1-3.9 6.750L4 18.400V20h3v-2h2v-2h2l1.6-2.300M16.5 7.500h.01",
        ["tag"] = "M4 4h8l8 8-8 8-8-8zM8 8h.01",
        ["folder"] = "M3.5 6.500v11a1.5 1.5 0 0 0 1.5 1.500h14a1.5 1.5 0 0 0 1.5-1.500V9A1.5 1.5 0 0 0 19 7.500h-7L10 5H5a1.5 1.5 0 0 0-1.5 1.500z",
        ["users"] = "M9 11.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 19.500a6.5 6.5 0 0 1 13 0M16 4.800a3.5 3.5 0 0 1 0 6.400M18 14.200a6.5 6.5 0 0 1 3.5 5.3",
        ["pulse"] = "M3 12h4l3-7.5 4 15 3-7.500h4",
        ["command"] = "M5 7l5 5-5 5M12.5 17H19",
        ["help"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.500a2.5 2.5 0 1 1 3.6 2.200c-.8.4-1.1.9-1.1 1.800M12 16.800h.01",
        ["menu"] = "M4 7h16M4 12h16M4 17h16",
        ["search"] = "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.2 15.200L20.5 20.5",
        ["clock"] = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.2 2",
        ["compare"] = "M3 15c3 0 4-7 8-7s5 7 10 3M3 19h.01M7 18.500h.01M11 17h.01M15 17.500h.01M19 19h.01",
        ["refresh"] = "M20 11a8 8 0 0 0-14.3-4L3.5 9.500M3.5 4.500v5h5M4 13a8 8 0 0 0 14.3 4l2.2-2.500M20.5 19.500v-5h-5",
        ["chevron"] = "M6.5 9.500l5.5 5.5 5.5-5.5",
        ["chevron-right"] = "M9.5 6.500l5.5 5.5-5.5 5.5",
        ["left"] = "M14.5 6.500L9 12l5.5 5.5",
        ["arrow-up"] = "M12 19V5M6 11l6-6 6 6",
        ["arrow-down"] = "M12 5v14M6 13l6 6 6-6",
        ["arrow-right"] = "M5 12h14M13 6l6 6-6 6",
        ["equal"] = "M5 9.500h14M5 14.500h14",
        ["check"] = "M5 12.500l4.5 4.500L19 7.5",
        ["copy"] = "M9 9h10.500v11H9zM5 15H4.500V4H15v1",
        ["close"] = "M6 6l12 12M18 6L6 18",
        ["alert"] = "M12 4L2.5 20h19zM12 10v4.500M12 17.300h.01",
        ["lock"] = "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
        ["inbox"] = "M4 13.500L6.5 5h11L20 13.500V19H4zM4 13.500h4.500l1.5 2.500h4l1.5-2.500H20",
        ["filter"] = "M4 6h16M7 12h10M10 18h4",
        ["table"] = "M4 5h16v14H4zM4 10h16M4 14.500h16M10 10v9",
        ["chart"] = "M4 4v16h16M7.5 14.500l3.5-4 3 2.5 5-6",
        ["sun"] = "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.500V5M12 19v2.500M2.5 12H5M19 12h2.500M5.3 5.300L7 7M17 17l1.7 1.700M5.3 18.700L7 17M17 7l1.7-1.7",
        ["moon"] = "M20 14.500A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.500z",
        ["screen"] = "M3.5 5h17v11h-17zM9 20h6M12 16v4",
        ["user"] = "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.500a7.5 7.5 0 0 1 15 0",
        ["exit"] = "M10 4H5v16h5M9.5 12H20M16 8l4 4-4 4",
        ["play"] = "M8 5l11 7-11 7z",
        ["pause"] = "M8 5v14M16 5v14",
        ["external"] = "M10 5H5v14h14v-5M14 5h5v5M19 5l-8 8",
        ["plus"] = "M12 5v14M5 12h14",
        ["trash"] = "M4.5 7h15M9.5 7V4h5v3M6.5 7l1 13h9l1-13",
        ["edit"] = "M5 19l1-4L16.5 4.500l3 3L9 18z",
        ["download"] = "M12 4v11M7 10.500l5 5 5-5M4.5 20h15",
        ["columns"] = "M4 5h16v14H4zM9.5 5v14M14.5 5v14",
        ["dot"] = "M12 12h.01",
        ["message"] = "M4 5h16v11H10l-4.5 4v-4H4z",
        ["tool"] = "M14.5 6.500a4 4 0 0 1 5-3.300L17 6l1 1 2.8-2.500a4 4 0 0 1-5.3 5L8 17.500a2.1 2.1 0 1 1-3-3z",
    };

    public static string Path(string name) => Paths.GetValueOrDefault(name, Paths["dot"]);
}
