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
    private static readonly ApiKey s_key = new() { Id = "key_1", Name = "test", Project = ProjectId.Default, Role = Role.Editor };

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
        Assert.Null(HeliconeLog.Read(s_key, new HeaderDictionary(), json.RootElement, s_now, out var problem));
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
        var record = HeliconeLog.Read(s_key, dictionary, json.RootElement, s_now, out var problem);
        Assert.Equal("", problem);
        return record!;
    }
}
