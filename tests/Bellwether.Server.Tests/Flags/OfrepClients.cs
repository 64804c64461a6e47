using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>OpenFeature's SDKs with their OFREP providers for servers and for browsers, run once against a server.</summary>
public sealed class OfrepClients : IAsyncLifetime
{
    private JsonElement _results;

    internal BellwetherProcess Server { get; private set; } = null!;

    /// <summary>What an application got.</summary>
    public JsonElement this[string name] => _results.GetProperty(name);

    public async ValueTask InitializeAsync()
    {
        Server = await BellwetherProcess.StartAsync();
        // Browsers have an EventSource; Node has one for the asking.
        (_results, _) = await NodeProgram.RunAsync("ofrep", "run.mjs", new Dictionary<string, string> { ["BELLWETHER_URL"] = NodeProgram.Url(Server), ["NODE_OPTIONS"] = "--experimental-eventsource" });
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
