using System.Net;
using System.Text;
using System.Text.Json;
using Bellwether.Exchange;
using Bellwether.Gateway;
using Bellwether.Identity;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Tests.Gateway;

/// <summary>What Helicone's headers do to a call, to its record and to its answer.</summary>
public sealed class HeliconeHeaderTests
{
    private static readonly string s_chat = """{"model":"gpt-4o","user":"body-user","messages":[{"role":"user","content":"the secret question"}]}""";
    private static readonly string s_answer = """{"id":"c1","model":"gpt-4o","choices":[{"message":{"content":"the secret answer"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3}}""";

    [Fact]
    public async Task Headers_become_fields_and_properties_and_none_reaches_the_provider()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain(s_answer));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        var id = "7d3e5a52-3f0a-4c7e-9b1f-0d8a5e6f7a01";
        using var response = await SendAsync(gateway,
            ("Helicone-Request-Id", id), ("Helicone-User-Id", "u-1"), ("Helicone-Session-Id", "s-1"), ("Helicone-Session-Path", "/trip/flights"),
            ("Helicone-Session-Name", "Planner"), ("Helicone-Prompt-Id", "greet"), ("Helicone-Prompt-Version", "3"), ("Helicone-Property-Team", "blue"),
            ("Helicone-Model-Override", "claude-sonnet-4"), ("Helicone-Node-Id", "n-1"), ("Helicone-Posthog-Key", "phc-secret"), ("Helicone-Cache-Enabled", "true"),
            ("Helicone-Cache-Bucket-Max-Size", "3"), ("Cache-Control", "max-age=60"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(id, Header(response, "Helicone-Id"));
        Assert.Equal("success", Header(response, "Helicone-Status"));
        Assert.Equal("MISS", Header(response, "Helicone-Cache"));
        Assert.DoesNotContain("helicone", await upstream.NextRequestAsync(), StringComparison.OrdinalIgnoreCase);
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal((id, "u-1", "s-1", "greet", "3"), (seen.RequestId, seen.User, seen.Session, seen.PromptName, seen.PromptVersion));
        Assert.Equal(("claude-sonnet-4", "gpt-4o"), (seen.Model, seen.RequestModel));
        var properties = seen.Properties.ToDictionary();
        Assert.Equal("blue", properties["team"]);
        Assert.Equal("Planner", properties["session-name"]);
        Assert.Equal("n-1", properties["helicone-node-id"]);
        Assert.Equal("true", properties["helicone-cache-enabled"]);
        Assert.DoesNotContain("phc-secret", properties.Values);
        Assert.Equal((16, 16), (seen.SpanId.Length, seen.ParentId.Length));
    }

    [Fact]
    public async Task Paths_of_a_session_are_a_tree()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain(s_answer));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var first = await SendAsync(gateway, ("Helicone-Session-Id", "s-1"), ("Helicone-Session-Path", "/trip"));
        var root = (await gateway.OneRecordAsync()).Observation!;
        using var second = await SendAsync(gateway, ("Helicone-Session-Id", "s-1"), ("Helicone-Session-Path", "/trip/flights/"));
        var child = (await gateway.OneRecordAsync()).Observation!;
        using var third = await SendAsync(gateway, ("Helicone-Session-Id", "s-2"), ("Helicone-Session-Path", "/trip"));
        var other = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal("", root.ParentId);
        Assert.Equal((root.TraceId, root.SpanId), (child.TraceId, child.ParentId));
        Assert.NotEqual(root.SpanId, other.SpanId);
        Assert.NotEqual(root.TraceId, other.TraceId);
    }

    [Fact]
    public async Task What_is_to_be_omitted_is_nowhere_in_the_record_and_the_usage_is()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain(s_answer));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var response = await SendAsync(gateway, ("Helicone-Omit-Request", "true"), ("Helicone-Omit-Response", "true"));
        Assert.Contains("the secret answer", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var record = await gateway.OneRecordAsync();
        var seen = record.Observation!;
        Assert.True(record.Payload.Input.IsEmpty);
        Assert.True(record.Payload.Output.IsEmpty);
        Assert.DoesNotContain("secret", record.Payload.Headers, StringComparison.Ordinal);
        Assert.Equal(("", "", ""), (seen.User, seen.Parameters, seen.SystemFingerprint));
        Assert.Equal((7L, 3L), (seen.Usage.InputTokens, seen.Usage.OutputTokens));
        // One of the two alone takes only its own body.
        using var half = await SendAsync(gateway, ("Helicone-Omit-Request", "true"));
        record = await gateway.OneRecordAsync();
        Assert.True(record.Payload.Input.IsEmpty);
        Assert.Contains("the secret answer", Encoding.UTF8.GetString(record.Payload.Output.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Helicone-Cache-Bucket-Max-Size", "21", 400, "invalid_header")]
    [InlineData("Helicone-Cache-Bucket-Max-Size", "many", 400, "invalid_header")]
    [InlineData("Helicone-Fallbacks", "{}", 400, "invalid_header")]
    [InlineData("Helicone-Fallbacks", "[{\"target-url\":\"https://a.example\"}]", 400, "invalid_header")]
    [InlineData("Helicone-Fallbacks", "[{\"target-url\":\"https://a.example\",\"onCodes\":[429],\"bodyKeyOverride\":{\"stream\":true}}]", 400, "invalid_header")]
    [InlineData("Helicone-Fallbacks", "[{\"target-url\":\"https://a.example\",\"onCodes\":[429],\"bodyKeyOverride\":{\"model\":7}}]", 400, "invalid_header")]
    [InlineData("Helicone-Fallbacks", "[{\"target-url\":\"https://a.example\",\"onCodes\":[429]}]", 403, "target_not_allowed")]
    [InlineData("Helicone-Fallbacks", "[{\"target-url\":\"\\ud800\",\"onCodes\":[429]}]", 400, "invalid_header")]
    [InlineData("Helicone-Fallbacks", "[{\"target-url\":\"http://169.254.169.254\",\"onCodes\":[429]}]", 403, "target_not_allowed")]
    [InlineData("Helicone-Retry-Num", "-1", 400, "invalid_header")]
    [InlineData("Helicone-Target-URL", "https://a.example", 403, "target_not_allowed")]
    [InlineData("Helicone-Target-URL", "https://a.example/v1", 400, "invalid_target_url")]
    [InlineData("Helicone-Target-URL", "file:///etc/passwd", 400, "invalid_target_url")]
    [InlineData("Helicone-Target-URL", "http://user@127.0.0.1", 400, "invalid_target_url")]
    [InlineData("Helicone-Target-URL", "http://169.254.169.254", 403, "target_not_allowed")]
    [InlineData("Helicone-OpenAI-Api-Base", "http://127.0.0.1:1", 403, "target_not_allowed")]
    [InlineData("x-portkey-metadata", "[1]", 400, "invalid_header")]
    [InlineData("x-portkey-metadata", "{\"a\":\"\\ud800\"}", 400, "invalid_header")]
    [InlineData("x-portkey-config", "{\"retry\":", 400, "invalid_header")]
    public async Task A_header_that_cannot_be_done_is_refused_by_name(string name, string value, int status, string code)
    {
        await using var upstream = Upstream.Answering(Upstream.Plain(s_answer));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var response = await SendAsync(gateway, (name, value));
        Assert.Equal(status, (int)response.StatusCode);
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(code, body.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains(name, body.GetProperty("error").GetProperty("message").GetString()!, StringComparison.OrdinalIgnoreCase);
        if (name.StartsWith("Helicone", StringComparison.Ordinal))
        {
            Assert.False(body.GetProperty("success").GetBoolean());
        }
        Assert.False(upstream.TryNextRequest(out _));
    }

    [Fact]
    public async Task A_retry_repeats_the_same_bytes_until_the_provider_answers()
    {
        var answers = new Queue<string>([Upstream.Plain("{}", 500), Upstream.Plain("{}", 429, "Retry-After: 0\r\n"), Upstream.Plain(s_answer)]);
        await using var upstream = Scripted(answers);
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var response = await SendAsync(gateway, ("Helicone-Retry-Enabled", "true"), ("Helicone-Retry-Min-Timeout", "1"), ("helicone-retry-num", "3"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var first = Body(await upstream.NextRequestAsync());
        Assert.Equal(first, Body(await upstream.NextRequestAsync()));
        Assert.Equal(first, Body(await upstream.NextRequestAsync()));
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal(ObservationState.Ok, seen.State);
        Assert.Equal("2", seen.Properties.ToDictionary()["upstream-retries"]);
    }

    [Fact]
    public async Task A_connection_that_fails_is_tried_again_and_then_said()
    {
        var gone = Upstream.Answering(s_answer);
        var provider = GatewayHost.Provider(gone);
        await gone.DisposeAsync();
        await using var gateway = await GatewayHost.StartAsync([provider]);
        using var response = await SendAsync(gateway, ("Helicone-Retry-Enabled", "true"), ("Helicone-Retry-Min-Timeout", "1"), ("helicone-retry-num", "2"));
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("error", Header(response, "Helicone-Status"));
        Assert.Equal("2", (await gateway.OneRecordAsync()).Observation!.Properties.ToDictionary()["upstream-retries"]);
    }

    [Fact]
    public async Task A_call_without_such_headers_gets_none_back()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain(s_answer));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var response = await SendAsync(gateway, ("x-bellwether-user", "u-1"), ("x-bellwether-request-id", "7d3e5a52-3f0a-4c7e-9b1f-0d8a5e6f7a01"));
        Assert.Equal(Header(response, "x-bellwether-id"), Header(response, "Helicone-Id"));
        Assert.Equal(["Helicone-Id"], response.Headers.Select(header => header.Key).Where(name => name.StartsWith("Helicone", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task What_a_provider_quotes_of_an_omitted_body_is_not_kept_either()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("""{"error":{"message":"cannot read 'the secret question'","type":"invalid_request_error","code":"bad"}}""", 400));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var response = await SendAsync(gateway, ("Helicone-Omit-Request", "true"));
        Assert.Contains("the secret question", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal((ObservationState.ProviderError, "bad", ""), (seen.State, seen.ErrorCode, seen.ErrorMessage));
    }

    [Fact]
    public async Task A_redirect_of_a_target_is_passed_on_and_not_followed()
    {
        await using var elsewhere = Upstream.Answering(Upstream.Plain(s_answer));
        await using var target = Upstream.Answering(Upstream.Plain("{}", 307, $"Location: http://127.0.0.1:{elsewhere.Port}/v1/chat/completions\r\n"));
        await using var gateway = await GatewayHost.StartAsync([], options => options.TargetHosts = [$"http://127.0.0.1:{target.Port}"], AllowLoopback);
        using var response = await SendAsync(gateway, ("Helicone-Target-URL", $"http://127.0.0.1:{target.Port}"));
        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        await target.NextRequestAsync();
        Assert.False(elsewhere.TryNextRequest(out _));
    }

    [Fact]
    public async Task Without_the_header_nothing_is_repeated()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}", 500));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var response = await SendAsync(gateway, ("Helicone-Retry-Num", "3"));
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        await upstream.NextRequestAsync();
        Assert.False(upstream.TryNextRequest(out _));
    }

    [Fact]
    public async Task Fallbacks_are_tried_in_order_with_their_own_headers_and_body_keys()
    {
        await using var first = Upstream.Answering(Upstream.Plain("{}", 503));
        await using var second = Upstream.Answering(Upstream.Plain(s_answer));
        await using var gateway = await GatewayHost.StartAsync(
            [GatewayHost.Provider(first, "one"), GatewayHost.Provider(second, "two")], services: AllowLoopback);
        var fallbacks = $$$"""
            [{"target-url":"http://127.0.0.1:{{{first.Port}}}","headers":{"Authorization":"Bearer sk-one"},"onCodes":[{"from":500,"to":599}]},{"target-url":"http://127.0.0.1:{{{second.Port}}}","headers":{"Authorization":"Bearer sk-two","x-extra":"1"},"onCodes":[429],"bodyKeyOverride":{"model":"gpt-4o-mini"}}]
            """;
        using var response = await SendAsync(gateway, ("Helicone-Fallbacks", fallbacks));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("1", Header(response, "Helicone-Fallback-Index"));
        var one = await first.NextRequestAsync();
        Assert.Contains("Bearer sk-one", one, StringComparison.Ordinal);
        Assert.Equal(s_chat, Body(one));
        var two = await second.NextRequestAsync();
        Assert.Contains("Bearer sk-two", two, StringComparison.Ordinal);
        Assert.Contains("x-extra: 1", two, StringComparison.Ordinal);
        Assert.DoesNotContain(GatewayHost.Key, two, StringComparison.Ordinal);
        Assert.Equal("gpt-4o-mini", JsonDocument.Parse(Body(two)).RootElement.GetProperty("model").GetString());
        Assert.Equal("two", (await gateway.OneRecordAsync()).Observation!.Provider);
    }

    [Fact]
    public async Task A_fallback_follows_one_that_cannot_be_reached()
    {
        var gone = Upstream.Answering(s_answer);
        var first = GatewayHost.Provider(gone, "one");
        await gone.DisposeAsync();
        await using var second = Upstream.Answering(Upstream.Plain(s_answer));
        await using var gateway = await GatewayHost.StartAsync([first, GatewayHost.Provider(second, "two")]);
        using var response = await SendAsync(gateway, ("Helicone-Fallbacks",
            $$"""[{"target-url":"{{first.BaseUrl.GetLeftPart(UriPartial.Authority)}}","onCodes":[429]},{"target-url":"http://127.0.0.1:{{second.Port}}","onCodes":[429]}]"""));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("1", Header(response, "Helicone-Fallback-Index"));
        Assert.Contains("Bearer sk-stored-two", await second.NextRequestAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fallback_cannot_ask_for_a_model_that_the_key_may_not_call()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain(s_answer));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        gateway.Keyring.Add("bw-for-one-model", KeyCheck.Valid, "gpt-4o");
        var request = GatewayHost.Post("/v1/chat/completions", s_chat, "bw-for-one-model");
        request.Headers.Add("Helicone-Fallbacks", $$$"""[{"target-url":"http://127.0.0.1:{{{upstream.Port}}}","onCodes":[429],"bodyKeyOverride":{"model":"gpt-5"}}]""");
        using var response = await gateway.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(upstream.TryNextRequest(out _));
    }

    [Fact]
    public async Task Fallbacks_of_a_body_that_passes_through_are_refused_instead_of_half_done()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        var request = GatewayHost.Post("/v1/files", "not read");
        request.Headers.Add("Helicone-Fallbacks", $$"""[{"target-url":"http://127.0.0.1:{{upstream.Port}}","onCodes":[429]}]""");
        using var response = await gateway.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Helicone-Fallbacks", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(upstream.TryNextRequest(out _));
    }

    [Fact]
    public async Task A_listed_target_is_called_with_the_callers_own_key_and_never_with_a_stored_one()
    {
        await using var configured = Upstream.Answering(Upstream.Plain(s_answer));
        await using var target = Upstream.Answering(Upstream.Plain(s_answer));
        await using var gateway = await GatewayHost.StartAsync([GatewayHost.Provider(configured)],
            options => options.TargetHosts = [$"http://127.0.0.1:{target.Port}"], AllowLoopback);
        var request = GatewayHost.Post("/v1/chat/completions", s_chat, "sk-of-the-caller");
        request.Headers.Add("Helicone-Auth", "Bearer " + GatewayHost.Key);
        request.Headers.Add("Helicone-Target-URL", $"http://127.0.0.1:{target.Port}/");
        using var response = await gateway.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("Bearer sk-of-the-caller", await target.NextRequestAsync(), StringComparison.Ordinal);
        using var withoutOwn = await SendAsync(gateway, ("Helicone-Target-URL", $"http://127.0.0.1:{target.Port}"));
        Assert.DoesNotContain("Authorization", await target.NextRequestAsync(), StringComparison.OrdinalIgnoreCase);
        Assert.False(configured.TryNextRequest(out _));
    }

    [Fact]
    public async Task A_private_target_needs_the_operators_word_twice()
    {
        await using var target = Upstream.Answering(Upstream.Plain(s_answer));
        await using var gateway = await GatewayHost.StartAsync([], options => options.TargetHosts = [$"http://127.0.0.1:{target.Port}"]);
        using var response = await SendAsync(gateway, ("Helicone-Target-URL", $"http://127.0.0.1:{target.Port}"));
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.False(target.TryNextRequest(out _));
    }

    [Fact]
    public async Task A_policy_limits_each_user_for_itself_and_says_where_it_stands()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain(s_answer));
        await using var gateway = await GatewayHost.StartAsync(upstream);
        using var first = await SendAsync(gateway, ("Helicone-RateLimit-Policy", "1;w=60;s=user"), ("Helicone-User-Id", "a"));
        Assert.Equal(("1", "0", "1;w=60;s=user"), (Header(first, "Helicone-RateLimit-Limit"), Header(first, "Helicone-RateLimit-Remaining"), Header(first, "Helicone-RateLimit-Policy")));
        using var second = await SendAsync(gateway, ("Helicone-RateLimit-Policy", "1;w=60;s=user"), ("Helicone-User-Id", "a"));
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.Equal("false", Header(second, "x-should-retry"));
        Assert.NotNull(Header(second, "Retry-After"));
        using var other = await SendAsync(gateway, ("Helicone-RateLimit-Policy", "1;w=60;s=user"), ("Helicone-User-Id", "b"));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using var broken = await SendAsync(gateway, ("Helicone-RateLimit-Policy", "lots"), ("Helicone-User-Id", "a"));
        Assert.Equal(HttpStatusCode.OK, broken.StatusCode);
    }

    [Theory]
    [InlineData("max-age=60", 60)]
    [InlineData("public, s-maxage=30, max-age=60", 30)]
    [InlineData("max-age=60, s-maxage=30", 30)]
    [InlineData("no-store", 604_800)]
    [InlineData("max-age=99999999999", 31_536_000)]
    public void The_age_of_a_cached_answer_has_a_default_and_a_limit(string control, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), CacheHeaders.MaxAge(control));

    [Fact]
    public async Task A_stages_view_of_a_call_holds_what_was_asked_of_the_cache()
    {
        var seen = new SeenStage();
        await using var upstream = Upstream.Answering(Upstream.Plain(s_answer));
        await using var gateway = await GatewayHost.StartAsync(upstream, services: services => services.AddSingleton<IExchangeStage>(seen));
        using var response = await SendAsync(gateway, ("Helicone-Cache-Save", "true"), ("Cache-Control", "max-age=9"), ("Helicone-Cache-Seed", "x"), ("Helicone-Cache-Ignore-Keys", "user, seed"));
        Assert.Equal((false, true, 9.0, "x"), (seen.Cache!.Read, seen.Cache.Save, seen.Cache.MaxAge.TotalSeconds, seen.Cache.Seed));
        Assert.Equal("user seed", string.Join(' ', seen.Cache.IgnoreKeys));
    }

    [Fact]
    public async Task Portkeys_headers_are_read_into_the_same_fields()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain(s_answer));
        await using var gateway = await GatewayHost.StartAsync([GatewayHost.Provider(upstream, "openai"), GatewayHost.Provider(upstream, "spare")]);
        var request = GatewayHost.Post("/v1/chat/completions", s_chat, "sk-of-the-caller");
        request.Headers.Add("x-portkey-api-key", GatewayHost.Key);
        request.Headers.Add("x-portkey-provider", "@openai");
        request.Headers.Add("x-portkey-trace-id", "trace-7");
        request.Headers.Add("x-portkey-metadata", """{"_user":"u-9","team":"red"}""");
        request.Headers.Add("x-portkey-config", """{"retry":{"attempts":2},"api_key":"sk-hidden"}""");
        using var response = await gateway.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var sent = await upstream.NextRequestAsync();
        Assert.DoesNotContain("portkey", sent, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Bearer sk-of-the-caller", sent, StringComparison.Ordinal);
        var seen = (await gateway.OneRecordAsync()).Observation!;
        Assert.Equal(("u-9", "trace-7", "openai"), (seen.User, seen.Session, seen.Provider));
        Assert.Equal("red", seen.Properties.ToDictionary()["team"]);
        Assert.DoesNotContain(seen.Properties, property => property.Value.Contains("sk-hidden", StringComparison.Ordinal));
    }

    private static Task<HttpResponseMessage> SendAsync(GatewayHost gateway, params (string Name, string Value)[] headers)
    {
        var request = GatewayHost.Post("/v1/chat/completions", s_chat);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value.Trim());
        }
        return gateway.SendAsync(request);
    }

    private static void AllowLoopback(IServiceCollection services) =>
        services.Configure<NetworkOptions>(network => network.PrivateTargets = ["127.0.0.1"]);

    private static Upstream Scripted(Queue<string> answers) => new(async connection =>
    {
        while (await connection.ReadRequestAsync() is not null)
        {
            await connection.SendAsync(answers.Dequeue());
        }
    });

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private static string Body(string request) => request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    private sealed class SeenStage : IExchangeStage
    {
        public CacheWish? Cache { get; private set; }

        public string Name => "cache";

        public ValueTask<StageVerdict> BeforeAsync(ModelCall call, CancellationToken cancellationToken)
        {
            Cache = call.Cache;
            return new(StageVerdict.Continue);
        }

        public void Ended(ModelCall call, Observation observation)
        {
        }
    }
}
