namespace Bellwether.Primitives;

/// <summary>
/// The command line. Bare words that .NET's configuration does not know (<c>--demo</c>) become settings; everything else is
/// passed on as it is, so that <c>--urls http://…</c> and <c>--Bellwether:Telemetry:Durability os</c> work as usual.
/// </summary>
public static class ServerArguments
{
    private static readonly Dictionary<string, string> Switches = new(StringComparer.Ordinal)
    {
        ["--demo"] = "Bellwether:Demo:Enabled",
        ["--reset-link"] = "Bellwether:Identity:ResetLink",
    };

    public static string[] ToSettings(string[] args) =>
        [.. args.SelectMany(argument => Switches.TryGetValue(argument, out var key) ? [$"--{key}", "true"] : new[] { argument })];
}
