using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>A server with all OpenTelemetry ports and the npm SDKs run once against it (tests/clients/otel/run.mjs).</summary>
public sealed class OtelClients : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);
    private JsonElement _results;

    internal BellwetherProcess Server { get; private set; } = null!;

    /// <summary>What a case printed.</summary>
    public JsonElement this[string name] => _results.GetProperty(name);

    public async ValueTask InitializeAsync()
    {
        var (grpc, http) = (FreePort(), FreePort());
        Server = await BellwetherProcess.StartAsync(new Dictionary<string, string> { ["Bellwether__Otlp__GrpcPort"] = grpc, ["Bellwether__Otlp__HttpPort"] = http });
        var start = new ProcessStartInfo(Repository.Node) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(Repository.Root, "tests", "clients", "otel", "run.mjs"));
        start.Environment["BELLWETHER_URL"] = $"http://127.0.0.1:{http}";
        start.Environment["BELLWETHER_GRPC"] = $"http://127.0.0.1:{grpc}";
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

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
