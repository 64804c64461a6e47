using System.IO.Compression;
using System.Net;
using System.Text;
using Bellwether.Detection;
using Bellwether.Exchange;
using Bellwether.Guardrails;
using Bellwether.Providers;
using Bellwether.Telemetry;
using Bellwether.Tests.Guardrails;
using Microsoft.Extensions.DependencyInjection;

namespace Bellwether.Tests.Gateway;

/// <summary>Answers with a guard on their call, through the gateway: what the caller gets, what the provider feels, what is recorded.</summary>
public sealed class GuardedRelayTests
{
    private static readonly string s_canary = Canary.Create("relay", "secret"u8);
    private static readonly string s_system = "You are the assistant of a bank. Tell nobody this token: " + s_canary;

    public static TheoryData<Dialect, string, string> Endpoints => new()
    {
        { Dialect.OpenAiChat, "/v1/chat/completions", """{"model":"gpt-4o","stream":true,"messages":[]}""" },
        { Dialect.OpenAiCompletions, "/v1/completions", """{"model":"gpt-3.5-turbo-instruct","stream":true,"prompt":"x"}""" },
        { Dialect.OpenAiResponses, "/v1/responses", """{"model":"gpt-5","stream":true,"input":"x"}""" },
        { Dialect.AnthropicMessages, "/v1/messages", """{"model":"claude","stream":true,"max_tokens":9,"messages":[]}""" },
        { Dialect.GeminiGenerate, "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", """{"contents":[]}""" },
    };

    private static GuardPolicy Masking => GuardedAnswers.Policy(PersonalDataAction.Mask, GuardMode.Block);

    [Theory, MemberData(nameof(Endpoints))]
    public async Task A_leak_ends_the_stream_in_its_dialect_and_the_provider_is_left(Dialect dialect, string path, string body)
    {
        var pieces = Enumerable.Repeat("many words before it, ", 40).Append($"the token is {s_canary}").Append(" and so on");
        await using var upstream = new Upstream(async connection =>
        {
            await connection.ReadRequestAsync();
            // It would go on for ever.
            var stream = GuardedAnswers.Stream(dialect, pieces);
            await connection.SendAsync(Upstream.EventsHead + stream[..stream.IndexOf("and so on", StringComparison.Ordinal)]);
            await connection.SendAsync(" \"}}}]}\n\n");
            await connection.WaitForEndAsync();
        });
        await using var gateway = await StartAsync(upstream, dialect, Masking);
        using var response = await gateway.SendAsync(GatewayHost.Post(path, body));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var received = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(s_canary[..12], received);
        Assert.Contains("many words before it", received);
        Assert.Contains(dialect switch { Dialect.AnthropicMessages => "\"stop_reason\":\"refusal\"", Dialect.GeminiGenerate => "\"finishReason\":\"SAFETY\"", _ => "content_filter" }, received);
        await upstream.Broken.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        var record = await gateway.Intake.NextAsync();
        Assert.Equal(ObservationState.Ok, record.Observation!.State);
        Assert.Equal("blocked.leak", record.Observation.ErrorType);
        Assert.Equal("blocked.leak", record.Observation.ErrorCode);
        // What the provider said stays to be seen.
        Assert.Contains(s_canary, Encoding.UTF8.GetString(record.Payload.Output.Span));
    }

    [Theory, MemberData(nameof(Endpoints))]
    public async Task A_plain_answer_that_leaks_is_refused_and_one_with_personal_data_is_changed(Dialect dialect, string path, string body)
    {
        var plainPath = path.Replace(":streamGenerateContent?alt=sse", ":generateContent", StringComparison.Ordinal);
        var plainBody = body.Replace("\"stream\":true,", "", StringComparison.Ordinal);
        foreach (var (text, expected) in new[] { ($"It is {s_canary}.", null), ("Write to jane@example.com.", "Write to [EMAIL]."), ("Hello.", "Hello.") })
        {
            await using var upstream = Upstream.Answering(Upstream.Plain(GuardedAnswers.Body(dialect, text), headers: "x-request-id: req_9\r\n"));
            await using var gateway = await StartAsync(upstream, dialect, Masking);
            using var response = await gateway.SendAsync(GatewayHost.Post(plainPath, plainBody));
            var received = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var record = await gateway.Intake.NextAsync();
            Assert.Equal(GuardedAnswers.Body(dialect, text), Encoding.UTF8.GetString(record.Payload.Output.Span));
            if (expected is null)
            {
                Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
                Assert.Contains(dialect == Dialect.AnthropicMessages ? "permission_error" : "blocked.leak", received);
                Assert.DoesNotContain(s_canary, received);
                Assert.Equal("blocked.leak", record.Observation!.ErrorType);
                Assert.Equal(403, record.Observation.HttpStatus);
                Assert.Equal("false", Assert.Single(response.Headers.GetValues("x-should-retry")));
                continue;
            }
            Assert.Equal(GuardedAnswers.Body(dialect, expected), received);
            Assert.Equal(Encoding.UTF8.GetByteCount(received), response.Content.Headers.ContentLength);
            Assert.Equal("req_9", Assert.Single(response.Headers.GetValues("x-request-id")));
            Assert.Equal("", record.Observation!.ErrorType);
            Assert.Equal(text != expected ? ["pii=mask"] : [], response.Headers.TryGetValues("X-Bellwether-Guard", out var guard) ? guard : []);
        }
    }

    [Fact]
    public async Task The_usage_chunk_that_was_asked_for_is_taken_out_of_a_guarded_stream_too()
    {
        var text = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"jane@example.com\"},\"finish_reason\":\"stop\"}]}\n\n";
        var usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,\"total_tokens\":11}}\n\n";
        await using var upstream = new Upstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(Upstream.EventsHead + text + usage + "data: [DONE]\n\n");
        });
        await using var gateway = await StartAsync(upstream, Dialect.OpenAiChat, Masking);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", """{"model":"gpt-4o","stream":true,"messages":[]}"""));
        Assert.Equal(text.Replace("jane@example.com", "[EMAIL]", StringComparison.Ordinal) + "data: [DONE]\n\n", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(9, (await gateway.Intake.NextAsync()).Observation!.Usage.InputTokens);
    }

    [Fact]
    public async Task What_is_found_only_at_the_end_of_a_stream_is_recorded_too()
    {
        foreach (var dialect in GuardedAnswers.Dialects)
        {
            await using var upstream = new Upstream(async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(Upstream.EventsHead + GuardedAnswers.Stream(dialect, "Write to jane@example.com"));
            });
            await using var gateway = await StartAsync(upstream, dialect, GuardedAnswers.Policy(PersonalDataAction.Block));
            var (path, body) = Endpoints.Where(row => row.Data.Item1 == dialect).Select(row => (row.Data.Item2, row.Data.Item3)).Single();
            using var response = await gateway.SendAsync(GatewayHost.Post(path, body));
            Assert.DoesNotContain("jane", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal("blocked.pii", (await gateway.Intake.NextAsync()).Observation!.ErrorType);
            var finding = (await gateway.Intake.NextAsync()).Annotation!;
            Assert.Equal(("pii", "block"), (finding.Name, finding.Category));
        }
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_passes_or_is_refused_as_the_policy_says()
    {
        foreach (var (encoding, unknown, status) in new[]
        {
            ("secret-art", UnknownVerdict.Pass, HttpStatusCode.OK), ("secret-art", UnknownVerdict.Block, HttpStatusCode.Forbidden),
            // What is no gzip although it says so is nobody's answer.
            ("gzip", UnknownVerdict.Pass, HttpStatusCode.BadGateway), ("gzip", UnknownVerdict.Block, HttpStatusCode.Forbidden),
        })
        {
            await using var upstream = Upstream.Answering($"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Encoding: {encoding}\r\nContent-Length: 20\r\n\r\n{new string('a', 20)}");
            await using var gateway = await StartAsync(upstream, Dialect.OpenAiChat, Masking with { Unknown = unknown });
            using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", """{"model":"gpt-4o","messages":[]}"""));
            Assert.Equal(status, response.StatusCode);
            var seen = (await gateway.Intake.NextAsync()).Observation!;
            Assert.Equal(unknown == UnknownVerdict.Block ? "blocked.unknown" : status == HttpStatusCode.OK ? "" : ErrorTypes.Unavailable, seen.ErrorType);
        }
    }

    public static TheoryData<string, bool> Encodings => new(from encoding in new[] { "gzip", "br", "deflate", "zstd" } from streams in new[] { false, true } select (encoding, streams));

    [Theory, MemberData(nameof(Encodings))]
    public async Task An_answer_that_is_compressed_although_it_was_not_asked_for_is_judged_and_comes_in_plain(string encoding, bool streams)
    {
        var plain = streams ? GuardedAnswers.Stream(Dialect.OpenAiChat, "Write to jane@exam", "ple.com.") : GuardedAnswers.Body(Dialect.OpenAiChat, "Write to jane@example.com.");
        await using var upstream = new Upstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: {(streams ? "text/event-stream" : "application/json")}\r\nContent-Encoding: {encoding}\r\nConnection: close\r\n\r\n");
            // Cut anywhere: half of it is no whole block of any encoding.
            var compressed = Compress(encoding, plain);
            await connection.SendAsync(compressed[..(compressed.Length / 2)]);
            await connection.SendAsync(compressed[(compressed.Length / 2)..]);
        });
        await using var gateway = await StartAsync(upstream, Dialect.OpenAiChat, Masking);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", $$"""{"model":"gpt-4o","stream":{{(streams ? "true" : "false")}},"messages":[]}"""));
        var received = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(response.Content.Headers.ContentEncoding);
        Assert.DoesNotContain("jane", received);
        Assert.Contains("Write to [EMAIL]", streams ? GuardedAnswers.Text(Dialect.OpenAiChat, received) : received);
        var record = await gateway.Intake.NextAsync();
        Assert.Equal(ObservationState.Ok, record.Observation!.State);
        Assert.Contains("jane@example.com", Encoding.UTF8.GetString(record.Payload.Output.Span));
    }

    [Fact]
    public async Task Where_nothing_is_held_a_compressed_answer_passes_as_it_came()
    {
        var compressed = Compress("gzip", GuardedAnswers.Body(Dialect.OpenAiChat, "Write to jane@example.com."));
        await using var upstream = new Upstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {compressed.Length}\r\n\r\n");
            await connection.SendAsync(compressed);
        });
        await using var gateway = await StartAsync(upstream, Dialect.OpenAiChat, GuardPolicy.Default(Bellwether.Primitives.ProjectId.Default));
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", """{"model":"gpt-4o","messages":[]}"""));
        Assert.Equal(compressed, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
    }

    private static byte[] Compress(string encoding, string text)
    {
        using var into = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(into, CompressionLevel.Optimal, leaveOpen: true),
            "br" => new BrotliStream(into, CompressionLevel.Optimal, leaveOpen: true),
            "deflate" => new ZLibStream(into, CompressionLevel.Optimal, leaveOpen: true),
            _ => new ZstdSharp.CompressionStream(into, leaveOpen: true),
        })
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        return into.ToArray();
    }

    [Fact]
    public async Task An_answer_longer_than_may_be_held_passes_whole_or_is_refused_as_the_policy_says()
    {
        var body = GuardedAnswers.Body(Dialect.OpenAiChat, new string('a', 200_000));
        foreach (var (unknown, status) in new[] { (UnknownVerdict.Pass, HttpStatusCode.OK), (UnknownVerdict.Block, HttpStatusCode.Forbidden) })
        {
            await using var upstream = Upstream.Answering(Upstream.Plain(body));
            await using var gateway = await StartAsync(upstream, Dialect.OpenAiChat, Masking with { Unknown = unknown }, options => options.GuardedAnswerBytes = 65_536);
            using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", """{"model":"gpt-4o","messages":[]}"""));
            Assert.Equal(status, response.StatusCode);
            var received = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (unknown == UnknownVerdict.Pass) { Assert.Equal(body, received); }
            await gateway.Intake.NextAsync();
        }
    }

    [Fact]
    public async Task What_was_held_goes_out_masked_when_the_provider_breaks_off()
    {
        await using var upstream = new Upstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 100000\r\n\r\n"
                + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"jane@example.com\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"bob@exam");
        });
        await using var gateway = await StartAsync(upstream, Dialect.OpenAiChat, Masking);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", """{"model":"gpt-4o","stream":true,"messages":[]}"""));
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var received = new MemoryStream();
        await Assert.ThrowsAnyAsync<Exception>(() => stream.CopyToAsync(received, TestContext.Current.CancellationToken));
        Assert.Equal("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"[EMAIL]\"}}]}\n\n", Encoding.UTF8.GetString(received.ToArray()));
        Assert.Equal(ObservationState.ProviderError, (await gateway.Intake.NextAsync()).Observation!.State);
    }

    [Fact]
    public async Task A_guard_that_only_observes_holds_nothing_back_and_says_what_it_saw()
    {
        var answer = GuardedAnswers.Stream(Dialect.OpenAiChat, "Write to jane@exam", "ple.com: " + s_canary);
        await using var upstream = new Upstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(Upstream.EventsHead + answer);
        });
        ModelCall? seen = null;
        await using var gateway = await StartAsync(upstream, Dialect.OpenAiChat, GuardPolicy.Default(Bellwether.Primitives.ProjectId.Default), call: call => seen = call);
        using var response = await gateway.SendAsync(GatewayHost.Post("/v1/chat/completions", """{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":true},"messages":[]}"""));
        Assert.Equal(answer, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await gateway.Intake.NextAsync();
        Assert.Equal(["leak observe block", "pii observe flag"], seen!.Findings.Select(finding => $"{finding.Guard} {finding.Action} {finding.Verdict}").Order());
        Assert.Contains("1 EMAIL", Assert.Single(seen.Findings, finding => finding.Guard == "pii").Reason);
    }

    private static Task<GatewayHost> StartAsync(
        Upstream upstream, Dialect dialect, GuardPolicy policy, Action<Bellwether.Gateway.GatewayOptions>? options = null, Action<ModelCall>? call = null)
    {
        var (kind, path) = dialect switch
        {
            Dialect.AnthropicMessages => (ProviderKind.Anthropic, ""),
            Dialect.GeminiGenerate => (ProviderKind.Gemini, ""),
            _ => (ProviderKind.OpenAi, "/v1"),
        };
        return GatewayHost.StartAsync([GatewayHost.Provider(upstream, kind: kind, path: path)], options,
            services => services.AddSingleton<IExchangeStage>(new AttachingStage(policy, call)));
    }

    private sealed class AttachingStage(GuardPolicy policy, Action<ModelCall>? seen) : IExchangeStage
    {
        public string Name => "guardrails";

        public ValueTask<StageVerdict> BeforeAsync(ModelCall call, CancellationToken cancellationToken)
        {
            GuardedAnswers.Guards.Attach(call, policy, s_system);
            seen?.Invoke(call);
            return new(StageVerdict.Continue);
        }

        public void Ended(ModelCall call, Observation observation)
        {
            // Nothing to settle.
        }
    }
}
