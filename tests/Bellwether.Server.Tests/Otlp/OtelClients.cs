using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>A server with all OpenTelemetry ports and the npm SDKs run once against it (run.mjs of tests/clients/otel and, for the AI SDK 7, of tests/clients/ai).</summary>
public sealed class OtelClients : IAsyncLifetime
{
    private JsonElement _results;
    private JsonElement _ai7;

    internal BellwetherProcess Server { get; private set; } = null!;

    /// <summary>What a case printed.</summary>
    public JsonElement this[string name] => _results.GetProperty(name);

    /// <summary>What a case of the AI SDK 7 threw; null where it threw nothing.</summary>
    public string? Ai7Threw(string name) => _ai7.GetProperty(name).GetProperty("threw").GetString();

    public async ValueTask InitializeAsync()
    {
        var (grpc, http) = (NodeProgram.FreePort(), NodeProgram.FreePort());
        Server = await BellwetherProcess.StartAsync(new Dictionary<string, string> { ["Bellwether__Otlp__GrpcPort"] = grpc, ["Bellwether__Otlp__HttpPort"] = http });
        (_results, _) = await NodeProgram.RunAsync("otel", "run.mjs", new Dictionary<string, string>
        {
            ["BELLWETHER_URL"] = $"http://127.0.0.1:{http}",
            ["BELLWETHER_GRPC"] = $"http://127.0.0.1:{grpc}",
        });
        (_ai7, _) = await NodeProgram.RunAsync("ai", "run.mjs", new Dictionary<string, string> { ["BELLWETHER_URL"] = $"http://127.0.0.1:{http}" });
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
