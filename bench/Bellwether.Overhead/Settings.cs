using System.Globalization;

namespace Bellwether.Overhead;

/// <param name="Rounds">Alternating rounds; medians are over these. With 0 only the memory is looked at, in a process that did nothing but the warm-up and these calls.</param>
/// <param name="Seconds">Length of one measurement.</param>
/// <param name="WarmUpCalls">Calls to each candidate before the first round: a fresh .NET process is slow for its first tens of thousands.</param>
/// <param name="Server">Path of the published server's dll.</param>
internal sealed record Settings(int Rounds, int Seconds, int WarmUpCalls, int MemoryCalls, string Server)
{
    public static Settings Parse(string[] args)
    {
        var quick = args.Contains("--quick");
        return new(
            Number("--rounds", quick ? 1 : 5),
            Number("--seconds", quick ? 3 : 8),
            Number("--warm-up", quick ? 5_000 : 60_000),
            Number("--memory-calls", quick ? 20_000 : 200_000),
            Text("--server") ?? throw new ArgumentException("--server <bellwether-server.dll> is required; bench/overhead.sh passes it"));

        string? Text(string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;
        int Number(string name, int fallback) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;
    }
}
