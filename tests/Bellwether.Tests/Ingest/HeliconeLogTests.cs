using System.Text;
using System.Text.Json;
using Bellwether.Identity;
using Bellwether.Ingest;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using Microsoft.AspNetCore.Http;

namespace Bellwether.Tests.Ingest;

/// <summary>Bodies as Helicone's loggers send them.</summary>
public sealed class HeliconeLogTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);
    private static readonly OtlpSender s_sender = new(
        new ApiKey { Id = "key_1", Name = "test", Project = ProjectId.Default, Role = Role.Editor }, "helicone", s_now, TimeSpan.FromDays(90));

    private static readonly string s_timing = """ "timing":{"startTime":{"seconds":1795651200,"milliseconds":250},"endTime":{"seconds":1795651201,"milliseconds":500},"timeToFirstToken":90} """;

    [Fact]
    public void A_stream_is_put_together_from_its_lines()
    {
        var chunks = string.Join("\\n",
            """{\"id\":\"c1\",\"model\":\"gpt-4o\",\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}""",
            """{\"choices\":[{\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"stop\"}]}""",
            """{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}""");
        var record = Read($$$"""{"providerRequest":{"json":{"model":"gpt-4o","stream":true}},"providerResponse":{"status":200,"textBody":"{{{chunks}}}"},{{{s_timing}}}}""");
        var seen = record.Observation!;
        Assert.Equal("""{"text":"Hello"}""", Encoding.UTF8.GetString(record.Payload.Output.Span));
        Assert.True(record.Payload.OutputAssembled);
        Assert.Equal((9L, 2L, "stop", "c1"), (seen.Usage.InputTokens, seen.Usage.OutputTokens, seen.FinishReason, seen.ResponseId));
        Assert.Equal(1_250, seen.Timings.TotalMs);
        Assert.Equal(90, seen.Timings.TtftMs);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_795_651_200_250), seen.StartTime);
    }

    [Fact]
    public void Headers_that_stand_in_the_meta_of_the_request_count_where_the_real_ones_say_nothing()
    {
        var body = $$$"""{"providerRequest":{"json":{"model":"gpt-4o","messages":[{"role":"user","content":"secret"}]},"meta":{"Helicone-User-Id":"meta","helicone-property-team":"blue","Helicone-Session-Id":"s-1","Helicone-Omit-Request":true,"Helicone-Request-Id":null,"other":"x"}},"providerResponse":{"status":200,"json":{"model":"gpt-4o"}},{{{s_timing}}}}""";
        var record = Read(body);
        var seen = record.Observation!;
        Assert.Equal(("meta", "s-1", true), (seen.User, seen.Session, record.Payload.Input.IsEmpty));
        Assert.Equal([new KeyValuePair<string, string>("team", "blue")], seen.Properties);
        Assert.Equal("header", HeliconeLog.Read(s_sender, new HeaderDictionary { ["Helicone-User-Id"] = "header" }, JsonDocument.Parse(body).RootElement, out _, out _)!.Observation!.User);
    }

    [Fact]
    public void A_tool_call_in_a_stream_is_put_together_too()
    {
        var chunks = string.Join("\\n",
            """{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\"}}]}}]}""",
            """data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"Oslo\\\"}\"}}]},\"finish_reason\":\"tool_calls\"}]}""");
        var record = Read($$$"""{"providerRequest":{"json":{"model":"gpt-4o"}},"providerResponse":{"status":200,"textBody":"{{{chunks}}}"}}""");
        Assert.Equal((1, "tool_calls"), (record.Observation!.ToolCallCount, record.Observation.FinishReason));
        var call = JsonDocument.Parse(record.Payload.Output).RootElement.GetProperty("tool_calls")[0];
        Assert.Equal(("weather", """{"city":"Oslo"}"""), (call.GetProperty("name").GetString(), call.GetProperty("arguments").GetString()));
    }

    [Theory]
    [InlineData("""{"id":"m1","type":"message","model":"claude-sonnet-4-6","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"cache_read_input_tokens":4,"output_tokens":2}}""", "claude-sonnet-4-6", "end_turn")]
    [InlineData("""{"modelVersion":"gemini-2.5-flash","candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":1,"thoughtsTokenCount":1,"totalTokenCount":9}}""", "gemini-2.5-flash", "STOP")]
    [InlineData("""{"id":"r1","object":"response","model":"gpt-4o","status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}],"usage":{"input_tokens":7,"output_tokens":2}}""", "gpt-4o", "completed")]
    public void An_answer_of_any_provider_is_counted_in_one_way(string answer, string model, string finish)
    {
        var seen = Read($$$"""{"providerRequest":{"json":{"model":"asked"}},"providerResponse":{"status":200,"json":{{{answer}}}}}""").Observation!;
        Assert.Equal((7L, 2L), (seen.Usage.InputTokens, seen.Usage.OutputTokens));
        Assert.Equal(("asked", model, finish), (seen.RequestModel, seen.Model, seen.FinishReason));
    }

    [Theory]
    [InlineData("openai", "https://api.anthropic.com/v1/messages", "claude-sonnet-4-6", "openai")]
    [InlineData("custom", "https://api.anthropic.com/v1/messages", "m", "anthropic")]
    [InlineData("", "https://api.openai.com/v1/chat/completions", "m", "openai")]
    [InlineData("", "https://gateway.hconeai.com/v1", "m", "")]
    [InlineData("", "https://oai.helicone.ai/v1/chat/completions", "m", "openai")]
    [InlineData("", "https://x.openai.azure.com/openai/deployments/d/chat/completions", "gpt-4o", "azure")]
    [InlineData("", "https://europe-west1-aiplatform.googleapis.com/v1/x", "m", "google")]
    [InlineData("", "https://openai.com.evil.example/v1", "m", "")]
    [InlineData("custom", "custom-model-nopath", "gpt-4o", "openai")]
    [InlineData("custom", "http://10.0.0.1/v1", "gemini-2.5-flash", "google")]
    [InlineData("custom", "", "llama-3", "custom")]
    [InlineData("TogetherAI", "", "llama-3", "together")]
    public void The_provider_is_what_is_said_else_where_the_call_went_else_who_makes_the_model(string said, string url, string model, string expected)
    {
        var seen = Read($$$"""{"provider":"{{{said}}}","providerRequest":{"url":"{{{url}}}","json":{"model":"{{{model}}}"} },"providerResponse":{"status":200,"json":{"choices":[]} } }""").Observation!;
        Assert.Equal(expected, seen.Provider);
    }

    [Fact]
    public void The_form_of_an_answer_tells_its_provider_too() =>
        Assert.Equal(("anthropic", "anthropic"), Read("""{"providerRequest":{"json":{"model":"m"}},"providerResponse":{"status":200,"json":{"type":"message","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}}""").Observation is { } seen
            ? (seen.Provider, seen.PriceProvider) : default);

    [Fact]
    public void A_step_stands_in_the_session_where_the_gateway_puts_calls_of_it()
    {
        var seen = Read("""{"providerRequest":{"json":{"_type":"tool"}},"providerResponse":{"status":200,"json":{"rain":true}}}""",
            ("Helicone-Session-Id", "s-1"), ("Helicone-Session-Path", "/trip/flights"));
        var place = Bellwether.Exchange.SessionTree.Place(ProjectId.Default, "s-1", "trip")!.Value;
        Assert.Equal((place.TraceId, place.SpanId), (seen.Observation!.TraceId, seen.Observation.ParentId));
        Assert.Equal("""{"rain":true}""", Encoding.UTF8.GetString(seen.Payload.Output.Span));
    }

    [Fact]
    public void A_clock_that_was_never_set_is_not_believed()
    {
        using var json = JsonDocument.Parse("""{"providerRequest":{"json":{}},"providerResponse":{"status":200},"timing":{"startTime":{"seconds":1},"endTime":{"seconds":3}}}""");
        var record = HeliconeLog.Read(s_sender, new HeaderDictionary(), json.RootElement, out var corrected, out _)!;
        Assert.True(corrected);
        Assert.Equal((s_now, 2_000.0), (record.Observation!.StartTime, record.Observation.Timings.TotalMs));
    }

    [Theory]
    [InlineData("-3", ObservationState.ClientDisconnect, "client_disconnect")]
    [InlineData("200", ObservationState.Ok, "")]
    [InlineData("429", ObservationState.ProviderError, "rate_limited")]
    [InlineData("500", ObservationState.ProviderError, "unavailable")]
    public void A_status_says_how_the_call_ended(string status, ObservationState state, string errorType)
    {
        var seen = Read("""{"providerRequest":{"json":{}},"providerResponse":{"status":STATUS}}""".Replace("STATUS", status, StringComparison.Ordinal)).Observation!;
        Assert.Equal((state, errorType), (seen.State, seen.ErrorType));
    }

    [Theory]
    [InlineData("tool", ObservationKind.Tool)]
    [InlineData("vector_db", ObservationKind.Retrieval)]
    [InlineData("data", ObservationKind.Chain)]
    public void A_step_is_not_a_call(string type, ObservationKind kind) =>
        Assert.Equal(kind, Read($$$"""{"providerRequest":{"json":{"_type":"{{{type}}}"}},"providerResponse":{"status":200}}""").Observation!.Kind);

    [Fact]
    public void Headers_say_whose_it_is_and_what_is_not_kept()
    {
        var record = Read("""{"providerRequest":{"json":{"model":"m","user":"body-user","q":"secret"}},"providerResponse":{"json":{"a":"secret"},"status":200}}""",
            ("Helicone-User-Id", "u-1"), ("Helicone-Property-Team", "blue"), ("Helicone-Omit-Request", "true"), ("Helicone-Omit-Response", "true"),
            ("Helicone-Request-Id", "7d3e5a52-3f0a-4c7e-9b1f-0d8a5e6f7a01"));
        Assert.Equal((true, true), (record.Payload.Input.IsEmpty, record.Payload.Output.IsEmpty));
        Assert.Equal(new Guid("7d3e5a52-3f0a-4c7e-9b1f-0d8a5e6f7a01"), record.Observation!.Id);
        Assert.Equal("u-1", record.Observation.User);
        Assert.Equal("blue", Assert.Single(record.Observation.Properties).Value);
    }

    [Theory]
    [InlineData("{}", "providerRequest")]
    [InlineData("""{"providerRequest":1}""", "providerRequest")]
    [InlineData("""{"providerRequest":{},"providerResponse":"x"}""", "providerResponse")]
    public void What_is_missing_is_named(string body, string field)
    {
        using var json = JsonDocument.Parse(body);
        Assert.Null(HeliconeLog.Read(s_sender, new HeaderDictionary(), json.RootElement, out _, out var problem));
        Assert.Contains(field, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"providerRequest":{"json":[1]},"providerResponse":{"status":1e308,"json":{"usage":{"prompt_tokens":-5,"completion_tokens":1e300},"choices":[7]}},"timing":{"startTime":{"seconds":1e300}}}""")]
    [InlineData("""{"providerRequest":{"json":null},"providerResponse":{"status":"x","textBody":"{\"choices\":{}}\n{broken"},"timing":7}""")]
    public void Nonsense_is_read_without_an_exception(string body)
    {
        var seen = Read(body).Observation!;
        Assert.Null(seen.Usage.InputTokens);
        Assert.Null(seen.Usage.OutputTokens);
        Assert.Equal(s_now, seen.StartTime);
    }

    private static TelemetryRecord Read(string body, params (string Name, string Value)[] headers)
    {
        var dictionary = new HeaderDictionary();
        foreach (var (name, value) in headers)
        {
            dictionary[name] = value;
        }
        using var json = JsonDocument.Parse(body);
        var record = HeliconeLog.Read(s_sender, dictionary, json.RootElement, out _, out var problem);
        Assert.Equal("", problem);
        return record!;
    }
}
