using System.Net;
using System.Text;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Gateway;

/// <summary>Bytes pass unchanged, both ways, and each call makes one observation.</summary>
public sealed class GatewayRelayTests
{
    private static readonly string s_chat = """{"model":"gpt-4o","messages":[{"role":"user","content":"hi é 😀"}]}""";

    private static readonly string s_answer =
        """{"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o-2024-08-06","choices":[{"index":0,"message":{"role":"assistant","content":"ho"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}""";

    [Fact]
    public async Task A_plain_call_passes_byte_for_byte_and_is_recorded()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain(s_answer, headers: "x-request-id: req_up\r\nx-ratelimit-remaining-tokens: 5\r\nSet-Cookie: a=b\r\n"));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var request = GatewayHost.Post("/v1/chat/completions", s_chat);
        request.Headers.Add("x-bellwether-user", "ada");
        request.Headers.Add("x-bellwether-property-team", "red");
        request.Headers.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        using var response = await gateway.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(s_answer, await response.Content.ReadAsStringAsync());
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("req_up", Assert.Single(response.Headers.GetValues("x-request-id")));
        Assert.Equal("5", Assert.Single(response.Headers.GetValues("x-ratelimit-remaining-tokens")));
        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.Equal("os", Assert.Single(response.Headers.GetValues("X-Bellwether-Durability")));

        var sent = await upstream.NextRequestAsync();
        Assert.StartsWith("POST /v1/chat/completions HTTP/1.1\r\n", sent);
        Assert.EndsWith("\r\n\r\n" + s_chat, sent);
        Assert.Contains("Authorization: Bearer sk-stored-stub\r\n", sent);
        Assert.DoesNotContain(GatewayHost.Key, sent);
        Assert.DoesNotContain("bellwether", sent, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", sent);

        var record = await gateway.OneRecordAsync();
        var seen = record.Observation!;
        Assert.Equal(Assert.Single(response.Headers.GetValues("x-bellwether-id")), seen.Id.ToString());
        Assert.Equal(ObservationState.Ok, seen.State);
        Assert.Equal("gpt-4o", seen.RequestModel);
        Assert.Equal("ada", seen.User);
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", seen.TraceId);
        Assert.Equal("00f067aa0ba902b7", seen.ParentId);
        Assert.Equal("req_up", seen.ProviderRequestId);
        Assert.Equal(200, seen.HttpStatus);
        Assert.Equal([new("team", "red")], seen.Properties);
        Assert.Equal(s_chat, Encoding.UTF8.GetString(record.Payload.Input.Span));
        Assert.Equal("POST /v1/chat/completions", seen.Endpoint);
        Assert.True(seen.Timings.TotalMs >= seen.Timings.UpstreamMs);
    }

    [Fact]
    public async Task A_stream_of_gemini_that_is_an_array_is_read_as_one()
    {
        const string Answer = """
            [{"candidates":[{"content":{"parts":[{"text":"he"}]}}],"usageMetadata":{"promptTokenCount":5},"modelVersion":"gemini-2.5-flash"},
            {"candidates":[{"content":{"parts":[{"text":"y"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":2},"modelVersion":"gemini-2.5-flash"}]
            """;
        await using var upstream = Upstream.Answering(Upstream.Plain(Answer));
        await using var gateway = await GatewayHost.StartAsync([GatewayHost.Provider(upstream, kind: Bellwether.Providers.ProviderKind.Gemini, path: "")]);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1beta/models/gemini-2.5-flash:streamGenerateContent", "{}"));

        Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal((ObservationState.Ok, 5L, 2L, "STOP"), (seen.State, seen.Usage.InputTokens, seen.Usage.OutputTokens, seen.FinishReason));
    }

    [Fact]
    public async Task An_upstream_error_passes_unchanged()
    {
        var body = """{"error":{"message":"slow down","type":"tokens","param":null,"code":"rate_limit_exceeded"}}""";
        await using var upstream = Upstream.Answering(Upstream.Plain(body, 429, "Retry-After: 3\r\n"));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_chat));
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("3", response.Headers.RetryAfter!.ToString());
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal(ObservationState.ProviderError, seen.State);
        Assert.Equal(ErrorTypes.RateLimited, seen.ErrorType);
        Assert.Equal(429, seen.HttpStatus);
    }

    [Theory]
    [InlineData("data: [DONE]\n", false, true)]
    [InlineData("data: {\"id\":\"c\",\"choi", false, false)]
    [InlineData("data: {\"id\":\"c\",\"choi", true, false)]
    public async Task Half_an_event_at_the_end_reaches_the_caller_of_a_stream_that_was_asked_for_usage(string end, bool reset, bool ok)
    {
        var delta = "data: {\"id\":\"c\",\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ho\"}}]}\n\n";
        await using var upstream = new Upstream(async connection =>
        {
            await connection.ReadRequestAsync();
            // Of a body with a length the end is known to be missing.
            await connection.SendAsync(Upstream.EventsHead.Replace("\r\n\r\n", reset ? "\r\nContent-Length: 9999\r\n\r\n" : "\r\n\r\n", StringComparison.Ordinal) + delta + end);
        });
        await using var gateway = await GatewayHost.StartAsync(upstream);
        const string Body = """{"model":"gpt-4o","stream":true,"messages":[]}""";
        var got = await Raw.SendAsync(gateway.Address, $"POST /v1/chat/completions HTTP/1.0\r\nAuthorization: Bearer {GatewayHost.Key}\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

        Assert.Contains("\r\n\r\n" + delta + end, got, StringComparison.Ordinal);
        Assert.Equal(ok ? ObservationState.Ok : ObservationState.ProviderError, (await gateway.OneRecordAsync()).Observation!.State);
    }

    [Fact]
    public async Task A_path_that_is_only_written_in_another_way_is_measured_and_goes_out_under_its_plain_name()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain(s_answer));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        foreach (var path in new[] { "/v1/chat/%63ompletions", "/v1//chat/completions", "/v1/chat/completions/", "/v1/chat%2Fcompletions" })
        {
            var got = await Raw.SendAsync(gateway.Address, $"POST {path}?a=%63 HTTP/1.0\r\nAuthorization: Bearer {GatewayHost.Key}\r\nContent-Length: {Encoding.UTF8.GetByteCount(s_chat)}\r\n\r\n{Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(s_chat))}");
            Assert.EndsWith(s_answer, got, StringComparison.Ordinal);
            Assert.StartsWith("POST /v1/chat/completions?a=%63 HTTP/1.1\r\n", await upstream.NextRequestAsync(), StringComparison.Ordinal);
            Assert.Equal(("chat", 9L), ((await gateway.OneRecordAsync()).Observation is var seen ? (seen!.Operation, seen.Usage.InputTokens!.Value) : default));
        }
    }

    [Fact]
    public async Task A_stream_is_asked_for_usage_and_the_caller_does_not_see_it()
    {
        var first = "data: {\"id\":\"c\",\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}],\"usage\":null}\n\n";
        var second = "data: {\"id\":\"c\",\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ho\"},\"finish_reason\":\"stop\"}],\"usage\":null}\n\n";
        var usage = "data: {\"id\":\"c\",\"model\":\"gpt-4o\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11}}\n\n";
        var done = "data: [DONE]\n\n";
        await using var upstream = new Upstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(Upstream.EventsHead + first);
            await connection.SendAsync(second + usage + done);
        });
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", """{"model":"gpt-4o","stream":true,"messages":[]}"""));
        Assert.Equal(first + second + done, await response.Content.ReadAsStringAsync());
        Assert.Equal("no", Assert.Single(response.Headers.GetValues("X-Accel-Buffering")));
        Assert.Contains("\"include_usage\":true", await upstream.NextRequestAsync());
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal(ObservationState.Ok, seen.State);
        Assert.True(seen.Stream);
        Assert.Equal(9, seen.Usage.InputTokens);
        Assert.NotNull(seen.Timings.TtftMs);
    }

    [Fact]
    public async Task A_stream_that_asked_for_usage_itself_passes_unchanged()
    {
        var events = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ho\"},\"finish_reason\":\"stop\"}]}\r\n\r\n: ping\r\n\r\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}\r\n\r\ndata: [DONE]\r\n\r\n";
        var request = """{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":true},"messages":[]}""";
        await using var upstream = Upstream.Answering(Upstream.EventsHead.Replace("Connection: close\r\n", $"Content-Length: {events.Length}\r\n", StringComparison.Ordinal) + events);
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", request));
        Assert.Equal(events, await response.Content.ReadAsStringAsync());
        Assert.EndsWith(request, await upstream.NextRequestAsync());
        Assert.Equal(ObservationState.Ok, (await gateway.OneRecordAsync()).Observation!.State);
    }

    [Fact]
    public async Task A_blind_path_passes_any_method_query_and_body()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}", 201));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/v1/files/a%2Fb/content?x=1&y=%20") { Content = new ByteArrayContent([1, 2, 3, 65]) };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + GatewayHost.Key);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");
        using var response = await gateway.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var sent = await upstream.NextRequestAsync();
        Assert.StartsWith("PUT /v1/files/a%2Fb/content?x=1&y=%20 HTTP/1.1\r\n", sent);
        Assert.EndsWith("\r\n\r\n\u0001\u0002\u0003A", sent);
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal("PUT /v1/files/*", seen.Name);
        Assert.Equal("other", seen.Operation);
        Assert.Equal(4, seen.RequestBytes);
        Assert.Equal(2, seen.ResponseBytes);
    }

    [Fact]
    public async Task A_chunked_upload_is_passed_through_chunked()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = new StreamContent(new MemoryStream(new byte[100_000])) };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + GatewayHost.Key);
        using var response = await gateway.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(100_000, (await gateway.OneRecordAsync()).Observation!.RequestBytes);
    }

    [Fact]
    public async Task An_answer_that_is_compressed_all_the_same_passes_unchanged_and_is_still_read()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(s_answer));
        }
        var bytes = packed.ToArray();
        await using var upstream = new Upstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {bytes.Length}\r\n\r\n");
            await connection.SendAsync(bytes);
            await connection.WaitForEndAsync();
        });
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_chat));
        Assert.Equal(bytes, await response.Content.ReadAsByteArrayAsync());
        Assert.Contains("Accept-Encoding: identity", await upstream.NextRequestAsync());
        Assert.Equal(9, (await gateway.OneRecordAsync()).Observation!.Usage.InputTokens);
    }

    [Fact]
    public async Task The_record_is_kept_before_the_last_byte_is_sent()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain(s_answer));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        for (var i = 0; i < 50; i++)
        {
            using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_chat));
            await response.Content.ReadAsByteArrayAsync();
            Assert.Equal(i + 1, gateway.Intake.Left.Count());
        }
    }

    [Fact]
    public async Task An_answer_larger_than_any_buffer_passes_whole()
    {
        var body = "{\"x\":\"" + new string('y', 3_000_000) + "\"}";
        await using var upstream = Upstream.Answering(Upstream.Plain(body));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_chat));
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
        Assert.Equal(body.Length, (await gateway.OneRecordAsync()).Observation!.ResponseBytes);
    }

    [Fact]
    public async Task What_is_not_the_gateways_goes_on()
    {
        await using var gateway = await GatewayHost.StartAsync([]);
        Assert.Equal("not the gateway's", await gateway.Client.GetStringAsync(new Uri("/elsewhere", UriKind.Relative)));
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Client.PostAsync(new Uri("/v1/traces", UriKind.Relative), null)).StatusCode);
    }
}
