using System.Diagnostics;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Helicone's and Portkey's own npm packages against the real server (tests/clients/helicone).</summary>
public sealed class HeliconeClientTests(SimulatedServer simulated)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Their_clients_log_vote_score_and_call_without_a_change()
    {
        var server = simulated.Process;
        var results = await RunAsync(server);
        foreach (var result in results.EnumerateObject())
        {
            Assert.True(result.Value.GetProperty("threw").ValueKind == JsonValueKind.Null, $"{result.Name} threw {result.Value.GetRawText()}");
        }

        var logged = await server.TheObservationAsync("user=helicone_log");
        Assert.Equal(("helicone", "gpt-4o-mini"), (logged.GetProperty("surface").GetString(), logged.GetProperty("model").GetString()));
        Assert.Equal(11, logged.GetProperty("usage").GetProperty("input_tokens").GetInt64());
        Assert.True(logged.GetProperty("cost").GetProperty("total_usd").GetDecimal() > 0);
        Assert.Contains("a logged question", logged.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("a logged answer", logged.GetRawText(), StringComparison.Ordinal);
        var tool = await server.TheObservationAsync("user=helicone_log_tool&kind=tool");
        Assert.Equal("weather", tool.GetProperty("name").GetString());

        var feedback = results.GetProperty("feedback");
        foreach (var accepted in (string[])["vote", "byAlias", "legacy", "portkey", "property"])
        {
            Assert.Equal(200, feedback.GetProperty(accepted).GetInt32());
        }
        Assert.Equal(400, feedback.GetProperty("wrong").GetInt32());
        Assert.Equal(404, feedback.GetProperty("unknown").GetInt32());
        var called = await server.TheObservationAsync("user=portkey_chat");
        Assert.Equal("trace-1", called.GetProperty("session").GetString());
    }

    private static async Task<JsonElement> RunAsync(BellwetherProcess server)
    {
        var start = new ProcessStartInfo(Repository.Node) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(Path.GetDirectoryName(Repository.Clients)!, "helicone", "run.mjs"));
        start.Environment["BELLWETHER_URL"] = server.Address.ToString().TrimEnd('/');
        start.Environment["BELLWETHER_KEY"] = BellwetherProcess.ApiKey;
        using var node = Process.Start(start)!;
        using var limit = new CancellationTokenSource(s_limit);
        var output = node.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = node.StandardError.ReadToEndAsync(limit.Token);
        await node.WaitForExitAsync(limit.Token);
        Assert.True(node.ExitCode == 0, await errors);
        return JsonDocument.Parse((await output).TrimEnd().Split('\n')[^1]).RootElement;
    }
}
