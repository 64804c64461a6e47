using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Recipes R7 and R9: callers that read slowly, and callers that leave in crowds.</summary>
public sealed class LoadTests(ZooServer server) : IClassFixture<ZooServer>
{
    private const string Sse = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream";
    private static readonly byte[] s_event = Encoding.UTF8.GetBytes("""data: {"id":"c1","object":"chat.completion.chunk","model":"zoo","choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]}""" + "\n\n");

    [Fact]
    public async Task A_thousand_callers_that_leave_at_a_random_byte_are_a_thousand_observations()
    {
        const int Callers = 1_000;
        const int AtOnce = 200;
        var random = new Random(20261125);
        var lastBytes = Enumerable.Range(0, Callers).Select(_ => random.Next(1, 12_000)).ToArray();
        server.Zoo.Add(new ZooAnimal("storm", Sse, Enumerable.Repeat(s_event, 2_000)) { Between = TimeSpan.FromMilliseconds(5) });
        using var places = new SemaphoreSlim(AtOnce);
        var seen = await Task.WhenAll(lastBytes.Select(async last =>
        {
            await places.WaitAsync();
            try
            {
                return await LeaveAsync("storm", "storm-caller", last);
            }
            finally
            {
                places.Release();
            }
        }));
        var stored = await server.Process.ObservationsAsync("user=storm-caller", Callers);
        Assert.Equal(Callers, (await server.Process.GetAsync("/api/v1/observations/count?user=storm-caller")).GetProperty("total").GetInt64());
        Assert.Equal(Callers, stored.Select(call => call.GetProperty("request_id").GetString()).Distinct().Count());
        Assert.All(stored, call => Assert.Equal("client_disconnect", call.GetProperty("state").GetString()));
        // Whoever had seen a word has its tokens counted; who left before the first one may have none.
        var withTokens = stored.Count(call => call.GetProperty("usage") is { ValueKind: JsonValueKind.Object } usage && usage.GetProperty("output_tokens").GetInt64() > 0);
        Assert.InRange(withTokens, seen.Count(sawAWord => sawAWord), Callers);
        // The provider is left as soon as the caller is gone.
        var clock = Stopwatch.StartNew();
        while (server.Zoo.Open > 0 && clock.Elapsed < TimeSpan.FromSeconds(10))
        {
            await Task.Delay(20);
        }
        Assert.Equal(0, server.Zoo.Open);
        Assert.Equal(0, (await server.Process.GetAsync("/api/v1/system")).GetProperty("calls_in_progress").GetInt64());
        Assert.Empty(server.Process.Errors);
    }

    [Fact]
    public async Task Five_hundred_slow_readers_slow_the_provider_down_instead_of_filling_memory()
    {
        const int Readers = 500;
        const int PiecesEach = 5_000;
        // The kernel's own buffers of two connections, which grow to 10 MB where a receiver seems quick; ours are 64 KB.
        const long MostUnderWay = 16_000_000;
        var piece = Enumerable.Repeat(s_event, 100).SelectMany(one => one).ToArray();
        server.Zoo.Add(new ZooAnimal("firehose", Sse, Enumerable.Repeat(piece, PiecesEach)));
        server.Process.ForgetPeakMemory();
        var before = server.Process.Memory;
        var writtenBefore = server.Zoo.Written;
        using var stop = new CancellationTokenSource();
        var reading = new List<Task>();
        try
        {
            // In waves: the provider is in the process of the tests and must have begun with each of them within its time limit.
            foreach (var wave in Enumerable.Range(0, Readers).Chunk(25))
            {
                var begun = wave.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
                reading.AddRange(begun.Select(one => ReadSlowlyAsync("firehose", "slow-reader", one, stop.Token)));
                await Task.WhenAll(begun.Select(one => one.Task)).WaitAsync(TimeSpan.FromSeconds(60));
            }
            // Written stands still when everyone waits for everyone: 100 bytes a second are less than a piece.
            long last;
            do
            {
                last = server.Zoo.Written;
                await Task.Delay(500);
            }
            while (server.Zoo.Written - last > Readers * 100);

            // Others are served meanwhile, for longer than the five seconds after which a web server drops slow readers by default.
            for (var i = 0; i < 60; i++)
            {
                using var request = server.Ask("stream", stream: true, "beside-slow-readers");
                using var response = await server.Client.SendAsync(request, default);
                var (bytes, broke) = await ZooServer.ReadAsync(response);
                Assert.False(broke);
                Assert.Equal(ZooAnimals.All.First(animal => animal.Name == "stream").Pieces.SelectMany(one => one), bytes);
                await Task.Delay(100);
            }
            Assert.All(reading, reader => Assert.False(reader.IsCompleted, "A slow reader was thrown out."));
            // None has ended, in whatever way.
            var ended = await server.Process.GetAsync("/api/v1/observations?limit=1000&user=slow-reader");
            Assert.Equal("", string.Join(", ", ended.GetProperty("items").EnumerateArray().CountBy(call => $"{call.GetProperty("state")} {call.GetProperty("http_status")} {call.GetProperty("error")}")));
            Assert.Equal(Readers, server.Zoo.Open);
            var underWay = (server.Zoo.Written - writtenBefore) / Readers;
            Assert.True(underWay < MostUnderWay, $"The provider was not slowed down: it has written {underWay:N0} bytes to each reader.");
            var growth = server.Process.PeakMemory - before;
            TestContext.Current.SendDiagnosticMessage($"{Readers} slow readers: memory {before / 1_000_000} MB, at its peak {growth / 1_000_000} MB more; {underWay:N0} bytes under way each");
            Assert.True(growth < Readers * 600_000L, $"Memory grew by {growth / 1_000_000} MB.");
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(reading);
        }
        Assert.Equal(Readers, (await server.Process.ObservationsAsync("user=slow-reader&state=client_disconnect", Readers)).Count);
        Assert.Empty(server.Process.Errors);
    }

    // Returns whether a word had arrived.
    private async Task<bool> LeaveAsync(string model, string user, int afterBytes)
    {
        using var socket = await BeginAsync(model, user);
        var buffer = new byte[4_096];
        var text = new StringBuilder();
        for (var read = 0; read < afterBytes;)
        {
            // To the byte: no more is taken than the caller wants.
            var count = await socket.ReceiveAsync(buffer.AsMemory(0, Math.Min(buffer.Length, afterBytes - read)));
            Assert.True(count > 0, "The server ended the stream.");
            text.Append(Encoding.ASCII.GetString(buffer, 0, count));
            read += count;
        }
        if (afterBytes % 2 == 0)
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        return text.ToString().Contains("word ", StringComparison.Ordinal);
    }

    // 100 bytes a second until it is told to leave; ends earlier only when the server ends it.
    private async Task ReadSlowlyAsync(string model, string user, TaskCompletionSource begun, CancellationToken cancellationToken)
    {
        using var socket = await BeginAsync(model, user);
        var buffer = new byte[100];
        try
        {
            while (await socket.ReceiveAsync(buffer, cancellationToken) > 0)
            {
                begun.TrySetResult();
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
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
