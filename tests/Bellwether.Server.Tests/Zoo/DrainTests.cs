using System.Text;

namespace Bellwether.Server.Tests;

/// <summary>Recipe R12: SIGTERM under load. Uses a server of its own, since it ends it.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task After_SIGTERM_running_calls_end_well_and_all_are_stored()
    {
        const int Plain = 25;
        const int Streams = 25;
        await using var server = await BellwetherProcess.StartAsync();
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        var calls = Enumerable.Range(0, Plain + Streams).Select(i => CallAsync(client, server, stream: i % 2 == 0)).ToArray();
        await Task.Delay(700);
        server.Terminate();
        var results = await Task.WhenAll(calls);
        Assert.Equal(0, await server.WaitForExitAsync(TimeSpan.FromSeconds(60)));

        Assert.All(results, result => Assert.Equal(200, result.Status));
        Assert.All(results.Where(result => !result.Stream), result => Assert.EndsWith("}", result.Body, StringComparison.Ordinal));
        Assert.All(results.Where(result => result.Stream), result => Assert.Contains("data: [DONE]", result.Body, StringComparison.Ordinal));
        Assert.Empty(server.Errors);

        await server.StartAgainAsync();
        var stored = await server.ObservationsAsync("user=drain", Plain + Streams);
        Assert.Equal(Plain + Streams, stored.Count);
        Assert.All(stored, call => Assert.Equal("ok", call.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Streams_that_outlast_the_grace_end_with_an_error_event_and_count_as_aborted()
    {
        await using var server = await BellwetherProcess.StartAsync(new Dictionary<string, string>
        {
            ["Bellwether__Gateway__DrainGrace"] = "00:00:01",
            ["Bellwether__Gateway__ReadinessDelay"] = "00:00:00",
        });
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        var call = CallAsync(client, server, stream: true, tokensPerSecond: 5);
        await Task.Delay(1_000);
        server.Terminate();
        var result = await call;
        Assert.Equal(0, await server.WaitForExitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains("\"error\"", result.Body, StringComparison.Ordinal);
        await server.StartAgainAsync();
        Assert.Equal("aborted", (await server.TheObservationAsync("user=drain")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_server_that_is_killed_has_every_answered_call()
    {
        const int Calls = 60;
        await using var server = await BellwetherProcess.StartAsync();
        using var client = new HttpMessageInvoker(new SocketsHttpHandler());
        var results = await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => CallAsync(client, server, stream: false, tokensPerSecond: 100_000)));
        await server.KillAsync();
        Assert.All(results, result => Assert.Equal(200, result.Status));
        await server.StartAgainAsync();
        Assert.Equal(Calls, (await server.ObservationsAsync("user=drain", Calls)).Count);
    }

    private static async Task<(int Status, bool Stream, string Body)> CallAsync(HttpMessageInvoker client, BellwetherProcess server, bool stream, int tokensPerSecond = 40)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, "/v1/chat/completions"))
        {
            Content = new StringContent(
                $$"""{"model":"gpt-4o","stream":{{(stream ? "true" : "false")}},"user":"drain","metadata":{"sim_tokens_per_second":"{{tokensPerSecond}}","sim_output_tokens":"90"},"messages":[{"role":"user","content":"Explain refunds in detail"}]}""",
                Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new("Bearer", BellwetherProcess.ApiKey);
        using var response = await client.SendAsync(request, default);
        var (bytes, _) = await ZooServer.ReadAsync(response);
        return ((int)response.StatusCode, stream, Encoding.UTF8.GetString(bytes));
    }
}
