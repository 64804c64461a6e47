using System.Collections.Immutable;
using System.Text;
using Bellwether.Exchange;
using Bellwether.Gateway;
using Bellwether.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace Bellwether.Tests.Gateway;

/// <summary>Header rules, error shapes, the taxonomy, deadlines.</summary>
public sealed class GatewayRulesTests
{
    [Theory]
    [InlineData("connection", HeaderRule.Drop)]
    [InlineData("Transfer-Encoding", HeaderRule.Drop)]
    [InlineData("cookie", HeaderRule.Drop)]
    [InlineData("X-Forwarded-For", HeaderRule.Drop)]
    [InlineData("X-BELLWETHER-Anything", HeaderRule.Ours)]
    [InlineData("Helicone-Cache-Enabled", HeaderRule.Ours)]
    [InlineData("authorization", HeaderRule.Credential)]
    [InlineData("anthropic-beta", HeaderRule.ForwardAndShow)]
    [InlineData("baggage", HeaderRule.Forward)]
    public void A_request_header_has_its_rule(string name, object rule) => Assert.Equal(rule, HeaderRules.OfRequest(name));

    [Theory]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("a\n")]
    [InlineData("a\0")]
    public void A_value_that_would_start_another_header_is_not_safe(string value) => Assert.False(HeaderRules.IsSafe(value));

    [Fact]
    public void A_terminal_event_has_a_name_where_the_sdk_needs_one()
    {
        var refusal = Refusals.TimedOut("p", "idle_timeout", "stopped answering");
        Assert.StartsWith("data: {\"error\":", Text(ErrorBodies.Event(Surface.OpenAi, Dialect.OpenAiChat, refusal, "r")));
        Assert.StartsWith("event: error\ndata: {\"error\":", Text(ErrorBodies.Event(Surface.OpenAi, Dialect.OpenAiResponses, refusal, "r")));
        Assert.Equal(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"timeout_error\",\"message\":\"The provider 'p' stopped answering.\"},\"request_id\":\"r\"}\n\n",
            Text(ErrorBodies.Event(Surface.Anthropic, Dialect.AnthropicMessages, refusal, "r")));
        Assert.Contains("\"status\":\"DEADLINE_EXCEEDED\"", Text(ErrorBodies.Event(Surface.Gemini, Dialect.GeminiGenerate, refusal, "r")));
    }

    [Theory]
    [InlineData(400, "context_length_exceeded", "", "", "context_length")]
    [InlineData(400, "", "invalid_request_error", "prompt is too long: 208000 tokens > 200000 maximum", "context_length")]
    [InlineData(400, "content_filter", "", "", "content_filter")]
    [InlineData(400, "", "invalid_request_error", "bad", "bad_request")]
    [InlineData(401, "", "authentication_error", "", "auth")]
    [InlineData(404, "model_not_found", "", "", "bad_request")]
    [InlineData(429, "", "", "", "rate_limited")]
    [InlineData(429, "insufficient_quota", "", "", "rate_limited")]
    [InlineData(500, "", "", "", "unavailable")]
    [InlineData(529, "", "overloaded_error", "", "unavailable")]
    [InlineData(504, "", "", "", "timeout")]
    public void A_providers_error_has_its_type(int status, string code, string type, string message, string expected)
    {
        var outcome = ErrorTaxonomy.OfAnswer(status, new AnswerFacts { IsError = true, ErrorCode = code, ErrorType = type, ErrorMessage = message }, streamed: false);
        Assert.Equal((ObservationState.ProviderError, expected), (outcome.State, outcome.ErrorType));
    }

    [Fact]
    public void An_error_inside_a_stream_is_an_error_although_the_status_was_200() =>
        Assert.Equal(ObservationState.ProviderError, ErrorTaxonomy.OfAnswer(200, new AnswerFacts { IsError = true, ErrorType = "overloaded_error" }, streamed: true).State);

    [Fact]
    public void A_stream_with_an_event_that_is_no_json_failed_although_it_came_to_its_end() =>
        Assert.Equal((ObservationState.ProviderError, ErrorTypes.ValidationMalformed), StateOf(200, new AnswerFacts { Malformed = true, IsComplete = true }, streamed: true));

    [Fact]
    public void A_redirect_answers_no_call_of_a_model_and_may_answer_what_is_only_passed_through()
    {
        Assert.Equal((ObservationState.ProviderError, ErrorTypes.ValidationMalformed), StateOf(302, AnswerFacts.None, streamed: false));
        Assert.Equal(ObservationState.Ok, ErrorTaxonomy.OfAnswer(302, AnswerFacts.None, streamed: false, opaque: true).State);
    }

    private static (ObservationState, string) StateOf(int status, AnswerFacts facts, bool streamed) =>
        ErrorTaxonomy.OfAnswer(status, facts, streamed) is var outcome ? (outcome.State, outcome.ErrorType) : default;

    [Fact]
    public void What_the_caller_says_is_cut_to_its_limits()
    {
        var call = Call();
        ImmutableArray<KeyValuePair<string, string>>.Builder? properties = null;
        CallerHeaders.Read(call, "X-Bellwether-User", new string('u', 300), ref properties);
        CallerHeaders.Read(call, "x-bellwether-request-id", "not allowed!", ref properties);
        CallerHeaders.Read(call, "Helicone-Session-Id", "s", ref properties);
        for (var i = 0; i < 40; i++)
        {
            CallerHeaders.Read(call, "Helicone-Property-P" + i, "v", ref properties);
        }
        Assert.Equal(256, call.User.Length);
        Assert.Equal("", call.RequestId);
        Assert.Equal("s", call.Session);
        Assert.Equal(32, properties!.Count);
        Assert.Equal("p0", properties[0].Key);
    }

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false)]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false)]
    [InlineData("garbage", false)]
    public void Only_a_valid_traceparent_counts(string value, bool valid)
    {
        var call = Call();
        CallerHeaders.ReadTraceParent(call, value);
        Assert.Equal(valid, call.ParentId.Length > 0);
    }

    [Fact]
    public void One_timer_serves_all_deadlines()
    {
        var time = new FakeTimeProvider();
        using var registry = new CallRegistry(time);
        var slow = registry.Start(CancellationToken.None);
        var quick = registry.Start(CancellationToken.None);
        slow.Expect(StopReason.FirstByte, time.GetTimestamp(), TimeSpan.FromMinutes(10));
        quick.LimitTotal(time.GetTimestamp(), TimeSpan.FromSeconds(3));
        quick.Expect(StopReason.Idle, time.GetTimestamp(), TimeSpan.FromSeconds(2));
        time.Advance(TimeSpan.FromSeconds(1));
        quick.Expect(StopReason.Idle, time.GetTimestamp(), TimeSpan.FromSeconds(5));
        time.Advance(TimeSpan.FromSeconds(1.5));
        Assert.False(quick.Token.IsCancellationRequested);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(StopReason.Total, quick.Reason);
        Assert.True(quick.Token.IsCancellationRequested);
        Assert.False(slow.Token.IsCancellationRequested);
        slow.Expect(StopReason.Idle, time.GetTimestamp(), TimeSpan.FromSeconds(4));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(StopReason.Idle, slow.Reason);
        quick.End();
        slow.End();
        Assert.Equal(0, registry.Count);
    }

    [Fact]
    public void Refusals_are_stored_in_a_burst_and_then_at_a_rate()
    {
        var time = new FakeTimeProvider();
        var budget = new RefusalBudget(time, 2);
        Assert.Equal(20, Enumerable.Range(0, 100).Count(_ => budget.TryTake()));
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(6, Enumerable.Range(0, 100).Count(_ => budget.TryTake()));
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static ModelCall Call() => new()
    {
        Id = Guid.Empty, StartTime = default, StartTimestamp = 0, Dialect = Dialect.OpenAiChat, Surface = "openai", Operation = "chat", Route = "POST /",
    };
}
