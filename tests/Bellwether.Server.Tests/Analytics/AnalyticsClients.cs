using System.Diagnostics;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>A server and the npm packages posthog-node and mixpanel, run once against it (tests/clients/analytics/run.mjs).</summary>
public sealed class AnalyticsClients : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);
    private JsonElement _results;

    internal BellwetherProcess Server { get; private set; } = null!;

    /// <summary>What a case printed.</summary>
    public JsonElement this[string name] => _results.GetProperty(name);

    public async ValueTask InitializeAsync()
    {
        Server = await BellwetherProcess.StartAsync();
        var start = new ProcessStartInfo(Repository.Node) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(Repository.Root, "tests", "clients", "analytics", "run.mjs"));
        start.Environment["BELLWETHER_URL"] = Server.Address.ToString().TrimEnd('/');
        start.Environment["BELLWETHER_KEY"] = BellwetherProcess.ApiKey;
        using var node = Process.Start(start)!;
        using var limit = new CancellationTokenSource(s_limit);
        var output = node.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = node.StandardError.ReadToEndAsync(limit.Token);
        await node.WaitForExitAsync(limit.Token);
        Assert.True(node.ExitCode == 0, await errors);
        _results = JsonDocument.Parse((await output).TrimEnd().Split('\n')[^1]).RootElement;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
