using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>
/// A server, and all npm clients that send telemetry, each of which met every fault once (tests/clients/*/faults.mjs). A process that crashed
/// or did not end by itself fails here.
/// </summary>
public sealed class FaultClients : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);
    private static readonly string[] s_folders = ["otel", "langsmith", "langfuse", "phoenix", "helicone"];
    private readonly Dictionary<string, JsonElement> _results = [];

    internal BellwetherProcess Server { get; private set; } = null!;

    /// <summary>What happened to a client by its name and the status that it met.</summary>
    public JsonElement this[string client, int status] => _results[$"{client} {status.ToString(CultureInfo.InvariantCulture)}"];

    /// <summary>The names of all clients that were run.</summary>
    public IEnumerable<string> Names => _results.Keys.Select(name => name[..name.LastIndexOf(' ')]).Distinct();

    public async ValueTask InitializeAsync()
    {
        var grpc = FreePort();
        Server = await BellwetherProcess.StartAsync(new Dictionary<string, string> { ["Bellwether__Otlp__GrpcPort"] = grpc });
        var environment = new Dictionary<string, string>
        {
            ["BELLWETHER_URL"] = Server.Address.ToString().TrimEnd('/'),
            ["BELLWETHER_GRPC"] = $"http://127.0.0.1:{grpc}",
            ["BELLWETHER_KEY"] = BellwetherProcess.ApiKey,
        };
        var runs = await Task.WhenAll(s_folders.Select(folder =>
            ProgramRun.ToEndAsync(Repository.Node, [Path.Combine(Repository.Root, "tests", "clients", folder, "faults.mjs")], environment, s_limit)));
        foreach (var (code, output, error) in runs)
        {
            Assert.True(code == 0, $"{output}\n{error}");
            foreach (var result in JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement.EnumerateObject())
            {
                _results.Add(result.Name, result.Value);
            }
        }
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
