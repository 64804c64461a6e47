using System.Diagnostics;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Runs the npm clients once and keeps what each case gave (tests/clients/run.mjs).</summary>
public sealed class NodeClients(SimulatedServer server) : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);
    private JsonElement _results;

    internal BellwetherProcess Server => server.Process;

    public JsonElement this[string name] => _results.TryGetProperty(name, out var result)
        ? result
        : throw new KeyNotFoundException($"The Node script has no case {name}.");

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo(Repository.Node) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Repository.Clients);
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

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
