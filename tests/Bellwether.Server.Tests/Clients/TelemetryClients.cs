using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>A server, and a program of <c>tests/clients</c> that is run once against it.</summary>
/// <param name="folder">The program's folder.</param>
/// <param name="script">The program.</param>
public abstract class TelemetryClients(string folder, string script = "run.mjs") : IAsyncLifetime
{
    private JsonElement _results;

    internal BellwetherProcess Server { get; private set; } = null!;

    /// <summary>What a case printed.</summary>
    public JsonElement this[string name] => _results.GetProperty(name);

    public async ValueTask InitializeAsync()
    {
        Server = await BellwetherProcess.StartAsync();
        (_results, _) = await NodeProgram.RunAsync(folder, script, new Dictionary<string, string> { ["BELLWETHER_URL"] = NodeProgram.Url(Server) });
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>posthog-node and mixpanel.</summary>
public sealed class AnalyticsClients() : TelemetryClients("analytics");

/// <summary>langfuse, which sends batches.</summary>
public sealed class LangfuseClients() : TelemetryClients("langfuse");

/// <summary>@arizeai/phoenix-client.</summary>
public sealed class PhoenixClients() : TelemetryClients("phoenix");

/// <summary>LangSmith's SDK, old and new: traces that are sent.</summary>
public sealed class LangSmithClients() : TelemetryClients("langsmith");

/// <summary>LangSmith's SDK, old and new: what was sent is read, changed and evaluated.</summary>
public sealed class LangSmithReaders() : TelemetryClients("langsmith", "reads.mjs");

/// <summary>Langfuse's SDKs, old and new: what was sent is read.</summary>
public sealed class LangfuseReaders() : TelemetryClients("langfuse", "reads.mjs");
