using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bellwether.Server.Tests;

/// <summary>Recipe R8: crowds of connections that never finish what they began, in the headers, in the body, or before the first byte.</summary>
public sealed class SlowlorisTests : IAsyncLifetime
{
    private const int Each = 170;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private BellwetherProcess _server = null!;

    public async ValueTask InitializeAsync() => _server = await BellwetherProcess.StartAsync(new Dictionary<string, string>
    {
        ["Bellwether__Gateway__HeadersTimeout"] = "00:00:03",
        ["Bellwether__Gateway__KeepAliveTimeout"] = "00:00:03",
    });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Half_open_requests_are_ended_by_the_server_and_others_are_served_meanwhile()
    {
        const string Head = "POST /v1/chat/completions HTTP/1.1\r\nHost: bellwether\r\nContent-Type: application/json\r\n";
        var bodyHead = $"{Head}Authorization: Bearer {BellwetherProcess.ApiKey}\r\nx-bellwether-user: slowloris\r\nContent-Length: 100000\r\n\r\n{{\"model\":\"sim-fast\",";
        using var limit = new CancellationTokenSource(s_limit);
        var headers = Crowd(Head, "X-a: b\r\n", limit.Token);
        var bodies = Crowd(bodyHead, "a", limit.Token);
        var silent = Crowd("", "", limit.Token);
        var all = Task.WhenAll([.. headers, .. bodies, .. silent]);

        using var client = new HttpClient { BaseAddress = _server.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", BellwetherProcess.ApiKey);
        var served = 0;
        while (!all.IsCompleted)
        {
            using var content = new StringContent("""{"model":"sim-fast","messages":[{"role":"user","content":"hi"}]}""", Encoding.UTF8, "application/json");
            using var response = await client.PostAsync("/v1/chat/completions", content, limit.Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            served++;
            await Task.Delay(50, limit.Token);
        }
        var answers = await all;
        Assert.True(served > 10, $"Only {served} calls were served beside the crowd.");
        Assert.All(await Task.WhenAll(headers), answer => Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal));
        Assert.All(await Task.WhenAll(bodies), answer => Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal));
        Assert.All(await Task.WhenAll(bodies), answer => Assert.Contains("request_timeout", answer, StringComparison.Ordinal));
        Assert.All(await Task.WhenAll(silent), answer => Assert.Equal("", answer));
        Assert.Equal(3 * Each, answers.Length);

        // The ones that had said who they are have a record each.
        var stored = await _server.ObservationsAsync("user=slowloris", Each);
        Assert.Equal(Each, stored.Count);
        Assert.All(stored, call => Assert.Equal("refused", call.GetProperty("state").GetString()));
        Assert.Empty(_server.Errors);
    }

    private Task<string>[] Crowd(string beginning, string drip, CancellationToken cancellationToken) =>
        [.. Enumerable.Range(0, Each).Select(_ => HangAsync(beginning, drip, cancellationToken))];

    // Sends the beginning and then a little now and then, until the server ends it. Returns what the server said.
    private async Task<string> HangAsync(string beginning, string drip, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, _server.Address.Port, cancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes(beginning), cancellationToken);
        var answer = ReadAsync(socket, cancellationToken);
        while (!answer.IsCompleted && drip.Length > 0)
        {
            await Task.WhenAny(answer, Task.Delay(500, cancellationToken));
            try
            {
                await socket.SendAsync(Encoding.ASCII.GetBytes(drip), cancellationToken);
            }
            catch (SocketException)
            {
                // Ended; the answer is what counts.
            }
        }
        return await answer;
    }

    private static async Task<string> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        var answer = new StringBuilder();
        var buffer = new byte[4_096];
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellationToken) is > 0 and var count)
            {
                answer.Append(CultureInfo.InvariantCulture, $"{Encoding.ASCII.GetString(buffer, 0, count)}");
            }
        }
        catch (SocketException)
        {
            // A reset after the answer, because of what we had still been sending.
        }
        return answer.ToString();
    }
}
