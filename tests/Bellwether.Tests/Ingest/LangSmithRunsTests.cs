using System.Net;
using System.Text;
using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Ingest;

/// <summary>What becomes of runs: whole, in pieces, out of order and in every shape that clients give their texts.</summary>
public sealed class LangSmithRunsTests : IAsyncLifetime
{
    private const string Root = "01a20991-96d4-7000-8000-0000000000a1";
    private const string Model = "01a20991-96d4-7000-8000-0000000000a2";
    private const string RootOrder = $"20261126T115900000000Z{Root}";

    private LangSmithHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await LangSmithHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Post_and_patch_of_two_runs_interleaved_in_one_body_are_two_whole_runs()
    {
        using var response = await _host.MultipartAsync(
            ($"post.{Root}", $$$"""{"id":"{{{Root}}}","name":"agent","run_type":"chain","start_time":"2026-11-26T11:59:00.000Z","trace_id":"{{{Root}}}","dotted_order":"{{{RootOrder}}}","session_name":"shop","end_time":null,"error":null,"child_runs":[]}"""),
            ($"post.{Root}.inputs", """{"question":"Malmö?"}"""),
            ($"post.{Model}", $$$"""{"id":"{{{Model}}}","name":"gpt","run_type":"llm","start_time":"2026-11-26T11:59:01.000001","parent_run_id":"{{{Root}}}","trace_id":"{{{Root}}}","dotted_order":"{{{RootOrder}}}.20261126T115901000001Z{{{Model}}}","session_name":"shop","tags":["fast"]}"""),
            ($"post.{Model}.inputs", """{"messages":[{"role":"user","content":"Weather in Malmö?"}]}"""),
            ($"post.{Model}.extra", """{"metadata":{"ls_provider":"openai","ls_model_name":"gpt-4o","user_id":"u1","thread_id":"t1","team":"search"}}"""),
            ($"patch.{Model}", $$$"""{"end_time":1795694343500,"trace_id":"{{{Root}}}","dotted_order":"{{{RootOrder}}}.20261126T115901000001Z{{{Model}}}","inputs":null}"""),
            ($"patch.{Model}.outputs", """{"choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Malmö\"}"}}]},"finish_reason":"tool_calls"}],"id":"chatcmpl-0123456789abcdef","model":"gpt-4o-2024-08-06","usage_metadata":{"input_tokens":10,"output_tokens":5,"total_tokens":15,"input_token_details":{"cache_read":4},"output_token_details":{"reasoning":2}}}"""),
            ($"patch.{Model}.events", """[{"name":"new_token","time":"2026-11-26T11:59:01.250001Z"},{"name":"new_token","time":"2026-11-26T11:59:01.9Z"},{"name":"end","time":"2026-11-26T11:59:03Z"}]"""),
            ($"patch.{Root}", $$$"""{"end_time":"2026-11-26T11:59:04Z"}"""),
            ($"patch.{Root}.outputs", """{"answer":"rain","usage_metadata":{"input_tokens":10,"output_tokens":5}}"""));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(2, _host.Intake.Records.Count);
        var root = _host.Observation(Root);
        Assert.Equal((ObservationKind.Chain, ObservationState.Ok, "agent", "", 4000d), (root.Kind, root.State, root.Name, root.ParentId, root.Timings.TotalMs));
        Assert.False(root.Usage.IsKnown);
        Assert.Equal("Malmö?", LangSmithHost.Json(_host.Run(Root).Payload.Input).GetProperty("question").GetString());
        var call = _host.Observation(Model);
        Assert.Equal((ObservationKind.Llm, ObservationState.Ok, Root, root.TraceId, Model), (call.Kind, call.State, call.ParentId, call.TraceId, call.SpanId));
        Assert.Equal(("gpt-4o", "gpt-4o-2024-08-06", "openai", "openai", "shop", "u1", "t1"), (call.RequestModel, call.Model, call.Provider, call.PriceProvider, call.Endpoint, call.User, call.Session));
        Assert.Equal((10, 5, 4, 2), (call.Usage.InputTokens, call.Usage.OutputTokens, call.Usage.CacheReadTokens, call.Usage.ReasoningTokens));
        Assert.Equal(("tool_calls", 1, 1, "chatcmpl-0123456789abcdef"), (call.FinishReason, call.MessageCount, call.ToolCallCount, call.ResponseId));
        Assert.Equal(250, call.Timings.TtftMs!.Value, 0.01);
        Assert.Equal(2499.999, call.Timings.TotalMs, 0.01);
        Assert.Contains(new KeyValuePair<string, string>("tag.fast", "true"), call.Properties);
        Assert.Contains(new KeyValuePair<string, string>("team", "search"), call.Properties);
        var payload = _host.Run(Model).Payload;
        Assert.Equal("gpt-4o", LangSmithHost.Json(payload.Input).GetProperty("model").GetString());
        Assert.Equal("""{"city":"Malmö"}""", LangSmithHost.Json(payload.Output).GetProperty("tool_calls")[0].GetProperty("arguments").GetString());
        Assert.True(payload.OutputAssembled);
        Assert.Equal(2, LangSmithHost.Json(payload.Attributes).GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task Runs_that_name_only_their_parents_are_in_the_trace_of_their_root()
    {
        const string Tool = "01a20991-96d4-7000-8000-0000000000a3", Late = "01a20991-96d4-7000-8000-0000000000a4", Orphan = "01a20991-96d4-7000-8000-0000000000a5";
        // As Python's older client posts them, children first here.
        using var batch = await _host.JsonAsync("/runs/batch", $$$"""
            {"post":[{"id":"{{{Tool}}}","name":"tool","run_type":"tool","start_time":"2026-11-26T11:59:02.5","inputs":{},"parent_run_id":"{{{Model}}}","trace_id":null,"dotted_order":null},
            {"id":"{{{Model}}}","name":"gpt","run_type":"llm","start_time":"2026-11-26T11:59:01.000001","inputs":{},"parent_run_id":"{{{Root}}}"},
            {"id":"{{{Root}}}","name":"agent","run_type":"chain","start_time":"2026-11-26T11:59:00","inputs":{},"parent_run_id":null}],"patch":null}
            """);
        using var late = await _host.JsonAsync("/runs", $$$"""{"id":"{{{Late}}}","name":"late","run_type":"tool","start_time":"2026-11-26T11:59:03","inputs":{},"parent_run_id":"{{{Tool}}}"}""");
        using var orphan = await _host.JsonAsync("/runs", $$$"""{"id":"{{{Orphan}}}","name":"orphan","run_type":"tool","start_time":"2026-11-26T11:59:03","inputs":{},"parent_run_id":"01a20991-96d4-7000-8000-0000000000ff"}""");
        var trace = Guid.Parse(Root).ToString("N");
        Assert.Equal([trace, trace, trace, trace], new[] { Root, Model, Tool, Late }.Select(id => _host.Observation(id).TraceId));
        Assert.Equal([Root, Model, Tool], new[] { Model, Tool, Late }.Select(id => _host.Observation(id).ParentId));
        Assert.Equal("01a2099196d4700080000000000000ff", _host.Observation(Orphan).TraceId);

        using var circle = await _host.JsonAsync("/runs/batch", $$$"""{"post":[{"id":"{{{Orphan[..^1]}}}6","name":"a","run_type":"tool","start_time":"2026-11-26T11:59:03","parent_run_id":"{{{Orphan[..^1]}}}7"},{"id":"{{{Orphan[..^1]}}}7","name":"b","run_type":"tool","start_time":"2026-11-26T11:59:03","parent_run_id":"{{{Orphan[..^1]}}}6"}]}""");
        Assert.Equal(HttpStatusCode.Accepted, circle.StatusCode);
    }

    [Fact]
    public async Task Numbers_that_are_none_are_null_and_cost_no_run()
    {
        using var response = await _host.JsonAsync("/runs/batch", $$$"""
            {"post":[{"id":"{{{Model}}}","name":"gpt","run_type":"llm","start_time":"2026-11-26T11:59:01","end_time":"2026-11-26T11:59:02","inputs":{"q":"NaN, \"Infinity\" \\","loss":NaN,"all":[Infinity,-Infinity,-1]},
            "outputs":{"usage_metadata":{"input_tokens":7,"output_tokens":NaN}},"extra":{"metadata":{"score":-Infinity,"NaN":"kept"} } } ]}
            """);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("""{"q":"NaN, \"Infinity\" \\","loss":null,"all":[null,null,-1]}""", Encoding.UTF8.GetString(_host.Run(Model).Payload.Input.Span).Replace("\\u0022", "\\\"", StringComparison.Ordinal));
        Assert.Equal(7, _host.Observation(Model).Usage.InputTokens);
        Assert.Contains(new KeyValuePair<string, string>("NaN", "kept"), _host.Observation(Model).Properties);
        using var broken = await _host.JsonAsync("/runs/batch", """{"post":[NaN,nope]}""");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, broken.StatusCode);
    }

    [Fact]
    public async Task A_part_may_be_compressed_by_itself_and_a_bomb_costs_its_run_alone()
    {
        var bomb = OtlpHost.Gzip(new byte[80 * 1024 * 1024]);
        var body = Parts(
            ($"post.{Root}", "", Encoding.UTF8.GetBytes($$$"""{"id":"{{{Root}}}","name":"agent","run_type":"chain","start_time":"2026-11-26T11:59:00","end_time":"2026-11-26T11:59:01"}""")),
            ($"post.{Root}.inputs", "gzip", OtlpHost.Gzip(Encoding.UTF8.GetBytes("""{"question":"Malmö?"}"""))),
            ($"post.{Model}", "", Encoding.UTF8.GetBytes($$$"""{"id":"{{{Model}}}","name":"gpt","run_type":"llm","start_time":"2026-11-26T11:59:00"}""")),
            ($"post.{Model}.inputs", "gzip", bomb));
        using var response = await _host.MultipartAsync(body, type: "multipart/form-data; boundary=b");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Contains($"post.{Model}.inputs", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("Malmö?", LangSmithHost.Json(Assert.Single(_host.Intake.Records).Payload.Input).GetProperty("question").GetString());

        static byte[] Parts(params (string Name, string Encoding, byte[] Content)[] parts) =>
        [
            .. parts.SelectMany(part => (byte[])[.. Encoding.UTF8.GetBytes($"--b\r\nContent-Disposition: form-data; name=\"{part.Name}\"\r\nContent-Type: application/json\r\n{(part.Encoding.Length > 0 ? $"Content-Encoding: {part.Encoding}\r\n" : "")}\r\n"), .. part.Content, .. "\r\n"u8]),
            .. "--b--\r\n"u8,
        ];
    }

    [Fact]
    public async Task A_run_is_running_until_its_end_comes_and_the_patch_erases_nothing()
    {
        using var posted = await _host.JsonAsync("/runs", $$$"""{"id":"{{{Model}}}","name":"gpt","run_type":"llm","start_time":"2026-11-26T11:59:01Z","inputs":{"messages":[{"role":"user","content":"hi"}],"model":"gpt-4o"},"extra":{"metadata":{"ls_provider":"openai","user_id":"u1"}},"session_name":"shop"}""");
        Assert.Equal(HttpStatusCode.Accepted, posted.StatusCode);
        Assert.Equal(ObservationState.Running, _host.Observation(Model).State);

        using var patched = await _host.JsonAsync($"/runs/{Model}", """{"outputs":{"role":"assistant","content":"Hello"},"end_time":"2026-11-26T11:59:02Z","inputs":{},"name":null,"extra":{"metadata":{"team":"search"}}}""", HttpMethod.Patch);
        Assert.Equal(HttpStatusCode.Accepted, patched.StatusCode);
        var run = _host.Observation(Model);
        Assert.Equal((ObservationState.Ok, ObservationKind.Llm, "gpt", "gpt-4o", "openai", "u1", "shop", 1000d, 1), (run.State, run.Kind, run.Name, run.Model, run.Provider, run.User, run.Endpoint, run.Timings.TotalMs, run.MessageCount));
        Assert.Contains(new KeyValuePair<string, string>("team", "search"), run.Properties);
        var payload = _host.Run(Model).Payload;
        Assert.Equal("hi", LangSmithHost.Json(payload.Input).GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Equal("Hello", LangSmithHost.Json(payload.Output).GetProperty("text").GetString());

        using var late = await _host.JsonAsync("/runs", $$$"""{"id":"{{{Model}}}","name":"gpt","run_type":"llm","start_time":"2026-11-26T11:59:01Z","outputs":{}}""");
        Assert.Equal(ObservationState.Ok, _host.Observation(Model).State);
        Assert.Equal("Hello", LangSmithHost.Json(_host.Run(Model).Payload.Output).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_patch_before_its_post_makes_the_run_and_the_post_completes_it()
    {
        using var patched = await _host.JsonAsync($"/runs/{Model}", $$$"""{"outputs":{"outputs":"Hello"},"end_time":"2026-11-26T11:59:02Z","trace_id":"{{{Root}}}"}""", HttpMethod.Patch);
        using var posted = await _host.JsonAsync("/runs", $$$"""{"id":"{{{Model}}}","name":"gpt","run_type":"llm","start_time":"2026-11-26T11:59:01Z","inputs":{"prompts":["Say hello"]},"parent_run_id":"{{{Root}}}"}""");

        var run = _host.Observation(Model);
        Assert.Equal((ObservationState.Ok, ObservationKind.Llm, Root, Root.Replace("-", "", StringComparison.Ordinal), 1000d), (run.State, run.Kind, run.ParentId, run.TraceId, run.Timings.TotalMs));
        Assert.Equal("Say hello", LangSmithHost.Json(_host.Run(Model).Payload.Input).GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.NotEqual(0, _host.Run(Model).Payload.Output.Length);
    }

    [Fact]
    public async Task A_batch_posts_and_patches_in_one_body()
    {
        using var response = await _host.JsonAsync("/api/v1/runs/batch", $$$"""
            {"post":[{"id":"{{{Root}}}","name":"retrieve","run_type":"retriever","start_time":"2026-11-26T11:59:00Z","inputs":{"query":"who"}}],
             "patch":[{"id":"{{{Root}}}","end_time":"2026-11-26T11:59:01Z","outputs":{"documents":[{"page_content":"a text","metadata":{},"type":"Document"}]}}]}
            """);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var run = Assert.Single(_host.Intake.Observations);
        Assert.Equal((ObservationKind.Retrieval, ObservationState.Ok), (run.Kind, run.State));
        Assert.Equal("a text", LangSmithHost.Json(_host.Run(Root).Payload.Output).GetProperty("documents")[0].GetProperty("page_content").GetString());
    }

    [Fact]
    public async Task LangChains_messages_are_read_as_a_chat()
    {
        using var response = await _host.JsonAsync("/runs", $$$"""
            {"id":"{{{Model}}}","name":"ChatOpenAI","run_type":"llm","start_time":"2026-11-26T11:59:01Z","end_time":"2026-11-26T11:59:02Z",
             "extra":{"metadata":{"ls_provider":"anthropic","ls_model_name":"claude-sonnet-4-6"},"invocation_params":{"model":"other"}},
             "inputs":{"messages":[[
               {"lc":1,"type":"constructor","id":["langchain_core","messages","SystemMessage"],"kwargs":{"content":"Be brief"}},
               {"lc":1,"type":"constructor","id":["langchain_core","messages","HumanMessage"],"kwargs":{"content":"1+2?"}},
               {"lc":1,"type":"constructor","id":["langchain_core","messages","AIMessage"],"kwargs":{"content":"","tool_calls":[{"name":"add","args":{"a":1},"id":"c1"}]}},
               {"lc":1,"type":"constructor","id":["langchain_core","messages","ToolMessage"],"kwargs":{"content":"3","tool_call_id":"c1"}}]]},
             "outputs":{"generations":[[{"text":"3","message":{"lc":1,"type":"constructor","id":["langchain_core","messages","AIMessageChunk"],"kwargs":
               {"content":[{"type":"text","text":"It is 3"},{"type":"tool_use","id":"c2","name":"done","input":{}}],"tool_calls":[{"name":"done","args":{},"id":"c2"}],
                "response_metadata":{"finish_reason":"stop","id":"msg_0123456789abcdef"},"id":"run-1","usage_metadata":{"input_tokens":7,"output_tokens":2,"total_tokens":9}} }}]]}}
            """);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var run = _host.Observation(Model);
        Assert.Equal(("claude-sonnet-4-6", 7, 2, "stop", "msg_0123456789abcdef", 4, 1), (run.Model, run.Usage.InputTokens, run.Usage.OutputTokens, run.FinishReason, run.ResponseId, run.MessageCount, run.ToolCallCount));
        var payload = _host.Run(Model).Payload;
        var messages = LangSmithHost.Json(payload.Input).GetProperty("messages");
        Assert.Equal(["system", "user", "assistant", "tool"], messages.EnumerateArray().Select(message => message.GetProperty("role").GetString()));
        Assert.Equal("""{"a":1}""", messages[2].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        var output = LangSmithHost.Json(payload.Output);
        Assert.Equal("It is 3", output.GetProperty("text").GetString());
        Assert.Equal("done", Assert.Single(output.GetProperty("tool_calls").EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Anthropics_exclusive_counts_and_a_cost_that_the_client_says_are_taken()
    {
        using var response = await _host.JsonAsync("/runs/batch", $$$"""
            {"post":[
              {"id":"{{{Root}}}","name":"claude","run_type":"llm","start_time":"2026-11-26T11:59:01Z","end_time":"2026-11-26T11:59:02Z",
               "inputs":{"model":"claude-sonnet-4-6","system":"Be brief","messages":[{"role":"user","content":"hi"}]},
               "outputs":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-6","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","usage":{"input_tokens":5,"cache_read_input_tokens":100,"output_tokens":2}} },
              {"id":"{{{Model}}}","name":"own","run_type":"llm","start_time":"2026-11-26T11:59:01Z","end_time":"2026-11-26T11:59:02Z","inputs":{"x":1},
               "outputs":{"y":2},"extra":{"metadata":{"usage_metadata":{"input_tokens":1,"output_tokens":2,"total_tokens":3,"input_cost":0.25,"total_cost":1}} }}]}
            """);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var claude = _host.Observation(Root);
        Assert.Equal((105, 2, 100, "end_turn", 2), (claude.Usage.InputTokens, claude.Usage.OutputTokens, claude.Usage.CacheReadTokens, claude.FinishReason, claude.MessageCount));
        Assert.Null(claude.Cost);
        Assert.Equal("Hello", LangSmithHost.Json(_host.Run(Root).Payload.Output).GetProperty("text").GetString());
        Assert.Equal(new Cost(0.25m, 0.75m, "client"), _host.Observation(Model).Cost);
        Assert.Equal(2, LangSmithHost.Json(_host.Run(Model).Payload.Output).GetProperty("y").GetInt32());
    }

    [Theory]
    [InlineData("RateLimitError: 429 slow down\\n    at call (x.js:1)", "rate_limited", "RateLimitError", ObservationState.ProviderError)]
    [InlineData("TimeoutError('waited')Traceback", "timeout", "TimeoutError", ObservationState.Timeout)]
    [InlineData("Error: no thermometer", "", "Error", ObservationState.ProviderError)]
    [InlineData("it broke", "", "error", ObservationState.ProviderError)]
    public async Task Errors_keep_their_name_and_message(string error, string type, string code, ObservationState state)
    {
        using var response = await _host.MultipartAsync(
            ($"post.{Root}", """{"name":"weather","run_type":"tool","start_time":"2026-11-26T11:59:01Z","end_time":"2026-11-26T11:59:02Z"}"""), ($"post.{Root}.error", $"\"{error}\""));
        var run = _host.Observation(Root);
        Assert.Equal((state, type, code), (run.State, run.ErrorType, run.ErrorCode));
        Assert.Equal(JsonSerializer.Deserialize<string>($"\"{error}\""), run.ErrorMessage);
    }

    [Theory]
    [InlineData("\"1970-01-02T00:00:00Z\"")]
    [InlineData("\"2300-01-01T00:00:00Z\"")]
    [InlineData("-5")]
    [InlineData("1e300")]
    [InlineData("\"yesterday\"")]
    [InlineData("{}")]
    public async Task A_start_that_cannot_be_is_stored_under_a_time_that_can(string start)
    {
        const string Random = "6f1c1c2e-3d59-4b2a-9c6e-0a2f5b7c8d9e";
        using var response = await _host.JsonAsync("/runs", $$$"""{"id":"{{{Random}}}","name":"x","run_type":"chain","start_time":{{{start}}}}""");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(LangSmithHost.Now, _host.Observation(Random).StartTime);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_and_bytes_that_are_no_UTF8_cost_a_character_and_not_the_run()
    {
        var body = Encoding.UTF8.GetBytes($$$"""{"id":"{{{Root}}}","name":"a\ud83d\\ud83d \ud83d\ude00","run_type":"chain","start_time":"2026-11-26T11:59:01Z","inputs":{"\udc00":"?"}}""");
        body[Array.IndexOf(body, (byte)'?')] = 0xff;
        using var content = new ByteArrayContent(body);
        using var response = await _host.SendAsync(HttpMethod.Post, "/runs", content, "application/json");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("a\ufffd\\ud83d 😀", _host.Observation(Root).Name);
        Assert.Equal("\ufffd", LangSmithHost.Json(_host.Run(Root).Payload.Input).GetProperty("\ufffd").GetString());
    }

    [Fact]
    public async Task What_is_huge_is_cut_and_says_so()
    {
        var big = new string('x', 300 * 1024);
        using var response = await _host.JsonAsync("/runs", $$$"""{"id":"{{{Root}}}","name":"{{{new string('n', 1000)}}}","run_type":"llm","start_time":"2026-11-26T11:59:01Z","extra":{"runtime":{"a":"{{{big}}}"},"metadata":{"user_id":"u1","ls_model_name":"gpt-4o"}} }""");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var attributes = LangSmithHost.Json(_host.Run(Root).Payload.Attributes);
        Assert.Equal("runtime", Assert.Single(attributes.GetProperty("bellwether.cut").EnumerateArray()).GetString());
        Assert.Equal("u1", attributes.GetProperty("extra").GetProperty("metadata").GetProperty("user_id").GetString());
        Assert.Equal((256, "u1", "gpt-4o"), (_host.Observation(Root).Name.Length, _host.Observation(Root).User, _host.Observation(Root).Model));
    }
}
