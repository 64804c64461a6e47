using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Runs the npm clients once and keeps what each case gave (tests/clients/run.mjs).</summary>
public sealed class NodeClients(SimulatedServer server) : IAsyncLifetime
{
    private JsonElement _results;

    internal BellwetherProcess Server => server.Process;

    public JsonElement this[string name] => _results.TryGetProperty(name, out var result)
        ? result
        : throw new KeyNotFoundException($"The Node script has no case {name}.");

    public async ValueTask InitializeAsync() =>
        (_results, _) = await NodeProgram.RunAsync("", "run.mjs", new Dictionary<string, string> { ["BELLWETHER_URL"] = NodeProgram.Url(Server) });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
