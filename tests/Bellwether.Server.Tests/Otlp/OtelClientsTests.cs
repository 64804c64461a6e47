using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Real OpenTelemetry SDKs send to a real server with nothing but the address changed; the API then has their traces.</summary>
public sealed class OtelClientsTests(OtelClients clients) : IClassFixture<OtelClients>
{
    [Theory]
    [InlineData("proto")]
    [InlineData("json")]
    [InlineData("grpc")]
    public async Task A_trace_arrives_whole_by_each_transport(string name)
    {
        var steps = await TraceAsync(name, 4);
        Assert.Equal(4, steps.Count);
        var root = Step(steps, "invoke_agent helper");
        Assert.Equal(("agent", "", JsonValueKind.Null), (Text(root, "kind"), Text(root, "parent_id") ?? "", Usage(root).ValueKind));
        Assert.All(steps.Where(step => Text(step, "name") != "invoke_agent helper"), step => Assert.Equal(Text(root, "span_id"), Text(step, "parent_id")));

        var chat = await DetailAsync(Step(steps, "chat gpt-4o"));
        Assert.Equal(("llm", "gpt-4o-2024-08-06", "otel-user", "otel-session", "tool_calls"), (Text(chat, "kind"), Text(chat, "model"), Text(chat, "user"), Text(chat, "session"), Text(chat, "finish_reason")));
        Assert.Equal((10, 5), (Usage(chat).GetProperty("input_tokens").GetInt64(), Usage(chat).GetProperty("output_tokens").GetInt64()));
        Assert.True(chat.GetProperty("cost").GetProperty("total_usd").GetDecimal() > 0);
        Assert.Equal("Weather in Malmö?", chat.GetProperty("input").GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Equal("""{"city":"Malmö"}""", chat.GetProperty("output").GetProperty("tool_calls")[0].GetProperty("arguments").GetString());

        var tool = await DetailAsync(Step(steps, "weather"));
        Assert.Equal(("tool", "provider_error", "no thermometer"), (Text(tool, "kind"), Text(tool, "state"), Text(tool.GetProperty("error"), "message")));
        Assert.Equal(3, Usage(Step(steps, "embed")).GetProperty("input_tokens").GetInt64());
        Assert.Equal("otel-clients", root.GetProperty("properties").GetProperty("service.name").GetString());
    }

    [Fact]
    public async Task Texts_by_log_record_are_those_of_their_span()
    {
        var call = await DetailAsync(Assert.Single(await TraceAsync("logs", 1)));
        Assert.Equal("Said by log", call.GetProperty("input").GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Equal("Heard", call.GetProperty("output").GetProperty("text").GetString());
        Assert.Equal(4, Usage(call).GetProperty("input_tokens").GetInt64());
    }

    [Fact]
    public async Task Phoenix_otel_names_its_project()
    {
        var step = await DetailAsync(Assert.Single(await TraceAsync("phoenix", 1)));
        Assert.Equal(("retrieval", "phoenix-project"), (Text(step, "kind"), Text(step, "endpoint")));
        Assert.Equal(0.5, step.GetProperty("output")[0].GetProperty("document").GetProperty("score").GetDouble());
    }

    [Fact]
    public async Task Langfuse_sends_with_its_pair_of_keys()
    {
        var steps = await TraceAsync("langfuse", 2);
        Assert.Equal(("chain", "langfuse"), (Text(Step(steps, "langfuse chain"), "kind"), Text(Step(steps, "langfuse chain"), "surface")));
        var call = await DetailAsync(Step(steps, "answer"));
        Assert.Equal(("llm", 6, "Hello"), (Text(call, "kind"), Usage(call).GetProperty("input_tokens").GetInt64(), call.GetProperty("output").GetProperty("text").GetString()));
    }

    [Fact]
    public async Task The_ai_sdk_counts_its_call_once_although_both_its_spans_tell_it()
    {
        Assert.Equal(JsonValueKind.Null, clients["ai6"].GetProperty("threw").ValueKind);
        var steps = await clients.Server.ObservationsAsync("user=ai-user", 2);
        var call = Assert.Single(steps, step => Text(step, "kind") == "llm");
        Assert.Equal(("openai", "gpt-4o", "greeter", "ai-session"), (Text(call, "provider"), Text(call, "model"), Text(call, "endpoint"), Text(call, "session")));
        Assert.Equal((9, 4), (Usage(call).GetProperty("input_tokens").GetInt64(), Usage(call).GetProperty("output_tokens").GetInt64()));
        Assert.All(steps.Where(step => Text(step, "kind") != "llm"), step => Assert.Equal(JsonValueKind.Null, Usage(step).ValueKind));
        Assert.Equal("Hello from the model", (await DetailAsync(call)).GetProperty("output").GetProperty("text").GetString());
    }

    [Fact]
    public async Task The_ai_sdk_7_counts_its_call_once_although_agent_step_and_call_tell_it()
    {
        var steps = await Ai7Async("generate", 3);
        var call = await DetailAsync(Assert.Single(steps, step => Text(step, "kind") == "llm"));
        Assert.Equal(("openai", "gpt-4o-2024-08-06", "ai7-session", "stop", "chatcmpl-ai7-generate-1"), (Text(call, "provider"), Text(call, "model"), Text(call, "session"), Text(call, "finish_reason"), Text(call, "response_id")));
        Assert.Equal((9, 4), (Usage(call).GetProperty("input_tokens").GetInt64(), Usage(call).GetProperty("output_tokens").GetInt64()));
        Assert.True(call.GetProperty("cost").GetProperty("total_usd").GetDecimal() > 0);
        Assert.Equal(["Be kind.", "Hello?"], call.GetProperty("input").GetProperty("messages").EnumerateArray().Select(message => Text(message, "content")));
        Assert.Equal("Hello from the model", call.GetProperty("output").GetProperty("text").GetString());

        var agent = Step(steps, "invoke_agent gpt-4o");
        Assert.Equal(("agent", "generate", "ai7-session"), (Text(agent, "kind"), agent.GetProperty("properties").GetProperty("agent").GetString(), Text(agent, "session")));
        var step = Step(steps, "step 1");
        Assert.Equal((Text(agent, "span_id"), Text(step, "span_id")), (Text(step, "parent_id"), Text(call, "parent_id")));
        Assert.All([agent, step], told => Assert.Equal(JsonValueKind.Null, Usage(told).ValueKind));
        Assert.DoesNotContain("stays here", (await DetailAsync(agent)).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ai_sdk_7_streams_calls_tools_embeds_and_fails()
    {
        var stream = await DetailAsync(Assert.Single(await Ai7Async("stream", 3), step => Text(step, "kind") == "llm"));
        Assert.Equal((true, "In pieces", 5), (stream.GetProperty("stream").GetBoolean(), stream.GetProperty("output").GetProperty("text").GetString(), Usage(stream).GetProperty("input_tokens").GetInt64()));
        Assert.True(stream.GetProperty("timings").GetProperty("ttft_ms").GetDouble() >= 0);

        var tools = await Ai7Async("tools", 6);
        Assert.Equal([10, 20], tools.Where(step => Text(step, "kind") == "llm").Select(step => Usage(step).GetProperty("input_tokens").GetInt64()).Order());
        var tool = await DetailAsync(Step(tools, "weather"));
        Assert.Equal(("tool", """{"city":"Malmö"}"""), (Text(tool, "kind"), tool.GetProperty("input").GetRawText()));
        Assert.Contains("4 degrees in Malmö", tool.GetProperty("output").GetRawText(), StringComparison.Ordinal);

        // Two texts, one for each request; the step around them has the attributes of a request, too.
        var embeddings = await Ai7Async("embed", 3);
        var around = Assert.Single(embeddings, step => Text(step, "kind") == "chain");
        Assert.Equal(JsonValueKind.Null, Usage(around).ValueKind);
        Assert.All(embeddings.Where(step => step.GetRawText() != around.GetRawText()), embedding =>
        {
            Assert.Equal(("embedding", Text(around, "span_id"), 3), (Text(embedding, "kind"), Text(embedding, "parent_id"), Usage(embedding).GetProperty("input_tokens").GetInt64()));
            Assert.True(embedding.GetProperty("cost").GetProperty("total_usd").GetDecimal() > 0);
        });

        var failed = Assert.Single(await Ai7Async("failed", 3, "AI_APICallError"), step => Text(step, "kind") == "llm");
        Assert.Equal(("provider_error", "rate_limited", 429), (Text(failed, "state"), Text(failed.GetProperty("error"), "type"), failed.GetProperty("http_status").GetInt32()));
    }

    [Fact]
    public async Task A_call_by_proxy_that_its_instrumentation_tells_again_is_one_call()
    {
        Assert.Equal(JsonValueKind.Null, clients["openinference"].GetProperty("threw").ValueKind);
        var call = Assert.Single(await clients.Server.ObservationsAsync("user=twice-told", 1));
        var told = Assert.Single(await clients.Server.ObservationsAsync("surface=otlp&request_model=sim-fast", 1));
        Assert.Equal(("openai", "llm"), (Text(call, "surface"), Text(call, "kind")));
        Assert.Equal((Text(call, "response_id"), "chain", JsonValueKind.Null), (Text(told, "response_id"), Text(told, "kind"), Usage(told).ValueKind));
        Assert.Equal(Text(call, "id"), told.GetProperty("properties").GetProperty("bellwether.duplicate_of").GetString());
    }

    private async Task<IReadOnlyList<JsonElement>> TraceAsync(string name, int count)
    {
        var result = clients[name];
        Assert.True(result.GetProperty("threw").ValueKind == JsonValueKind.Null, result.GetRawText());
        return await clients.Server.ObservationsAsync($"trace_id={Text(result, "trace")}", count);
    }

    private async Task<IReadOnlyList<JsonElement>> Ai7Async(string name, int count, string? threw = null)
    {
        Assert.Equal(threw, clients.Ai7Threw(name));
        return await clients.Server.ObservationsAsync($"user=ai7-{name}", count);
    }

    private Task<JsonElement> DetailAsync(JsonElement step) => clients.Server.GetAsync($"/api/v1/observations/{Text(step, "id")}");

    private static JsonElement Step(IReadOnlyList<JsonElement> steps, string name) => Assert.Single(steps, step => Text(step, "name") == name);

    private static JsonElement Usage(JsonElement step) => step.TryGetProperty("usage", out var usage) ? usage : JsonDocument.Parse("null").RootElement;

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var text) ? text.GetString() : null;
}
