using System.Text.Json;
using Bellwether.Detection;
using Bellwether.Exchange;
using Bellwether.Guardrails;
using Bellwether.Providers;
using Bellwether.Telemetry;
using Bellwether.Tests.Gateway;

namespace Bellwether.Tests.Guardrails;

/// <summary>Guards in the gateway, in front of a provider that keeps what it is sent, in every dialect.</summary>
public sealed class GuardedGatewayTests
{
    private const string Attack = GuardFixture.Attack;
    private static readonly GuardPolicy s_strict = GuardFixture.Upstream(PersonalDataAction.Mask) with { Injection = new GuardRule(GuardMode.Block) };

    public static TheoryData<string, string, string> Dialects => new()
    {
        { "openai", "/v1/chat/completions", """{"model":"m","messages":[{"role":"user","content":"@"}]}""" },
        { "openai", "/v1/chat/completions", """{"model":"m","stream":true,"messages":[{"role":"user","content":"@"}]}""" },
        { "openai", "/v1/responses", """{"model":"m","input":"@"}""" },
        { "openai", "/v1/responses", """{"model":"m","stream":true,"input":"@"}""" },
        { "openai", "/v1/completions", """{"model":"m","stream":true,"prompt":"@"}""" },
        { "anthropic", "/v1/messages", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"@"}]}""" },
        { "anthropic", "/v1/messages", """{"model":"m","max_tokens":5,"stream":true,"messages":[{"role":"user","content":[{"type":"text","text":"@"}]}]}""" },
        { "gemini", "/v1beta/models/m:generateContent", """{"contents":[{"role":"user","parts":[{"text":"@"}]}]}""" },
        { "gemini", "/v1beta/models/m:streamGenerateContent?alt=sse", """{"contents":[{"role":"user","parts":[{"text":"@"}]}]}""" },
    };

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task An_attack_is_refused_in_the_dialect_and_never_sent(string surface, string path, string body)
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await StartAsync(upstream, surface, s_strict);
        using var response = await gateway.SendAsync(GatewayHost.Post(path, Fill(body, Attack)));
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal((403, "false", "blocked.injection"), ((int)response.StatusCode, Header(response, "x-should-retry"), Header(response, "x-bellwether-error")));
        Assert.Equal("injection=block", Header(response, "X-Bellwether-Guard"));
        Assert.DoesNotContain("previous", text, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(text);
        var error = json.RootElement.GetProperty("error");
        Assert.Equal(
            surface switch { "openai" => "blocked.injection", "anthropic" => "permission_error", _ => "PERMISSION_DENIED" },
            surface switch { "openai" => error.GetProperty("code"), "anthropic" => error.GetProperty("type"), _ => error.GetProperty("status") } is var said ? said.GetString() : null);
        Assert.False(upstream.TryNextRequest(out _));

        var call = (await gateway.Intake.NextAsync()).Observation!;
        var found = (await gateway.Intake.NextAsync()).Annotation!;
        Assert.Equal((ObservationState.Refused, "blocked.injection", "blocked.injection"), (call.State, call.ErrorType, call.ErrorCode));
        Assert.Equal(("guard", "injection", "block", call.Id), (found.Source, found.Name, found.Category, found.ObservationId));
        Assert.Contains(call.Properties, property => property is { Key: "guard-injection", Value: "block" });
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Personal_data_is_masked_before_it_is_sent_and_the_record_has_what_was_sent(string surface, string path, string body)
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("""{"id":"x"}"""));
        await using var gateway = await StartAsync(upstream, surface, s_strict);
        using var response = await gateway.SendAsync(GatewayHost.Post(path, Fill(body, "I am jane@example.com.")));
        Assert.Equal((200, "pii=mask"), ((int)response.StatusCode, Header(response, "X-Bellwether-Guard")));
        var sent = await upstream.NextRequestAsync();
        Assert.DoesNotContain("jane", sent, StringComparison.Ordinal);
        Assert.Contains("I am [EMAIL].", sent, StringComparison.Ordinal);
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var record = await gateway.Intake.NextAsync();
        Assert.Contains("I am [EMAIL].", System.Text.Encoding.UTF8.GetString(record.Payload.Input.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_prompt_of_a_stopped_call_is_kept_for_who_looks_into_it()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await StartAsync(upstream, "openai", s_strict);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", $$"""{"model":"m","messages":[{"role":"user","content":"{{Attack}}"}]}"""));
        Assert.Contains(Attack, System.Text.Encoding.UTF8.GetString((await gateway.Intake.NextAsync()).Payload.Input.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Observing_changes_no_byte_and_tells_the_caller_nothing()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("""{"id":"x"}"""));
        await using var gateway = await StartAsync(upstream, "openai");
        var body = $$"""{ "model":"m", "messages":[{"role":"user","content":"{{Attack}} jane@example.com"}] }""";
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", body));
        Assert.False(response.Headers.Contains("X-Bellwether-Guard"));
        Assert.EndsWith(body, await upstream.NextRequestAsync(), StringComparison.Ordinal);
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.NotNull((await gateway.Intake.NextAsync()).Observation);
        Assert.Equal(["injection observe", "pii observe"], [Said(await gateway.Intake.NextAsync()), Said(await gateway.Intake.NextAsync())]);
    }

    [Fact]
    public async Task A_suspicious_call_goes_to_the_stricter_provider_with_its_key_wherever_the_caller_wants_it()
    {
        await using var usual = Upstream.Answering(Upstream.Plain("{}"));
        await using var strict = Upstream.Answering(Upstream.Plain("{}"));
        var policy = GuardFixture.Policy() with { Injection = new GuardRule(GuardMode.Route) { Route = new GuardRoute("strict", "guarded") } };
        await using var gateway = await GatewayHost.StartAsync(
            [GatewayHost.Provider(usual, "usual"), GatewayHost.Provider(strict, "strict")], options => options.TargetHosts = [$"http://127.0.0.1:{usual.Port}"], services => services.AddGuards(null, policy), new() { ["m"] = "usual" });
        using var request = GatewayHost.Post("/v1/chat/completions", $$"""{"model":"m","messages":[{"role":"user","content":"{{Attack}}"}]}""", "sk-of-the-caller");
        request.Headers.Add("x-bellwether-key", GatewayHost.Key);
        request.Headers.Add("Helicone-Target-URL", $"http://127.0.0.1:{usual.Port}");
        using var response = await gateway.SendAsync(request);
        Assert.Equal((200, "injection=route"), ((int)response.StatusCode, Header(response, "X-Bellwether-Guard")));
        var sent = await strict.NextRequestAsync();
        Assert.Contains("Bearer sk-stored-strict", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-of-the-caller", sent, StringComparison.Ordinal);
        Assert.Contains("\"model\":\"guarded\"", sent, StringComparison.Ordinal);
        Assert.False(usual.TryNextRequest(out _));
    }

    [Fact]
    public async Task A_fallback_that_brings_a_text_of_its_own_is_changed_like_the_first_and_recorded_as_sent()
    {
        await using var first = Upstream.Answering(Upstream.Plain("{}", 503));
        await using var second = Upstream.Answering(Upstream.Plain("""{"id":"x"}"""));
        await using var gateway = await GatewayHost.StartAsync([GatewayHost.Provider(first, "one"), GatewayHost.Provider(second, "two")], services: services => services.AddGuards(null, s_strict));
        using var response = await gateway.SendAsync(Falling("I am jane@example.com.", first, second, """{"messages":[{"role":"user","content":"Write to bob@example.com and 4111 1111 1111 1111."}],"metadata":{"x":"y"}}"""));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains("I am [EMAIL].", await first.NextRequestAsync(), StringComparison.Ordinal);
        var sent = await second.NextRequestAsync();
        Assert.DoesNotContain("bob", sent, StringComparison.Ordinal);
        Assert.Contains("Write to [EMAIL] and [CREDIT_CARD].", sent, StringComparison.Ordinal);
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Write to [EMAIL] and [CREDIT_CARD].", System.Text.Encoding.UTF8.GetString((await gateway.Intake.NextAsync()).Payload.Input.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fallback_with_an_attack_is_refused_and_not_sent()
    {
        await using var first = Upstream.Answering(Upstream.Plain("{}", 503));
        await using var second = Upstream.Answering(Upstream.Plain("{}"));
        await using var gateway = await GatewayHost.StartAsync([GatewayHost.Provider(first, "one"), GatewayHost.Provider(second, "two")], services: services => services.AddGuards(null, s_strict));
        using var response = await gateway.SendAsync(Falling("Hello.", first, second, $$"""{"messages":[{"role":"user","content":"{{Attack}}"}]}"""));
        Assert.Equal((403, "blocked.injection"), ((int)response.StatusCode, Header(response, "x-bellwether-error")));
        Assert.Contains("Hello.", await first.NextRequestAsync(), StringComparison.Ordinal);
        Assert.False(second.TryNextRequest(out _));
        var call = (await gateway.Intake.NextAsync()).Observation!;
        Assert.Equal((ObservationState.Refused, "blocked.injection"), (call.State, call.ErrorType));
        Assert.Equal("injection block", Said(await gateway.Intake.NextAsync()));
    }

    [Fact]
    public async Task A_fallback_is_judged_by_the_policy_of_the_model_that_it_names_and_what_was_found_before_counts_once()
    {
        await using var first = Upstream.Answering(Upstream.Plain("{}", 503));
        await using var second = Upstream.Answering(Upstream.Plain("{}"));
        var strict = s_strict with { AppliesTo = GuardScope.Everything with { Models = ["guarded-*"] } };
        await using var gateway = await GatewayHost.StartAsync([GatewayHost.Provider(first, "one"), GatewayHost.Provider(second, "two")], services: services => services.AddGuards(null, strict));
        using (var response = await gateway.SendAsync(Falling(Attack, first, second, """{"model":"guarded-1"}""")))
        {
            Assert.Equal(403, (int)response.StatusCode);
            Assert.False(second.TryNextRequest(out _));
            Assert.Equal("m", (await gateway.Intake.NextAsync()).Observation!.RequestModel);
            Assert.Equal(["injection block", "injection observe"], new[] { Said(await gateway.Intake.NextAsync()), Said(await gateway.Intake.NextAsync()) }.Order(StringComparer.Ordinal));
        }
        using (var response = await gateway.SendAsync(Falling(Attack, first, second, """{"model":"other"}""")))
        {
            Assert.Equal(200, (int)response.StatusCode);
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.NotNull((await gateway.Intake.NextAsync()).Observation);
            Assert.Equal("injection observe", Said(await gateway.Intake.NextAsync()));
        }
    }

    [Fact]
    public async Task A_fallback_that_must_go_to_the_stricter_provider_goes_there_with_its_key()
    {
        await using var first = Upstream.Answering(Upstream.Plain("{}", 503));
        await using var second = Upstream.Answering(Upstream.Plain("{}"));
        await using var strict = Upstream.Answering(Upstream.Plain("{}"));
        var policy = GuardFixture.Policy() with { Injection = new GuardRule(GuardMode.Route) { Route = new GuardRoute("strict", "guarded") } };
        await using var gateway = await GatewayHost.StartAsync(
            [GatewayHost.Provider(first, "one"), GatewayHost.Provider(second, "two"), GatewayHost.Provider(strict, "strict")], services: services => services.AddGuards(null, policy));
        using var response = await gateway.SendAsync(Falling("Hello.", first, second, $$"""{"messages":[{"role":"user","content":"{{Attack}}"}]}"""));
        Assert.Equal(200, (int)response.StatusCode);
        var sent = await strict.NextRequestAsync();
        Assert.Contains("Bearer sk-stored-strict", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-of-the-caller", sent, StringComparison.Ordinal);
        Assert.Contains("\"model\":\"guarded\"", sent, StringComparison.Ordinal);
        Assert.False(second.TryNextRequest(out _));
    }

    private static HttpRequestMessage Falling(string text, Upstream first, Upstream second, string keys)
    {
        var request = GatewayHost.Post("/v1/chat/completions", $$"""{"model":"m","messages":[{"role":"user","content":"{{text}}"}]}""");
        request.Headers.Add("Helicone-Fallbacks", $$"""[{"target-url":"http://127.0.0.1:{{first.Port}}","onCodes":[503]},{"target-url":"http://127.0.0.1:{{second.Port}}","headers":{"Authorization":"Bearer sk-of-the-caller"},"onCodes":[503],"bodyKeyOverride":{{keys}}}]""");
        return request;
    }

    [Fact]
    public async Task A_stricter_provider_that_is_not_there_means_no_call()
    {
        await using var upstream = Upstream.Answering(Upstream.Plain("{}"));
        var policy = GuardFixture.Policy() with { Injection = new GuardRule(GuardMode.Route) { Route = new GuardRoute("gone", null) } };
        await using var gateway = await StartAsync(upstream, "openai", policy);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", $$"""{"model":"m","messages":[{"role":"user","content":"{{Attack}}"}]}"""));
        Assert.Equal((503, "provider_not_found"), ((int)response.StatusCode, Header(response, "x-bellwether-error")));
        Assert.False(upstream.TryNextRequest(out _));
    }

    private static Task<GatewayHost> StartAsync(Upstream upstream, string surface, params GuardPolicy[] policies) => GatewayHost.StartAsync(
        [surface switch
        {
            "anthropic" => GatewayHost.Provider(upstream, kind: ProviderKind.Anthropic),
            "gemini" => GatewayHost.Provider(upstream, kind: ProviderKind.Gemini, path: ""),
            _ => GatewayHost.Provider(upstream),
        }],
        services: services => services.AddGuards(null, policies));

    private static string Fill(string body, string text) => body.Replace("\"@\"", JsonSerializer.Serialize(text), StringComparison.Ordinal);

    private static string Said(TelemetryRecord record) => $"{record.Annotation!.Name} {record.Annotation.Category}";

    private static string Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
}
