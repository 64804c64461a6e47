using System.Net;
using System.Text;
using System.Text.Json;
using Bellwether.Exchange;
using Bellwether.Gateway;
using Bellwether.Identity;
using Bellwether.Providers;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Tests.Gateway;

/// <summary>Who may call, with what, and how each refusal reads in the dialect of its endpoint.</summary>
public sealed class GatewayAdmissionTests
{
    private static readonly string s_chat = """{"model":"gpt-4o","messages":[]}""";

    [Theory]
    [InlineData("/v1/chat/completions", "invalid_api_key")]
    [InlineData("/v1/unknown/thing", "invalid_api_key")]
    [InlineData("/openai/deployments/d/chat/completions?api-version=1", "invalid_api_key")]
    public async Task An_unknown_key_is_refused_in_the_dialect_of_openai(string path, string code)
    {
        await using var gateway = await GatewayHost.StartAsync([]);
        using var response = await gateway.SendAsync(GatewayHost.Post(path, s_chat, "bw-nobody"));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var error = (await JsonAsync(response)).GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Null, error.GetProperty("param").ValueKind);
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal(ObservationState.Refused, seen.State);
        Assert.Equal(ErrorTypes.Auth, seen.ErrorType);
        Assert.Equal("", seen.KeyId);
    }

    [Fact]
    public async Task A_missing_key_is_refused_in_the_dialects_of_anthropic_and_gemini()
    {
        await using var gateway = await GatewayHost.StartAsync([]);
        using var anthropic = await gateway.Client.PostAsync(new Uri("/v1/messages", UriKind.Relative), new StringContent("{}"));
        Assert.Equal(HttpStatusCode.Unauthorized, anthropic.StatusCode);
        var body = await JsonAsync(anthropic);
        Assert.Equal("error", body.GetProperty("type").GetString());
        Assert.Equal("authentication_error", body.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(Assert.Single(anthropic.Headers.GetValues("x-request-id")), body.GetProperty("request_id").GetString());
        // The one that Anthropic's SDK reads.
        Assert.Equal(Assert.Single(anthropic.Headers.GetValues("request-id")), body.GetProperty("request_id").GetString());
        using var gemini = await gateway.Client.PostAsync(new Uri("/v1beta/models/gemini-2.5-flash:generateContent", UriKind.Relative), new StringContent("{}"));
        Assert.Equal("UNAUTHENTICATED", (await JsonAsync(gemini)).GetProperty("error").GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("x-bellwether-key: {key}\r\nAuthorization: Bearer sk-own", "/v1/models?key={key}&a=1", "/v1/models?a=1")]
    [InlineData("x-bellwether-key: {key}\r\nAuthorization: Bearer sk-own", "/v1/models?key=own&Key={key}&k%65y={key}", "/v1/models?key=own")]
    [InlineData("Authorization: Bearer {key}", "/v1/models?token={key}&a=&key=x", "/v1/models?a=")]
    [InlineData("X-A: 1", "/v1/models?key={key}", "/v1/models")]
    [InlineData("x-bellwether-key: {key}\r\nSec-WebSocket-Protocol: realtime, openai-insecure-api-key.{key}", "/v1/realtime?model=m", "/v1/realtime?model=m")]
    [InlineData("Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.{key}", "/v1/realtime", "/v1/realtime")]
    public async Task A_key_of_ours_never_goes_out_wherever_it_stands(string headers, string path, string sentPath)
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        var got = await Raw.SendAsync(gateway.Address, $"GET {path} HTTP/1.0\r\n{headers}\r\n\r\n".Replace("{key}", GatewayHost.Key, StringComparison.Ordinal));

        Assert.StartsWith("HTTP/1.1 200", got, StringComparison.Ordinal);
        var sent = await upstream.NextRequestAsync();
        Assert.StartsWith($"GET {sentPath} HTTP/1.1\r\n", sent, StringComparison.Ordinal);
        Assert.DoesNotContain(GatewayHost.Key, sent, StringComparison.Ordinal);
        Assert.Equal(headers.Contains("Protocol", StringComparison.Ordinal), sent.Contains("Sec-WebSocket-Protocol: realtime\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_providers_key_in_a_sub_protocol_is_the_callers_own()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        await Raw.SendAsync(gateway.Address, $"GET /v1/realtime HTTP/1.0\r\nx-bellwether-key: {GatewayHost.Key}\r\nSec-WebSocket-Protocol: realtime, openai-insecure-api-key.sk-own\r\n\r\n");

        var sent = await upstream.NextRequestAsync();
        Assert.Contains("Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.sk-own\r\n", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-stored", sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mine-1", "mine-1")]
    [InlineData("not usable!", null)]
    public async Task The_callers_request_id_is_the_calls(string sent, string? expected)
    {
        await using var gateway = await GatewayHost.StartAsync([]);
        using var request = GatewayHost.Post("/v1/chat/completions", s_chat, "bw-nobody");
        request.Headers.TryAddWithoutValidation("X-Request-Id", sent);
        using var response = await gateway.SendAsync(request);

        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal(expected ?? seen.Id.ToString(), seen.RequestId);
        Assert.Equal(seen.RequestId, Assert.Single(response.Headers.GetValues("x-request-id")));
        Assert.False(response.Headers.Contains("request-id"));
    }

    [Theory]
    [InlineData(KeyCheck.Revoked)]
    [InlineData(KeyCheck.Expired)]
    public async Task A_revoked_or_expired_key_is_refused(KeyCheck check)
    {
        await using var gateway = await GatewayHost.StartAsync([]);
        gateway.Keyring.Add("bw-old", check);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_chat, "bw-old"));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains(check.ToString(), await response.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("x-api-key", "")]
    [InlineData("api-key", "")]
    [InlineData("x-goog-api-key", "")]
    public async Task A_key_is_taken_from_every_place_where_an_sdk_puts_one(string header, string prefix)
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(s_chat) };
        request.Headers.TryAddWithoutValidation(header, prefix + GatewayHost.Key);
        using var response = await gateway.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var sent = await upstream.NextRequestAsync();
        Assert.DoesNotContain(GatewayHost.Key, sent);
        Assert.Contains("Authorization: Bearer sk-stored-stub\r\n", sent);
    }

    [Theory]
    [InlineData("x-bellwether-key", "")]
    [InlineData("Helicone-Auth", "Bearer ")]
    public async Task With_our_key_in_a_header_of_its_own_the_callers_credential_goes_upstream(string header, string prefix)
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var request = GatewayHost.Post("/v1/chat/completions", s_chat, "sk-callers-own");
        request.Headers.TryAddWithoutValidation(header, prefix + GatewayHost.Key);
        using var response = await gateway.SendAsync(request);
        var sent = await upstream.NextRequestAsync();
        Assert.Contains("Authorization: Bearer sk-callers-own\r\n", sent);
        Assert.DoesNotContain("sk-stored", sent);
        Assert.DoesNotContain(GatewayHost.Key, sent);
        Assert.DoesNotContain("helicone", sent, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Pass_through_without_an_own_credential_uses_the_stored_key_and_never_sends_ours()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        gateway.Keyring.Add("operators-own-bootstrap-key");
        using var request = GatewayHost.Post("/v1/chat/completions", s_chat, "operators-own-bootstrap-key");
        request.Headers.TryAddWithoutValidation("x-bellwether-key", GatewayHost.Key);
        using var response = await gateway.SendAsync(request);
        var sent = await upstream.NextRequestAsync();
        Assert.Contains("Authorization: Bearer sk-stored-stub\r\n", sent);
        Assert.DoesNotContain("operators-own", sent);
    }

    [Fact]
    public async Task A_key_for_certain_models_reaches_no_other_and_no_path_that_hides_its_model()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        gateway.Keyring.Add("bw-mini", KeyCheck.Valid, "gpt-4o-mini*");
        using var allowed = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", """{"model":"gpt-4o-mini-2024"}""", "bw-mini"));
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        using var other = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_chat, "bw-mini"));
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        Assert.Equal("model_not_allowed", (await JsonAsync(other)).GetProperty("error").GetProperty("code").GetString());
        using var hidden = await gateway.SendAsync(GatewayHost.Post("/v1/images/generations", """{"model":"gpt-4o-mini"}""", "bw-mini"));
        Assert.Equal(HttpStatusCode.Forbidden, hidden.StatusCode);
    }

    [Theory]
    [InlineData("not json", "invalid_json")]
    [InlineData("""{"model":"a","model":"b"}""", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("", "invalid_json")]
    public async Task A_body_that_cannot_be_read_is_refused_before_the_provider_is_called(string body, string code)
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", body));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(code, (await JsonAsync(response)).GetProperty("error").GetProperty("code").GetString());
        Assert.False(upstream.TryNextRequest(out _));
        var record = await gateway.OneRecordAsync();
        Assert.Equal(ObservationState.Refused, record.Observation!.State);
        Assert.True(record.Payload.Input.IsEmpty);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_refused_with_413(bool chunked)
    {
        await using var gateway = await GatewayHost.StartAsync([], options => options.MaxBodyBytes = 2_000);
        using var request = GatewayHost.Post("/v1/chat/completions", "{\"model\":\"" + new string('x', 3_000) + "\"}");
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await gateway.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("request_too_large", (await JsonAsync(response)).GetProperty("error").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("zstd", HttpStatusCode.UnsupportedMediaType, "unsupported_content_encoding")]
    [InlineData("gzip, gzip", HttpStatusCode.UnsupportedMediaType, "unsupported_content_encoding")]
    [InlineData("gzip", HttpStatusCode.BadRequest, "invalid_content_encoding")]
    public async Task An_encoding_that_cannot_be_read_is_refused(string encoding, HttpStatusCode status, string code)
    {
        await using var gateway = await GatewayHost.StartAsync([]);
        using var request = GatewayHost.Post("/v1/chat/completions", s_chat);
        request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        using var response = await gateway.SendAsync(request);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, (await JsonAsync(response)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_compressed_body_is_read_and_passed_on_as_it_came_and_a_bomb_is_refused()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var small = GatewayHost.Post("/v1/chat/completions", "");
        small.Content = Packed(s_chat);
        using var response = await gateway.SendAsync(small);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var record = await gateway.OneRecordAsync();
        Assert.Equal("gpt-4o", record.Observation!.RequestModel);
        Assert.Equal(s_chat, Encoding.UTF8.GetString(record.Payload.Input.Span));
        Assert.Contains("Content-Encoding: gzip", await upstream.NextRequestAsync());

        using var bomb = GatewayHost.Post("/v1/chat/completions", "");
        bomb.Content = Packed("{\"model\":\"" + new string('x', 30_000_000) + "\"}");
        using var refused = await gateway.SendAsync(bomb);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
    }

    [Fact]
    public async Task Too_many_headers_are_refused_with_431()
    {
        await using var gateway = await GatewayHost.StartAsync([]);
        using var request = GatewayHost.Post("/v1/chat/completions", s_chat);
        for (var i = 0; i < 150; i++)
        {
            request.Headers.TryAddWithoutValidation($"x-{i}", "v");
        }
        using var response = await gateway.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
        Assert.Equal("request_headers_too_large", (await JsonAsync(response)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Dot_segments_cannot_leave_the_providers_base_path()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        foreach (var path in new[] { "/v1/../admin", "/v1/%2e%2E/admin", "/v1/files/./x", "/v1/a%5c..%5cb" })
        {
            var answer = await Raw.SendAsync(gateway.Address, $"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {GatewayHost.Key}\r\nConnection: close\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 400", answer);
            Assert.Contains("invalid_path", answer);
        }
        Assert.False(upstream.TryNextRequest(out _));
    }

    [Fact]
    public async Task When_a_record_could_not_be_kept_the_provider_is_not_called()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        gateway.Intake.Full = true;
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_chat));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("7", response.Headers.RetryAfter!.ToString());
        Assert.Equal("true", Assert.Single(response.Headers.GetValues("x-should-retry")));
        Assert.Equal("disk_full", (await JsonAsync(response)).GetProperty("error").GetProperty("code").GetString());
        Assert.False(upstream.TryNextRequest(out _));
    }

    [Fact]
    public async Task With_best_effort_audit_the_call_is_served_without_its_record()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await GatewayHost.StartAsync(upstream, options => options.Audit = "best-effort");
        gateway.Intake.Full = true;
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_chat));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task An_answer_whose_record_is_lost_at_the_last_moment_is_withheld()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("""{"secret":1}"""));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        gateway.Intake.FailsLate = true;
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_chat));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_flood_of_bad_keys_is_counted_and_only_its_beginning_stored()
    {
        await using var gateway = await GatewayHost.StartAsync([], options => options.StoredRefusalsPerSecond = 1);
        for (var i = 0; i < 60; i++)
        {
            using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_chat, "bw-nobody"));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
        Assert.InRange(gateway.Intake.Left.Count(), 10, 30);
    }

    [Fact]
    public async Task An_ambiguous_model_is_not_found()
    {
        await using var one = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await GatewayHost.StartAsync([GatewayHost.Provider(one, "a"), GatewayHost.Provider(one, "b")]);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_chat));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("model_not_found", (await JsonAsync(response)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_stage_may_refuse_or_answer_and_hears_how_the_call_ended()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        var stage = new TestStage();
        await using var gateway = await GatewayHost.StartAsync(upstream, services: services => services.AddSingleton<IExchangeStage>(stage));

        stage.Verdict = StageVerdict.Refuse(new Refusal(402, "insufficient_quota", "budget_exceeded", "Spent.", ErrorTypes.RateLimited) { ShouldRetry = false });
        using var refused = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_chat));
        Assert.Equal(HttpStatusCode.PaymentRequired, refused.StatusCode);
        Assert.Equal("false", Assert.Single(refused.Headers.GetValues("x-should-retry")));
        Assert.Equal(ObservationState.Refused, Assert.Single(stage.Ends).State);

        stage.Verdict = StageVerdict.Reply(new StageAnswer("application/json", """{"cached":true}"""u8.ToArray()) { Source = "cache" });
        using var cached = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_chat));
        Assert.Equal("""{"cached":true}""", await cached.Content.ReadAsStringAsync());
        Assert.Equal("cache", stage.Ends[1].Provider);
        Assert.False(upstream.TryNextRequest(out _));

        stage.Verdict = StageVerdict.Continue;
        using var passed = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_chat));
        Assert.Equal("{}", await passed.Content.ReadAsStringAsync());
        Assert.Equal(3, stage.Ends.Count);
        await upstream.NextRequestAsync();

        stage.NewBody = """{"model":"gpt-4o","messages":["changed"]}"""u8.ToArray();
        using var changed = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", s_chat));
        Assert.EndsWith("\r\n\r\n{\"model\":\"gpt-4o\",\"messages\":[\"changed\"]}", await upstream.NextRequestAsync());
    }

    [Fact]
    public async Task A_stage_without_a_place_in_the_order_stops_the_start()
    {
        var stage = new TestStage { Name = "nowhere" };
        await Assert.ThrowsAsync<InvalidOperationException>(() => GatewayHost.StartAsync([], services: services => services.AddSingleton<IExchangeStage>(stage)));
    }

    private static ByteArrayContent Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }
        var content = new ByteArrayContent(packed.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip");
        return content;
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonElement.Parse(await response.Content.ReadAsStringAsync());

    private sealed class TestStage : IExchangeStage
    {
        public string Name { get; init; } = "limits";
        public StageVerdict Verdict { get; set; }
        public byte[]? NewBody { get; set; }
        public List<Observation> Ends { get; } = [];

        public ValueTask<StageVerdict> BeforeAsync(ModelCall call, CancellationToken cancellationToken)
        {
            if (NewBody is { } body)
            {
                call.Body = body;
            }
            return ValueTask.FromResult(Verdict);
        }

        public void Ended(ModelCall call, Observation observation) => Ends.Add(observation);
    }
}
