using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>A server with all OpenTelemetry ports and the npm SDKs run once against it (tests/clients/otel/run.mjs).</summary>
public sealed class OtelClients : IAsyncLifetime
{
    private JsonElement _results;

    internal BellwetherProcess Server { get; private set; } = null!;

    /// <summary>What a case printed.</summary>
    public JsonElement this[string name] => _results.GetProperty(name);

    public async ValueTask InitializeAsync()
    {
        var (grpc, http) = (NodeProgram.FreePort(), NodeProgram.FreePort());
        Server = await BellwetherProcess.StartAsync(new Dictionary<string, string> { ["Bellwether__Otlp__GrpcPort"] = grpc, ["Bellwether__Otlp__HttpPort"] = http });
        (_results, _) = await NodeProgram.RunAsync("otel", "run.mjs", new Dictionary<string, string>
        {
            ["BELLWETHER_URL"] = $"http://127.0.0.1:{http}",
            ["BELLWETHER_GRPC"] = $"http://127.0.0.1:{grpc}",
        });
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
