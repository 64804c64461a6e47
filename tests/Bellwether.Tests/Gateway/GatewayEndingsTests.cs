using System.Net;
using System.Text;
using Bellwether.Gateway;
using Bellwether.Providers;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Tests.Gateway;

/// <summary>However a call ends, there is exactly one observation, with the right state.</summary>
public sealed class GatewayEndingsTests
{
    private static readonly string s_stream = """{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":true},"messages":[]}""";
    private static readonly string s_plain = """{"model":"gpt-4o","messages":[]}""";
    private static readonly string s_event = "data: {\"id\":\"c\",\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ho\"}}]}\n\n";

    private static string Request(string body) =>
        $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {GatewayHost.Key}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    private static Upstream Stalling(string sent) => new(async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.SendAsync(sent);
        await connection.WaitForEndAsync();
    });

    [Fact]
    public async Task A_caller_that_leaves_mid_stream_is_recorded_with_what_was_streamed_and_the_provider_is_cancelled()
    {
        await using var upstream = Stalling(Upstream.EventsHead + s_event + s_event);
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using (var client = await Raw.ConnectAsync(gateway.Address))
        {
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(Request(s_stream)));
            await Raw.ReadUntilAsync(stream, s_event + s_event);
            client.Client.Close(0);
        }
        var record = await gateway.OneRecordAsync();
        Assert.Equal(ObservationState.ClientDisconnect, record.Observation!.State);
        Assert.False(record.Observation.IsError);
        Assert.Equal(ErrorTypes.ClientDisconnect, record.Observation.ErrorType);
        Assert.Equal("""{"text":"hoho"}""", Encoding.UTF8.GetString(record.Payload.Output.Span));
        Assert.NotNull(record.Observation.Timings.TtftMs);
        await upstream.Broken.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_caller_that_leaves_before_the_answer_is_recorded()
    {
        await using var upstream = Stalling("");
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using (var client = await Raw.ConnectAsync(gateway.Address))
        {
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Request(s_plain)));
            await upstream.NextRequestAsync();
            client.Client.Close(0);
        }
        Assert.Equal(ObservationState.ClientDisconnect, (await gateway.OneRecordAsync()).Observation!.State);
    }

    [Fact]
    public async Task A_caller_that_leaves_while_sending_its_body_is_recorded()
    {
        await using var gateway = await GatewayHost.StartAsync([]);
        using (var client = await Raw.ConnectAsync(gateway.Address))
        {
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Request(s_plain)[..^5]));
            var calls = gateway.Services.GetRequiredService<CallRegistry>();
            while (calls.Count == 0)
            {
                await Task.Yield();
            }
            client.Client.Close(0);
        }
        Assert.Equal(ObservationState.ClientDisconnect, (await gateway.OneRecordAsync()).Observation!.State);
    }

    [Fact]
    public async Task A_provider_that_does_not_begin_in_time_is_a_timeout()
    {
        await using var upstream = Stalling("");
        await using var gateway = await GatewayHost.StartAsync([GatewayHost.Provider(upstream) with { FirstByteTimeout = TimeSpan.FromMilliseconds(200) }]);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_plain));
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("\"upstream_error\"", await response.Content.ReadAsStringAsync());
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal(ObservationState.Timeout, seen.State);
        Assert.Equal("first_byte_timeout", seen.ErrorCode);
        Assert.Equal(504, seen.HttpStatus);
        await upstream.Broken.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_stream_that_falls_silent_ends_with_an_error_event()
    {
        await using var upstream = Stalling(Upstream.EventsHead + s_event);
        await using var gateway = await GatewayHost.StartAsync([GatewayHost.Provider(upstream) with { IdleTimeout = TimeSpan.FromMilliseconds(200) }]);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_stream));
        var text = await response.Content.ReadAsStringAsync();
        Assert.StartsWith(s_event + "data: {\"error\":{", text);
        Assert.EndsWith("\"code\":\"idle_timeout\"}}\n\n", text);
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal(ObservationState.Timeout, seen.State);
        Assert.Equal(ErrorTypes.Timeout, seen.ErrorType);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_inside_an_event_is_broken_off()
    {
        await using var upstream = Stalling(Upstream.EventsHead + s_event + "data: {\"half");
        await using var gateway = await GatewayHost.StartAsync([GatewayHost.Provider(upstream) with { IdleTimeout = TimeSpan.FromMilliseconds(200) }]);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_stream));
        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync());
        Assert.Equal(ObservationState.Timeout, (await gateway.OneRecordAsync()).Observation!.State);
    }

    [Fact]
    public async Task A_call_longer_than_the_total_limit_is_a_timeout_even_while_it_streams()
    {
        await using var upstream = new Upstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(Upstream.EventsHead);
            while (true)
            {
                await connection.SendAsync(s_event);
                await Task.Delay(20, connection.Stop);
            }
        });
        await using var gateway = await GatewayHost.StartAsync([GatewayHost.Provider(upstream) with { TotalTimeout = TimeSpan.FromMilliseconds(400) }]);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_stream));
        Assert.EndsWith("\"code\":\"total_timeout\"}}\n\n", await response.Content.ReadAsStringAsync());
        Assert.Equal("total_timeout", (await gateway.OneRecordAsync()).Observation!.ErrorCode);
    }

    [Fact]
    public async Task A_provider_that_breaks_a_stream_breaks_it_for_the_caller_too()
    {
        await using var upstream = new Upstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n" + s_event.Length.ToString("x", null) + "\r\n" + s_event + "\r\n");
            await Task.Delay(100, connection.Stop);
            connection.Reset();
        });
        await using var gateway = await GatewayHost.StartAsync(upstream);
        var answer = await Raw.SendAsync(gateway.Address, Request(s_stream));
        Assert.Contains(s_event, answer);
        Assert.DoesNotContain("error", answer, StringComparison.Ordinal);
        Assert.False(answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal));
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal(ObservationState.ProviderError, seen.State);
        Assert.Equal("connection_broken", seen.ErrorCode);
        Assert.Equal(ErrorTypes.Unavailable, seen.ErrorType);
    }

    [Fact]
    public async Task A_provider_that_cannot_be_reached_is_a_bad_gateway()
    {
        var upstream = Upstream.Answering("");
        var provider = GatewayHost.Provider(upstream);
        await upstream.DisposeAsync();
        await using var gateway = await GatewayHost.StartAsync([provider]);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/messages", """{"model":"claude-x","max_tokens":1,"messages":[]}"""));
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("\"api_error\"", await response.Content.ReadAsStringAsync());
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal(ObservationState.ProviderError, seen.State);
        Assert.Equal("connection_failed", seen.ErrorCode);
        Assert.Equal("anthropic", seen.Surface);
    }

    [Theory]
    [InlineData("this is not HTTP\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: nonsense\r\n\r\n")]
    public async Task A_provider_that_does_not_speak_http_is_a_bad_gateway(string answer)
    {
        await using var upstream = new Upstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(answer);
        });
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_plain));
        Assert.NotEqual(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(ObservationState.ProviderError, (await gateway.OneRecordAsync()).Observation!.State);
    }

    [Fact]
    public async Task A_redirect_is_passed_on_and_not_followed()
    {
        await using var elsewhere = Upstream.Answering(Upstream.Plain("{}"));
        await using var upstream = Upstream.Answering($"HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:{elsewhere.Port}/\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_plain));
        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.False(elsewhere.TryNextRequest(out _));
    }

    [Fact]
    public async Task Shutting_down_lets_calls_end_and_then_ends_the_rest_with_an_error_event()
    {
        await using var upstream = Stalling(Upstream.EventsHead + s_event);
        await using var gateway = await GatewayHost.StartAsync(upstream, options => options.DrainGrace = TimeSpan.FromMilliseconds(300));
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_stream));
        var stopping = gateway.StopAsync();
        Assert.False(gateway.Services.GetRequiredService<Readiness>().IsReady);
        var text = await response.Content.ReadAsStringAsync();
        Assert.EndsWith("\"code\":\"shutting_down\"}}\n\n", text);
        await stopping;
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal(ObservationState.Aborted, seen.State);
        Assert.Equal(ErrorTypes.Aborted, seen.ErrorType);
    }

    [Fact]
    public async Task Shutting_down_waits_for_a_plain_call()
    {
        var release = new TaskCompletionSource();
        await using var upstream = new Upstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await release.Task;
            await connection.SendAsync(Upstream.Plain("{}"));
        });
        await using var gateway = await GatewayHost.StartAsync(upstream);
        var call = gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_plain));
        await upstream.NextRequestAsync();
        var stopping = gateway.StopAsync();
        release.SetResult();
        using var response = await call;
        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
        await stopping;
    }

    [Fact]
    public async Task More_streams_than_allowed_are_refused_with_503()
    {
        await using var upstream = Stalling(Upstream.EventsHead + s_event);
        await using var gateway = await GatewayHost.StartAsync(upstream, options => (options.MaxConcurrentStreams, options.DrainGrace) = (1, TimeSpan.Zero));
        using var first = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_stream));
        using var second = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_stream));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Equal("1", second.Headers.RetryAfter!.ToString());
    }

    [Fact]
    public async Task A_slow_reader_throttles_the_provider_instead_of_filling_memory()
    {
        long sent = 0;
        var chunk = Encoding.UTF8.GetBytes("data: " + new string('x', 8_000) + "\n\n");
        await using var upstream = new Upstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(Upstream.EventsHead);
            while (true)
            {
                await connection.SendAsync(chunk);
                Interlocked.Add(ref sent, chunk.Length);
            }
        });
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var client = await Raw.ConnectAsync(gateway.Address);
        client.ReceiveBufferSize = 4_096;
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(Request(s_stream)));
        await Raw.ReadUntilAsync(stream, "data: x");
        // Until the provider cannot send any more: what lies between are the buffers of the operating system and ours.
        var before = -1L;
        while (before != Interlocked.Read(ref sent))
        {
            before = Interlocked.Read(ref sent);
            await Task.Delay(300);
        }
        Assert.InRange(before, 1, 30_000_000);
        client.Client.Close(0);
        Assert.Equal(ObservationState.ClientDisconnect, (await gateway.OneRecordAsync()).Observation!.State);
    }

    [Fact]
    public async Task A_websocket_is_tunnelled_both_ways_and_recorded_when_it_ends()
    {
        await using var upstream = new Upstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: abc\r\n\r\n");
            var buffer = new byte[100];
            var count = await connection.Stream.ReadAsync(buffer, connection.Stop);
            await connection.SendAsync("echo:" + Encoding.UTF8.GetString(buffer, 0, count));
        });
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var client = await Raw.ConnectAsync(gateway.Address);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"GET /v1/realtime?model=gpt-realtime HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {GatewayHost.Key}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\nSec-WebSocket-Version: 13\r\n\r\n"));
        var head = await Raw.ReadUntilAsync(stream, "\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101", head);
        Assert.Contains("Sec-WebSocket-Accept: abc", head);
        await stream.WriteAsync("ping"u8.ToArray());
        Assert.Contains("echo:ping", await Raw.ReadUntilAsync(stream, "ping"));
        var sent = await upstream.NextRequestAsync();
        Assert.Contains("Upgrade: websocket", sent);
        Assert.Contains("Sec-WebSocket-Key: k", sent);
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal(ObservationState.Ok, seen.State);
        Assert.Equal(101, seen.HttpStatus);
        Assert.Equal("gpt-realtime", seen.RequestModel);
        Assert.Equal(4, seen.RequestBytes);
        Assert.Equal(9, seen.ResponseBytes);
    }

    [Fact]
    public async Task With_no_provider_the_simulated_one_answers_and_so_it_does_for_its_models()
    {
        await using var gateway = await GatewayHost.StartAsync([]);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", """{"model":"sim-fast","messages":[{"role":"user","content":"hi"}]}"""));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal(ObservationState.Ok, seen.State);
        Assert.Equal("simulated", seen.Provider);
        Assert.True(seen.Usage.IsKnown);
        Assert.Equal(ProviderKind.Simulated, gateway.Services.GetRequiredService<ProviderPool>().Current.Find("sim-x", ProviderKind.Gemini, ProviderKind.Gemini, true)!.Endpoint.Kind);
    }
}
