using System.Diagnostics;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>A server and LangSmith's npm SDK, old and new, run once against it.</summary>
/// <param name="script">In tests/clients/langsmith.</param>
public abstract class LangSmithScript(string script) : IAsyncLifetime
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
        start.ArgumentList.Add(Path.Combine(Repository.Root, "tests", "clients", "langsmith", script));
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

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Traces that are sent.</summary>
public sealed class LangSmithClients() : LangSmithScript("run.mjs");

/// <summary>What was sent is read, changed and evaluated.</summary>
public sealed class LangSmithReaders() : LangSmithScript("reads.mjs");
