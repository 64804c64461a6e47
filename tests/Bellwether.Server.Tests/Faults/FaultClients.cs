using System.Globalization;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>
/// A server, and all npm clients that send telemetry, each of which met every fault once (tests/clients/*/faults.mjs). A process that crashed
/// or did not end by itself fails here.
/// </summary>
public sealed class FaultClients : IAsyncLifetime
{
    private static readonly string[] s_folders = ["otel", "langsmith", "langfuse", "phoenix", "helicone", "analytics", "ai"];
    private readonly Dictionary<string, JsonElement> _results = [];

    internal BellwetherProcess Server { get; private set; } = null!;

    /// <summary>What happened to a client by its name and the status that it met.</summary>
    public JsonElement this[string client, int status] => _results[$"{client} {status.ToString(CultureInfo.InvariantCulture)}"];

    /// <summary>The names of all clients that were run.</summary>
    public IEnumerable<string> Names => _results.Keys.Select(name => name[..name.LastIndexOf(' ')]).Distinct();

    public async ValueTask InitializeAsync()
    {
        var grpc = NodeProgram.FreePort();
        Server = await BellwetherProcess.StartAsync(new Dictionary<string, string> { ["Bellwether__Otlp__GrpcPort"] = grpc });
        var environment = new Dictionary<string, string>
        {
            ["BELLWETHER_URL"] = NodeProgram.Url(Server),
            ["BELLWETHER_GRPC"] = $"http://127.0.0.1:{grpc}",
        };
        foreach (var (results, _) in await Task.WhenAll(s_folders.Select(folder => NodeProgram.RunAsync(folder, "faults.mjs", environment))))
        {
            foreach (var result in results.EnumerateObject())
            {
                _results.Add(result.Name, result.Value);
            }
        }
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
