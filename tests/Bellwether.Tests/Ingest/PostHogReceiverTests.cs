using System.IO.Compression;
using System.Net;
using System.Text;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Ingest;

/// <summary>Bodies in the form of posthog-node 5.70 with the events of @posthog/ai 8.13.</summary>
public sealed class PostHogReceiverTests : IAsyncLifetime
{
    private const string Generation = """
        {"$ai_lib":"posthog-ai","$ai_provider":"openai","$ai_model":"gpt-4o-mini","$ai_model_parameters":{"temperature":0.2},
        "$ai_input":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Weather in Oslo?"}]}],
        "$ai_output_choices":[{"role":"assistant","content":[{"type":"text","text":"One moment."},{"type":"function","id":"call_1","function":{"name":"weather","arguments":{"city":"Oslo"}}}]}],
        "$ai_tools":[{"type":"function","function":{"name":"weather"}}],
        "$ai_http_status":200,"$ai_input_tokens":120,"$ai_output_tokens":30,"$ai_reasoning_tokens":10,"$ai_cache_read_input_tokens":100,
        "$ai_latency":2.5,"$ai_time_to_first_token":0.5,"$ai_trace_id":"0199c2a4-7d3b-7c11-9a65-4f3d2c1b0a99","$ai_span_id":"gen-1","$ai_session_id":"s-1","$ai_span_name":"answer",
        "$ai_completion_id":"chatcmpl-0123456789abcdef","$ai_stop_reason":"tool_calls","$ai_stream":true,"$ai_base_url":"https://api.openai.com/v1","plan":"pro","$groups":{"company":"acme"}}
        """;

    private AnalyticsHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AnalyticsHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_generation_is_a_call_with_everything_it_says()
    {
        var uuid = Guid.CreateVersion7().ToString();
        var (status, answer) = await _host.BatchAsync(AnalyticsHost.Event("$ai_generation", Generation, uuid: uuid));

        Assert.Equal((HttpStatusCode.OK, """{"status":1}"""), (status, answer.GetRawText()));
        var call = Assert.Single(_host.Intake.Observations);
        Assert.Equal((uuid, ObservationKind.Llm, ObservationState.Ok, "posthog", "chat"), (call.Id.ToString(), call.Kind, call.State, call.Surface, call.Operation));
        Assert.Equal(("openai", "openai", "gpt-4o-mini", "answer"), (call.Provider, call.PriceProvider, call.Model, call.Name));
        Assert.Equal(("u-1", "s-1", "0199c2a47d3b7c119a654f3d2c1b0a99", "gen-1", ""), (call.User, call.Session, call.TraceId, call.SpanId, call.ParentId));
        Assert.Equal((120, 30, 100, 10), (call.Usage.InputTokens, call.Usage.OutputTokens, call.Usage.CacheReadTokens, call.Usage.ReasoningTokens));
        // The event is captured when the call is over.
        Assert.Equal(AnalyticsHost.Now.AddSeconds(-32.5), call.StartTime);
        Assert.Equal((2_500, 500, 15), (call.Timings.TotalMs, call.Timings.TtftMs, call.Timings.TokensPerSecond));
        Assert.Equal(("chatcmpl-0123456789abcdef", "tool_calls", true, 200), (call.ResponseId, call.FinishReason, call.Stream, call.HttpStatus));
        Assert.Equal("""{"temperature":0.2}""", call.Parameters);
        Assert.Null(call.Cost);
        Assert.Equal("group.company=acme plan=pro", string.Join(' ', call.Properties.Select(property => $"{property.Key}={property.Value}")));
        Assert.Equal((2, 1), (call.MessageCount, call.ToolCallCount));

        var texts = _host.Texts("answer");
        var input = AnalyticsHost.Json(texts.Input);
        Assert.Equal("gpt-4o-mini", input.GetProperty("model").GetString());
        Assert.Equal(["system:Be brief.", "user:Weather in Oslo?"], input.GetProperty("messages").EnumerateArray().Select(message => $"{message.GetProperty("role")}:{message.GetProperty("content")}"));
        Assert.Equal("weather", input.GetProperty("tools")[0].GetProperty("function").GetProperty("name").GetString());
        Assert.True(texts.OutputAssembled);
        Assert.Equal("""{"text":"One moment.","tool_calls":[{"id":"call_1","name":"weather","arguments":"{\"city\":\"Oslo\"}"}]}""", Encoding.UTF8.GetString(texts.Output.Span));
        var attributes = AnalyticsHost.Json(texts.Attributes);
        Assert.Equal("posthog-ai", attributes.GetProperty("$ai_lib").GetString());
        Assert.False(attributes.TryGetProperty("$ai_input", out _));
    }

    [Fact]
    public async Task Traces_spans_and_embeddings_make_a_tree()
    {
        await _host.BatchAsync(
            AnalyticsHost.Event("$ai_embedding", """{"$ai_trace_id":"T","$ai_span_id":"e","$ai_parent_id":"s","$ai_span_name":"embed","$ai_model":"text-embedding-3-small","$ai_provider":"openai","$ai_input":"Oslo","$ai_input_tokens":3}"""),
            AnalyticsHost.Event("$ai_span", """{"$ai_trace_id":"T","$ai_span_id":"s","$ai_span_name":"look up","$ai_span_type":"tool","$ai_input_state":{"city":"Oslo"},"$ai_output_state":{"rain":true}}"""),
            AnalyticsHost.Event("$ai_trace", """{"$ai_trace_id":"T","$ai_span_id":"run-1","$ai_span_name":"agent","$ai_latency":4}""", distinct: "T"));

        Assert.Equal((ObservationKind.Embedding, "s", "embeddings"), (_host.Step("embed").Kind, _host.Step("embed").ParentId, _host.Step("embed").Operation));
        Assert.Equal("Oslo", Encoding.UTF8.GetString(_host.Texts("embed").Input.Span));
        // Names no parent; the trace's own step is in the same batch.
        Assert.Equal((ObservationKind.Tool, "T"), (_host.Step("look up").Kind, _host.Step("look up").ParentId));
        Assert.Equal("""{"city":"Oslo"}""", Encoding.UTF8.GetString(_host.Texts("look up").Input.Span));
        // Clients that know nobody name the trace.
        Assert.Equal((ObservationKind.Chain, "T", "", ""), (_host.Step("agent").Kind, _host.Step("agent").SpanId, _host.Step("agent").ParentId, _host.Step("agent").User));
    }

    [Fact]
    public async Task Feedback_and_metrics_are_annotations_and_the_last_word_of_a_person_wins()
    {
        await _host.BatchAsync(
            AnalyticsHost.Event("$ai_feedback", """{"$ai_trace_id":"T","$ai_feedback_text":"wrong city"}"""),
            AnalyticsHost.Event("$ai_metric", """{"$ai_trace_id":"T","$ai_metric_name":"relevance","$ai_metric_value":"0.8"}"""),
            AnalyticsHost.Event("$ai_metric", """{"$ai_trace_id":"T","$ai_span_id":"gen-1","$ai_metric_name":"tone","$ai_metric_value":"warm"}"""),
            AnalyticsHost.Event("$ai_metric", """{"$ai_trace_id":"T","$ai_metric_name":"relevance","$ai_metric_value":true}"""));

        var said = _host.Annotations.ToArray();
        Assert.Equal(("comment", "user", "wrong city", "u-1", "T"), (said[0].Name, said[0].Source, said[0].Text, said[0].Author, said[0].TraceId));
        Assert.Equal(("relevance", "evaluator", 0.8), (said[1].Name, said[1].Source, said[1].Number));
        Assert.Equal(("warm", ObservationIds.OfSpan(said[2].Project, "gen-1")), (said[2].Category, said[2].ObservationId));
        Assert.Equal((said[1].Id, 1), (said[3].Id, said[3].Number));
    }

    [Theory]
    [InlineData("anthropic", "", 1_100)]
    [InlineData("anthropic", "\"$ai_cache_reporting_exclusive\":false,", 600)]
    [InlineData("openai", "\"$ai_cache_reporting_exclusive\":true,", 1_100)]
    [InlineData("openai", "", 600)]
    public async Task Tokens_from_a_cache_are_part_of_the_input_however_they_were_counted(string provider, string flag, long input)
    {
        await _host.BatchAsync(AnalyticsHost.Event("$ai_generation", $$"""{{{flag}}"$ai_provider":"{{provider}}","$ai_input_tokens":600,"$ai_output_tokens":5,"$ai_cache_read_input_tokens":500,"$ai_span_name":"c"}"""));

        Assert.Equal((input, 500), (_host.Step("c").Usage.InputTokens, _host.Step("c").Usage.CacheReadTokens));
    }

    [Fact]
    public async Task A_failed_call_is_an_error_with_its_kind_and_message()
    {
        await _host.BatchAsync(AnalyticsHost.Event("$ai_generation", """{"$ai_span_name":"c","$ai_is_error":true,"$ai_http_status":429,"$ai_error":{"message":"slow down"}}"""));

        Assert.Equal((ObservationState.ProviderError, ErrorTypes.RateLimited, 429), (_host.Step("c").State, _host.Step("c").ErrorType, _host.Step("c").HttpStatus));
        Assert.Contains("slow down", _host.Step("c").ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_by_our_own_gateway_that_has_no_id_is_a_step_and_not_counted_twice()
    {
        await _host.BatchAsync(AnalyticsHost.Event("$ai_generation", $$"""{"$ai_span_name":"c","$ai_model":"gpt-4o","$ai_input_tokens":5,"$ai_base_url":"http://{{_host.Authority}}/v1"}"""));

        Assert.Equal((ObservationKind.Chain, false), (_host.Step("c").Kind, _host.Step("c").Usage.IsKnown));
    }

    [Theory]
    [InlineData("null", "An event must be an object.")]
    [InlineData("7", "An event must be an object.")]
    [InlineData("""{"event":7,"properties":{}}""", "event: must be")]
    [InlineData("""{"event":"$ai_generation","properties":[]}""", "properties: must be an object.")]
    [InlineData("""{"event":"$ai_generation","event":"x"}""", "An event is no JSON, or holds a name twice, is nested too deeply, or has more than 2000000 values.")]
    [InlineData("""{"event":"$ai_metric","properties":{"$ai_metric_name":"x","$ai_metric_value":1}}""", "properties.$ai_trace_id:")]
    [InlineData("""{"event":"$ai_metric","properties":{"$ai_trace_id":"T","$ai_metric_value":1}}""", "properties.$ai_metric_name:")]
    [InlineData("""{"event":"$ai_metric","properties":{"$ai_trace_id":"T","$ai_metric_name":"x","$ai_metric_value":{}}}""", "properties.$ai_metric_value:")]
    [InlineData("""{"event":"$ai_feedback","properties":{"$ai_trace_id":"T"}}""", "properties.$ai_feedback_text:")]
    public async Task One_broken_event_never_rejects_its_neighbours(string broken, string problem)
    {
        var (status, answer) = await _host.BatchAsync(broken, AnalyticsHost.Event("$ai_generation", """{"$ai_span_name":"good"}"""), AnalyticsHost.Event("$pageview", """{"$current_url":"/"}"""));

        Assert.Equal((HttpStatusCode.OK, 1, 1), (status, answer.GetProperty("status").GetInt32(), answer.GetProperty("rejected").GetInt32()));
        Assert.StartsWith(problem, answer.GetProperty("warning").GetString(), StringComparison.Ordinal);
        Assert.Equal("good", Assert.Single(_host.Intake.Observations).Name);
        Assert.Equal(("posthog", false, "invalid", 1L), Assert.Single(_host.Refusals.Read()) is var refusal ? (refusal.Source, refusal.WholeRequest, refusal.Reason, refusal.Count) : default);
    }

    [Theory]
    [InlineData("""{"$ai_span_name":"odd","$ai_latency":"fast","$ai_input_tokens":-7,"$ai_output_tokens":"many","$ai_http_status":1e99,"$ai_model":{},"$ai_provider":[1]}""")]
    [InlineData("""{"$ai_span_name":"odd","$ai_input":[1,null,{"role":7,"content":{"a":[[[]]]}}],"$ai_output_choices":{"choices":"none"},"$ai_tools":"all"}""")]
    [InlineData("""{"$ai_span_name":"odd","$ai_input":[{"type":7},{"role":"user"}],"$ai_output_choices":[[],[{"type":{}}]],"$ai_parent_id":{},"$ai_session_id":[],"$groups":7}""")]
    [InlineData("""{"$ai_span_name":"odd","$ai_trace_id":"\ud83d <script> \u0000","$ai_input":"\ud83d","$ai_latency":1e12,"":"x","\u0000":"y"}""")]
    public async Task Nonsense_in_a_field_loses_the_field_and_not_the_call(string properties)
    {
        var (status, answer) = await _host.BatchAsync(AnalyticsHost.Event("$ai_generation", properties));

        Assert.Equal((HttpStatusCode.OK, """{"status":1}"""), (status, answer.GetRawText()));
        Assert.Equal(0, _host.Step("odd").Timings.TotalMs);
    }

    [Theory]
    [InlineData("1066-10-14T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("never")]
    public async Task A_clock_that_is_not_believed_is_ours(string time)
    {
        await _host.PostJsonAsync("/i/v0/e/", $$$"""{"api_key":"{{{AnalyticsHost.Key}}}","event":"$ai_generation","timestamp":"{{{time}}}","properties":{"distinct_id":"u-2","$ai_span_name":"c","$ai_latency":1}}""");

        Assert.Equal((AnalyticsHost.Now.AddSeconds(-1), "u-2"), (_host.Step("c").StartTime, _host.Step("c").User));
    }

    [Fact]
    public async Task An_event_that_is_sent_again_is_the_same_also_without_an_id()
    {
        var single = $$$"""{"api_key":"{{{AnalyticsHost.Key}}}","event":"$ai_generation","timestamp":"2026-11-26T11:59:30Z","distinct_id":"u","properties":{"$ai_model":"m"}}""";
        await _host.PostJsonAsync("/capture/", single);
        await _host.PostJsonAsync("/e/", single);

        Assert.Single(_host.Intake.Observations.Select(step => step.Id).Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Gzip_is_read_with_and_without_a_header_that_says_so(bool header)
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes($$"""{"api_key":"{{AnalyticsHost.Key}}","batch":[{{AnalyticsHost.Event("$ai_generation", Generation)}}]}"""));
        }
        var content = new ByteArrayContent(packed.ToArray());
        if (header)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }
        var (status, _) = await _host.PostAsync("/batch/?compression=gzip-js", content);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("answer", Assert.Single(_host.Intake.Observations).Name);
    }

    [Fact]
    public async Task A_form_with_base64_is_read_and_its_key_is_kept_nowhere()
    {
        var json = $$$"""[{"event":"$ai_generation","properties":{"token":"{{{AnalyticsHost.Key}}}","distinct_id":"u-1","$ai_span_name":"c"}}]""";
        var (status, _) = await _host.PostAsync("/e/?compression=base64", new FormUrlEncodedContent([new("data", Convert.ToBase64String(Encoding.UTF8.GetBytes(json)))]));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.DoesNotContain(AnalyticsHost.Key, Encoding.UTF8.GetString(_host.Texts("c").Attributes.Span), StringComparison.Ordinal);
        Assert.Empty(_host.Step("c").Properties);
    }

    [Theory]
    [InlineData("not json", "invalid", "The body must be JSON")]
    [InlineData("{\"batch\":[", "invalid", "The body must be JSON")]
    [InlineData("{\"api_key\":\"x\"}", "invalid", "batch: must be an array of events.")]
    [InlineData("{\"api_key\":\"x\",\"batch\":{}}", "invalid", "batch: must be an array of events.")]
    [InlineData("null", "invalid", "The body must be JSON")]
    [InlineData("", "invalid", "The body must be JSON")]
    public async Task A_body_that_is_no_batch_is_a_clear_400(string body, string code, string detail)
    {
        var (status, answer) = await _host.PostJsonAsync("/batch/", body);

        Assert.Equal((HttpStatusCode.BadRequest, "validation_error", code), (status, answer.GetProperty("type").GetString(), answer.GetProperty("code").GetString()));
        Assert.StartsWith(detail, answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(detail.StartsWith("batch", StringComparison.Ordinal) ? "batch" : null, answer.GetProperty("attr").GetString());
        Assert.Equal(("posthog", true, "invalid"), Assert.Single(_host.Refusals.Read()) is var refusal ? (refusal.Source, refusal.WholeRequest, refusal.Reason) : default);
    }

    [Fact]
    public async Task An_unknown_key_is_401_and_nothing_of_it_is_kept()
    {
        var (status, answer) = await _host.PostJsonAsync("/batch/", $$"""{"api_key":"phc_unknown","batch":[{{AnalyticsHost.Event("$ai_generation", Generation)}}]}""");

        Assert.Equal((HttpStatusCode.Unauthorized, "authentication_error", "invalid_api_key", "api_key"),
            (status, answer.GetProperty("type").GetString(), answer.GetProperty("code").GetString(), answer.GetProperty("attr").GetString()));
        Assert.DoesNotContain("phc_unknown", answer.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(_host.Intake.Records);
        Assert.Equal("key", Assert.Single(_host.Refusals.Read()).Reason);
    }

    [Theory]
    [InlineData("full", "7")]
    [InlineData("append", "7")]
    [InlineData("throws", "5")]
    public async Task Trouble_of_ours_is_503_with_a_time_to_come_back(string trouble, string seconds)
    {
        (_host.Intake.Full, _host.Intake.FullAtAppend, _host.Intake.Throws) = (trouble == "full", trouble == "append", trouble == "throws");
        var (status, _) = await _host.BatchAsync(AnalyticsHost.Event("$ai_generation", Generation));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, seconds), (status, _host.RetryAfter));
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_413_also_when_it_only_unpacks_to_one()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(new byte[8 * AnalyticsHost.MaxBodyBytes]);
        }
        var (bomb, _) = await _host.PostAsync("/batch/", new ByteArrayContent(packed.ToArray()));
        var (plain, _) = await _host.PostAsync("/batch/", new ByteArrayContent(new byte[AnalyticsHost.MaxBodyBytes + 1]));

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.RequestEntityTooLarge), (bomb, plain));
        Assert.Null(_host.RetryAfter);
    }
}
