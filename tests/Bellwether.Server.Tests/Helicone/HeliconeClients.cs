using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bellwether.Server.Tests;

/// <summary>
/// Helicone's and Portkey's npm packages, run once (tests/clients/helicone/run.mjs): against the simulated server, and against one
/// whose provider is here and keeps what reached it.
/// </summary>
public sealed class HeliconeClients(SimulatedServer simulated) : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _reached = new();
    private WebApplication _provider = null!;
    private JsonElement _results;

    /// <summary>Answers with the simulated provider.</summary>
    internal BellwetherProcess Server => simulated.Process;

    /// <summary>Has a provider, which the application's own key is for.</summary>
    internal BellwetherProcess WithProvider { get; private set; } = null!;

    /// <summary>The heads of all requests that came to the provider, one header a line.</summary>
    public IEnumerable<string> Reached => _reached;

    /// <summary>What a case printed.</summary>
    public JsonElement this[string name] => _results.GetProperty(name);

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _provider = builder.Build();
        _provider.Run(context =>
        {
            _reached.Enqueue(string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}")));
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(
                """{"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4","choices":[{"index":0,"message":{"role":"assistant","content":"From the provider."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}""");
        });
        await _provider.StartAsync();
        WithProvider = await BellwetherProcess.StartAsync(new Dictionary<string, string> { ["Bellwether__Providers__openai__BaseUrl"] = _provider.Urls.First() + "/v1" });

        (_results, var errors) = await NodeProgram.RunAsync("helicone", "run.mjs", new Dictionary<string, string>
        {
            ["BELLWETHER_URL"] = NodeProgram.Url(Server),
            ["PROVIDER_URL"] = NodeProgram.Url(WithProvider),
        });
        // Helicone's logger prints what it could not send and goes on.
        Assert.DoesNotContain("Error making request", errors, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await WithProvider.DisposeAsync();
        await _provider.DisposeAsync();
    }
}
