using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>What tests of sinks ask a server, and how long they wait for it.</summary>
internal static class SinkWatch
{
    // Generous against a slow machine; it bounds the waiting, nothing is measured.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public static async Task<JsonElement> TheSinkAsync(BellwetherProcess server) => (await server.GetAsync("/api/v1/sinks")).GetProperty("items")[0];

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < s_limit, string.Create(CultureInfo.InvariantCulture, $"Not within {s_limit.TotalSeconds} s."));
            await Task.Delay(50);
        }
    }
}
