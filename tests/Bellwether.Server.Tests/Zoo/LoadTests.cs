using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bellwether.Server.Tests;

/// <summary>Recipes R7 and R9: callers that read slowly, and callers that leave in crowds.</summary>
public sealed class LoadTests(ZooServer server) : IClassFixture<ZooServer>
{
    private const string Sse = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream";
    private static readonly byte[] s_event = Encoding.UTF8.GetBytes("""data: {"id":"c1","object":"chat.completion.chunk","model":"zoo","choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]}""" + "\n\n");

    [Fact]
    public async Task Two_hundred_callers_that_leave_at_random_are_two_hundred_observations()
    {
        const int Callers = 200;
        server.Zoo.Add(new ZooAnimal("storm", Sse, Enumerable.Repeat(s_event, 2_000)) { Between = TimeSpan.FromMilliseconds(5) });
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => LeaveAsync("storm", "storm-caller", 400 + 37 * i)));
        var stored = await server.Process.ObservationsAsync("user=storm-caller", Callers);
        Assert.Equal(Callers, stored.Count);
        Assert.All(stored, call => Assert.Equal("client_disconnect", call.GetProperty("state").GetString()));
        Assert.All(stored, call => Assert.True(call.GetProperty("usage").GetProperty("output_tokens").GetInt64() > 0));
        // The provider is left as soon as the caller is gone.
        var clock = Stopwatch.StartNew();
        while (server.Zoo.Open > 0 && clock.Elapsed < TimeSpan.FromSeconds(10))
        {
            await Task.Delay(20);
        }
        Assert.Equal(0, server.Zoo.Open);
        Assert.Empty(server.Process.Errors);
    }

    [Fact]
    public async Task Slow_readers_slow_the_provider_down_instead_of_filling_memory()
    {
        const int Readers = 100;
        const int EventsEach = 60_000;
        server.Zoo.Add(new ZooAnimal("firehose", Sse, Enumerable.Repeat(s_event, EventsEach)));
        var before = server.Process.Memory;
        var writtenBefore = server.Zoo.Written;
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < Readers; i++)
            {
                sockets.Add(await BeginAsync("firehose", "slow-reader"));
            }
            // Written stands still when everyone waits for everyone.
            long last;
            do
            {
                last = server.Zoo.Written;
                await Task.Delay(500);
            }
            while (server.Zoo.Written != last);
            var offered = (long)Readers * EventsEach * s_event.Length;
            Assert.True(server.Zoo.Written - writtenBefore < offered / 2, "The provider was not slowed down.");
            Assert.True(server.Process.Memory - before < 200_000_000, $"Memory grew by {(server.Process.Memory - before) / 1_000_000} MB.");

            // Others are served meanwhile.
            using var request = server.Ask("stream", stream: true, "beside-slow-readers");
            using var response = await server.Client.SendAsync(request, default);
            Assert.False((await ZooServer.ReadAsync(response)).Broke);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
        Assert.Equal(Readers, (await server.Process.ObservationsAsync("user=slow-reader", Readers)).Count);
    }

    private async Task LeaveAsync(string model, string user, int afterBytes)
    {
        using var socket = await BeginAsync(model, user);
        var buffer = new byte[4_096];
        for (var read = 0; read < afterBytes;)
        {
            var count = await socket.ReceiveAsync(buffer);
            Assert.True(count > 0, "The server ended the stream.");
            read += count;
        }
        if (afterBytes % 2 == 0)
        {
            socket.LingerState = new LingerOption(true, 0);
        }
    }

    // A socket of its own, so that the kernel's buffers are all that lies between.
    private async Task<Socket> BeginAsync(string model, string user)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(IPAddress.Loopback, server.Process.Address.Port);
        var body = $$"""{"model":"{{model}}","stream":true,"user":"{{user}}","messages":[{"role":"user","content":"hi"}]}""";
        await socket.SendAsync(Encoding.UTF8.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: bellwether\r\nAuthorization: Bearer {BellwetherProcess.ApiKey}\r\nContent-Type: application/json\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n{body}"));
        return socket;
    }
}
