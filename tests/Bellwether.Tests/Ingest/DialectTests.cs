using Bellwether.Ingest;
using Bellwether.Telemetry;
using static Bellwether.Tests.Ingest.OtlpSpans;

namespace Bellwether.Tests.Ingest;

/// <summary>The attributes that real instrumentations send, dialect by dialect, and the observation that they become.</summary>
public sealed class DialectTests
{
    [Fact]
    public void The_current_genai_conventions()
    {
        var record = Map(
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.response.model", "gpt-4o-2024-08-06"),
            ("gen_ai.request.temperature", 0.5), ("gen_ai.request.max_tokens", 100), ("gen_ai.response.id", "chatcmpl-1"), ("gen_ai.response.finish_reasons", new[] { "stop" }),
            ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 20), ("gen_ai.usage.cache_read.input_tokens", 40), ("gen_ai.usage.cache_write.input_tokens", 10),
            ("gen_ai.usage.reasoning.output_tokens", 5), ("gen_ai.response.time_to_first_chunk", 0.25), ("gen_ai.conversation.id", "conv-1"), ("enduser.id", "u-1"),
            ("gen_ai.system_instructions", """[{"type":"text","content":"Be kind."}]"""),
            ("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"Weather?"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"weather","arguments":{"city":"Oslo"}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"4 degrees"}]}]"""),
            ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"Cold."}],"finish_reason":"stop"}]"""),
            ("some.other", "kept"));
        var call = record.Observation!;
        Assert.Equal((ObservationKind.Llm, "chat", "openai", "gpt-4o", "gpt-4o-2024-08-06"), (call.Kind, call.Operation, call.Provider, call.RequestModel, call.Model));
        Assert.Equal((100, 20, 40, 10, 5), (call.Usage.InputTokens, call.Usage.OutputTokens, call.Usage.CacheReadTokens, call.Usage.CacheWriteTokens, call.Usage.ReasoningTokens));
        Assert.Equal(("conv-1", "u-1", "chatcmpl-1", "stop", "otlp", "key_1"), (call.Session, call.User, call.ResponseId, call.FinishReason, call.Surface, call.KeyId));
        Assert.Equal("""{"temperature":0.5,"max_tokens":100}""", call.Parameters);
        Assert.Equal((1000, 250), (call.Timings.TotalMs, call.Timings.TtftMs));
        Assert.Equal((TraceId, SpanId, "", Now.AddMinutes(-1)), (call.TraceId, call.SpanId, call.ParentId, call.StartTime));
        Assert.Equal(
            """{"model":"gpt-4o","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Weather?"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"4 degrees"}]}""",
            Input(record));
        Assert.Equal("""{"text":"Cold.","reasoning":"hm"}""", Output(record));
        Assert.True(record.Payload.OutputAssembled);
        Assert.Equal("kept", Unmapped(record).GetProperty("some.other").GetString());
    }

    [Fact]
    public void Messages_as_structured_attributes_read_as_those_in_json()
    {
        var record = Map(
            ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "m"),
            ("gen_ai.input.messages", new System.Text.Json.Nodes.JsonObject
            {
                ["arrayValue"] = new System.Text.Json.Nodes.JsonObject
                {
                    ["values"] = new System.Text.Json.Nodes.JsonArray(Value(new (string, object)[] { ("role", "user"), ("content", "Hi") })),
                },
            }));
        Assert.Equal("""{"model":"m","messages":[{"role":"user","content":"Hi"}]}""", Input(record));
    }

    [Fact]
    public void Pydantic_ai_and_logfire_in_their_older_forms()
    {
        var call = Map(
            ("gen_ai.operation.name", "chat"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 9), ("gen_ai.usage.output_tokens", 4), ("operation.cost", 0.25),
            ("events", """[{"event.name":"gen_ai.system.message","role":"system","content":"Be brief"},{"event.name":"gen_ai.user.message","role":"user","content":"Hi"},{"event.name":"gen_ai.tool.message","role":"tool","id":"c1","name":"f","content":"42"},{"event.name":"gen_ai.choice","index":0,"message":{"role":"assistant","content":"Yo"}}]"""));
        Assert.Equal("""{"model":"gpt-4o","messages":[{"role":"system","content":"Be brief"},{"role":"user","content":"Hi"},{"role":"tool","name":"f","tool_call_id":"c1","content":"42"}]}""", Input(call));
        Assert.Equal("""{"text":"Yo"}""", Output(call));
        Assert.Equal(0.25m, call.Observation!.Cost!.TotalUsd);
        // Somebody else's events are only kept.
        var other = Map(("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "m"), ("events", """[{"event.name":"click"}]"""));
        Assert.True(other.Payload is { Input.IsEmpty: true, Output.IsEmpty: true });
        Assert.Equal("""[{"event.name":"click"}]""", Unmapped(other).GetProperty("events").GetString());

        var agent = Map(
            ("agent_name", "bot"), ("model_name", "gpt-4o"), ("gen_ai.usage.input_tokens", 9), ("final_result", "Yo"),
            ("all_messages_events", """[{"event.name":"gen_ai.user.message","role":"user","content":"Hi"},{"event.name":"gen_ai.assistant.message","role":"assistant","content":"Yo"}]"""));
        Assert.Equal((ObservationKind.Agent, "invoke_agent", false), (agent.Observation!.Kind, agent.Observation.Operation, agent.Observation.Usage.IsKnown));
        Assert.Equal("""{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Yo"}]}""", Input(agent));
        Assert.Equal("""{"text":"Yo"}""", Output(agent));

        var tool = Map(("gen_ai.tool.name", "search"), ("gen_ai.tool.call.id", "c1"), ("tool_arguments", """{"q":1}"""), ("tool_response", "ok"));
        Assert.Equal((ObservationKind.Tool, "search", """{"q":1}""", "ok"), (tool.Observation!.Kind, tool.Observation.Name, Input(tool), Output(tool)));

        var logfire = Map(
            ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 8),
            ("request_data", """{"messages":[{"role":"user","content":"Hi"}],"model":"gpt-4o"}"""), ("response_data", """{"message":{"role":"assistant","content":"Yo"},"usage":{"prompt_tokens":8}}"""));
        Assert.Equal((ObservationKind.Llm, """{"messages":[{"role":"user","content":"Hi"}],"model":"gpt-4o"}""", """{"text":"Yo"}"""), (logfire.Observation!.Kind, Input(logfire), Output(logfire)));
    }

    [Fact]
    public void What_Python_writes_as_json_within_attributes()
    {
        var record = Map(
            ("openinference.span.kind", "LLM"), ("llm.model_name", "gpt-4o"), ("llm.invocation_parameters", """{"temperature": 0.1, "top_p": NaN}"""), ("metadata", """{"k": "v", "n": NaN, "i": -Infinity}"""),
            ("llm.input_messages.0.message.role", "user"), ("llm.input_messages.0.message.content", """[{"type": "text", "text": "Hi"}, {"type": "image_url", "image_url": {"url": "https://x.test/y.png"}}]"""));
        Assert.Equal("""{"temperature": 0.1, "top_p": null}""", record.Observation!.Parameters);
        Assert.Contains(new KeyValuePair<string, string>("k", "v"), record.Observation.Properties);
        Assert.Equal("""{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"text","text":"Hi"},{"type": "image_url", "image_url": {"url": "https://x.test/y.png"}}]}]}""".Replace(": ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal), Input(record).Replace(": ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal));
        // A text that only looks like parts stays one.
        var prose = Map(("gen_ai.operation.name", "chat"), ("gen_ai.prompt.0.role", "user"), ("gen_ai.prompt.0.content", """[1] "type" is a word"""));
        Assert.Contains("""[1] \"type\" is a word""", Input(prose), StringComparison.Ordinal);
        var reranked = Map(("openinference.span.kind", "RERANKER"), ("reranker.query", "boots"), ("reranker.output_documents.0.document.content", "a"));
        Assert.Equal((ObservationKind.Retrieval, "boots"), (reranked.Observation!.Kind, Input(reranked)));
    }

    [Fact]
    public void The_old_genai_names_and_indexed_prompts()
    {
        var record = Map(
            ("gen_ai.system", "OpenAI"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.prompt_tokens", 9), ("gen_ai.usage.completion_tokens", 12),
            ("gen_ai.usage.cache_creation.input_tokens", 3),
            ("gen_ai.prompt.1.role", "user"), ("gen_ai.prompt.1.content", "Hi"), ("gen_ai.prompt.0.role", "system"), ("gen_ai.prompt.0.content", "Be kind."),
            ("gen_ai.completion.0.role", "assistant"), ("gen_ai.completion.0.content", "Hello"), ("gen_ai.completion.0.finish_reason", "stop"));
        var call = record.Observation!;
        Assert.Equal((ObservationKind.Llm, "openai", 9, 12, 3), (call.Kind, call.Provider, call.Usage.InputTokens, call.Usage.OutputTokens, call.Usage.CacheWriteTokens));
        Assert.Equal("""{"model":"gpt-4o","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"}]}""", Input(record));
        Assert.Equal("""{"text":"Hello"}""", Output(record));
        Assert.Equal("stop", call.FinishReason);
    }

    [Fact]
    public void Open_llmetry_of_traceloop()
    {
        var record = Map(
            ("gen_ai.system", "OpenAI"), ("llm.request.type", "chat"), ("gen_ai.request.model", "gpt-4o-mini"), ("gen_ai.response.model", "gpt-4o-mini-2024-07-18"),
            ("gen_ai.usage.input_tokens", 50), ("gen_ai.usage.output_tokens", 8), ("llm.usage.total_tokens", 58), ("gen_ai.usage.cache_read_input_tokens", 20),
            ("gen_ai.usage.reasoning_tokens", 2), ("llm.is_streaming", true), ("gen_ai.usage.cost", 0.25),
            ("gen_ai.prompt.0.role", "user"), ("gen_ai.prompt.0.content", "Weather?"),
            ("gen_ai.completion.0.finish_reason", "tool_call"), ("gen_ai.completion.0.tool_calls.0.id", "c1"), ("gen_ai.completion.0.tool_calls.0.name", "weather"),
            ("gen_ai.completion.0.tool_calls.0.arguments", """{"city":"Oslo"}"""), ("gen_ai.response.finish_reason", "tool_call"),
            ("traceloop.association.properties.session_id", "s-1"), ("traceloop.association.properties.user_id", "u-1"), ("traceloop.association.properties.plan", "gold"),
            ("traceloop.prompt.key", "greeting"), ("traceloop.prompt.version", 3));
        var call = record.Observation!;
        Assert.Equal((ObservationKind.Llm, "chat", 50, 8, 20, 2), (call.Kind, call.Operation, call.Usage.InputTokens, call.Usage.OutputTokens, call.Usage.CacheReadTokens, call.Usage.ReasoningTokens));
        Assert.Equal(("s-1", "u-1", "gold", "tool_calls", true), (call.Session, call.User, Property(record, "plan"), call.FinishReason, call.Stream));
        Assert.Equal(("greeting", "3", 0.25m), (call.PromptName, call.PromptVersion, call.Cost!.TotalUsd));
        Assert.Equal("""{"tool_calls":[{"id":"c1","name":"weather","arguments":"{\"city\":\"Oslo\"}"}]}""", Output(record));

        var task = Map(("traceloop.span.kind", "workflow"), ("traceloop.entity.name", "joke"), ("traceloop.entity.input", """{"a":1}"""), ("traceloop.entity.output", "done"));
        Assert.Equal((ObservationKind.Chain, """{"a":1}""", "done"), (task.Observation!.Kind, Input(task), Output(task)));
        Assert.Equal(ObservationKind.Tool, Map(("traceloop.span.kind", "tool")).Observation!.Kind);
        Assert.Equal(ObservationKind.Retrieval, Map(("db.system", "chroma"), ("db.vector.query.top_k", 3)).Observation!.Kind);
    }

    [Fact]
    public void Open_inference_of_phoenix()
    {
        var record = Map(
            ("openinference.span.kind", "LLM"), ("llm.system", "openai"), ("llm.model_name", "gpt-4o-2024-08-06"), ("llm.invocation_parameters", """{"temperature":0.1}"""),
            ("llm.input_messages.0.message.role", "system"), ("llm.input_messages.0.message.content", "Be kind."),
            ("llm.input_messages.1.message.role", "user"),
            ("llm.input_messages.1.message.contents.0.message_content.type", "text"), ("llm.input_messages.1.message.contents.0.message_content.text", "Look"),
            ("llm.output_messages.0.message.role", "assistant"), ("llm.output_messages.0.message.content", "A cat"),
            ("llm.output_messages.0.message.tool_calls.0.tool_call.id", "c1"), ("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "f"),
            ("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", "{}"),
            ("llm.tools.0.tool.json_schema", """{"type":"function","function":{"name":"f"}}"""),
            ("input.value", """{"messages":[]}"""), ("input.mime_type", "application/json"), ("output.value", "raw"),
            ("llm.token_count.prompt", 30), ("llm.token_count.completion", 7), ("llm.token_count.total", 37), ("llm.token_count.prompt_details.cache_read", 8),
            ("llm.token_count.completion_details.reasoning", 1), ("llm.cost.prompt", 0.5), ("llm.cost.completion", 0.25),
            ("session.id", "s-1"), ("user.id", "u-1"), ("tag.tags", """["a","b"]"""), ("metadata", """{"tier":"gold","n":2}"""), ("llm.finish_reason", "stop"));
        var call = record.Observation!;
        Assert.Equal((ObservationKind.Llm, "openai", "gpt-4o-2024-08-06", 30, 7, 8, 1),
            (call.Kind, call.Provider, call.Model, call.Usage.InputTokens, call.Usage.OutputTokens, call.Usage.CacheReadTokens, call.Usage.ReasoningTokens));
        Assert.Equal(("s-1", "u-1", "a,b", "gold", "2", 0.75m, """{"temperature":0.1}"""),
            (call.Session, call.User, Property(record, "tags"), Property(record, "tier"), Property(record, "n"), call.Cost!.TotalUsd, call.Parameters));
        Assert.Equal(
            """{"model":"gpt-4o-2024-08-06","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Look"}],"tools":[{"type":"function","function":{"name":"f"}}]}""",
            Input(record));
        Assert.Equal("""{"text":"A cat","tool_calls":[{"id":"c1","name":"f","arguments":"{}"}]}""", Output(record));
    }

    [Theory]
    [InlineData("""{"id":"chatcmpl-1","object":"chat.completion","choices":[]}""", "chatcmpl-1")]
    [InlineData("""{"object":"x","a":{"id":"inner"},"id":"msg_1"}""", "msg_1")]
    [InlineData("""{"id":5}""", "")]
    [InlineData("plain", "")]
    [InlineData("[1", "")]
    public void The_response_id_of_open_inference_is_that_of_the_answer_it_keeps(string output, string expected) =>
        Assert.Equal(expected, Map(("openinference.span.kind", "LLM"), ("output.value", output)).Observation!.ResponseId);

    [Theory]
    [InlineData("CHAIN", ObservationKind.Chain)]
    [InlineData("AGENT", ObservationKind.Agent)]
    [InlineData("TOOL", ObservationKind.Tool)]
    [InlineData("RERANKER", ObservationKind.Retrieval)]
    [InlineData("EMBEDDING", ObservationKind.Embedding)]
    [InlineData("GUARDRAIL", ObservationKind.Chain)]
    [InlineData("EVALUATOR", ObservationKind.Chain)]
    [InlineData("PROMPT", ObservationKind.Chain)]
    internal void Each_kind_of_open_inference(string kind, ObservationKind expected)
    {
        var record = Map(("openinference.span.kind", kind), ("input.value", "in"), ("output.value", "out"), ("llm.token_count.prompt", 5), ("llm.token_count.completion", 5));
        Assert.Equal(expected, record.Observation!.Kind);
        Assert.Contains("in", Input(record), StringComparison.Ordinal);
        Assert.Contains("out", Output(record), StringComparison.Ordinal);
        Assert.Equal(expected == ObservationKind.Embedding, record.Observation.Usage.IsKnown);
    }

    [Fact]
    public void Retrieved_documents_keep_their_scores_in_order()
    {
        var record = Map(
            ("openinference.span.kind", "RETRIEVER"), ("input.value", "who?"),
            ("retrieval.documents.10.document.id", "k"), ("retrieval.documents.2.document.id", "c"), ("retrieval.documents.2.document.score", 0.5),
            ("retrieval.documents.0.document.id", "a"), ("retrieval.documents.0.document.content", "text"), ("retrieval.documents.0.document.score", 0.9));
        Assert.Equal("who?", Input(record));
        Assert.Equal(
            """[{"document":{"content":"text","id":"a","score":0.9}},{"document":{"id":"c","score":0.5}},{"document":{"id":"k"}}]""", Output(record));
    }

    [Fact]
    public void The_ai_sdks_own_attributes()
    {
        var record = Map(
            ("ai.operationId", "ai.generateText.doGenerate"), ("ai.model.id", "gpt-4o"), ("ai.model.provider", "openai.chat"), ("ai.response.model", "gpt-4o-2024-08-06"),
            ("ai.prompt.messages", """[{"role":"system","content":"Be kind."},{"role":"user","content":[{"type":"text","text":"Weather?"}]},{"role":"assistant","content":[{"type":"tool-call","toolCallId":"c1","toolName":"weather","input":{"city":"Oslo"}}]},{"role":"tool","content":[{"type":"tool-result","toolCallId":"c1","toolName":"weather","output":{"type":"text","value":"4"}}]}]"""),
            ("ai.prompt.tools", new[] { """{"type":"function","name":"weather","inputSchema":{}}""" }),
            ("ai.response.text", "Cold."), ("ai.response.finishReason", "tool-calls"), ("ai.response.id", "chatcmpl-1"), ("ai.response.msToFirstChunk", 120.5),
            ("ai.response.toolCalls", """[{"toolCallId":"c2","toolName":"weather","input":"{}"}]"""),
            ("ai.usage.inputTokens", 40), ("ai.usage.outputTokens", 6), ("ai.usage.cachedInputTokens", 10), ("ai.usage.reasoningTokens", 1),
            ("ai.settings.maxOutputTokens", 50), ("ai.telemetry.functionId", "weather-bot"), ("ai.telemetry.metadata.sessionId", "s-1"),
            ("ai.telemetry.metadata.userId", "u-1"), ("ai.telemetry.metadata.plan", "gold"));
        var call = record.Observation!;
        Assert.Equal((ObservationKind.Llm, "openai", "gpt-4o", "gpt-4o-2024-08-06", 40, 6, 10), (call.Kind, call.Provider, call.RequestModel, call.Model, call.Usage.InputTokens, call.Usage.OutputTokens, call.Usage.CacheReadTokens));
        Assert.Equal(("s-1", "u-1", "gold", "tool_calls", "weather-bot", 120.5), (call.Session, call.User, Property(record, "plan"), call.FinishReason, call.Endpoint, call.Timings.TtftMs));
        Assert.Equal(
            """{"model":"gpt-4o","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Weather?"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"{\"type\":\"text\",\"value\":\"4\"}"}],"tools":[{"type":"function","name":"weather","inputSchema":{}}]}""",
            Input(record));
        Assert.Equal("""{"text":"Cold.","tool_calls":[{"id":"c2","name":"weather","arguments":"{}"}]}""", Output(record));

        var tool = Map(("ai.operationId", "ai.toolCall"), ("ai.toolCall.name", "weather"), ("ai.toolCall.args", """{"city":"Oslo"}"""), ("ai.toolCall.result", "4"));
        Assert.Equal((ObservationKind.Tool, "weather", """{"city":"Oslo"}""", "4"), (tool.Observation!.Kind, tool.Observation.Name, Input(tool), Output(tool)));
        var embedding = Map(("ai.operationId", "ai.embed.doEmbed"), ("ai.model.id", "e"), ("ai.usage.tokens", 4), ("ai.values", new[] { "\"a\"" }));
        Assert.Equal((ObservationKind.Embedding, 4), (embedding.Observation!.Kind, embedding.Observation.Usage.InputTokens));
    }

    // As @ai-sdk/otel 1.0.173 sends them.
    [Fact]
    public void The_ai_sdk_7_by_its_own_package()
    {
        var record = Map(
            ("user.id", "u-1"), ("session.id", "s-1"), ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-4o"),
            ("gen_ai.system_instructions", """[{"type":"text","content":"Be kind."}]"""),
            ("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"Weather?"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"weather","arguments":{"city":"Oslo"}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"4"}]}]"""),
            ("gen_ai.tool.definitions", """[{"type":"function","name":"weather","inputSchema":{"type":"object"}}]"""),
            ("gen_ai.client.operation.duration", 0.9), ("gen_ai.client.operation.time_to_first_chunk", 0.25), ("gen_ai.client.operation.time_per_output_chunk", 0.01),
            ("gen_ai.response.finish_reasons", new[] { "tool-calls" }), ("gen_ai.response.id", "aitxt-8HlMUOAlyrrgBRLkptZOElQP"), ("gen_ai.response.model", "gpt-4o-2024-08-06"),
            ("gen_ai.usage.input_tokens", 40), ("gen_ai.usage.output_tokens", 6), ("gen_ai.usage.cache_read.input_tokens", 10), ("gen_ai.usage.cache_creation.input_tokens", 2),
            ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"Cold."},{"type":"tool_call","id":"c2","name":"weather","arguments":{}}],"finish_reason":"tool_call"}]"""));
        var call = record.Observation!;
        Assert.Equal((ObservationKind.Llm, "openai", "gpt-4o-2024-08-06", 40, 6, 10, 2), (call.Kind, call.Provider, call.Model, call.Usage.InputTokens, call.Usage.OutputTokens, call.Usage.CacheReadTokens, call.Usage.CacheWriteTokens));
        Assert.Equal(("u-1", "s-1", "tool_calls", 250.0, true), (call.User, call.Session, call.FinishReason, call.Timings.TtftMs, call.Stream));
        Assert.Equal(
            """{"model":"gpt-4o","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Weather?"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"4"}],"tools":[{"type":"function","name":"weather","inputSchema":{"type":"object"}}]}""",
            Input(record));
        Assert.Equal("""{"text":"Cold.","tool_calls":[{"id":"c2","name":"weather","arguments":"{}"}]}""", Output(record));

        // With runtimeContext: true the agent and its steps have the context, the calls do not.
        var step = Map(("gen_ai.operation.name", "agent_step"), ("ai.settings.context.userId", "u-2"), ("ai.settings.context.sessionId", "s-2"), ("ai.settings.context.plan.name", "gold"));
        Assert.Equal((ObservationKind.Chain, "u-2", "s-2", "gold"), (step.Observation!.Kind, step.Observation.User, step.Observation.Session, Property(step, "plan.name")));
        Assert.Equal(ObservationKind.Retrieval, Map(("gen_ai.operation.name", "rerank"), ("gen_ai.request.model", "rerank-v3.5")).Observation!.Kind);
    }

    [Fact]
    public void The_name_of_a_trace_of_Langfuse_is_the_endpoint_of_its_steps_which_keep_their_own()
    {
        var root = Map(("langfuse.observation.type", "span"), ("langfuse.trace.name", "support"));
        Assert.Equal(("a step", "support"), (root.Observation!.Name, root.Observation.Endpoint));
        Assert.Equal("support", System.Text.Json.JsonDocument.Parse(root.Payload.Attributes).RootElement.GetProperty("langfuse.trace.name").GetString());
        var inner = Span(SpanId, ("langfuse.trace.name", "support"));
        inner["parentSpanId"] = "eee19b7ec3c1b175";
        var step = Map(Traces([("service.name", "shop")], inner)).Observation!;
        Assert.Equal(("a step", "support", "service.name=shop"), (step.Name, step.Endpoint, string.Join(' ', step.Properties.Select(property => $"{property.Key}={property.Value}"))));
        Assert.Equal("shop", Map(Traces([("service.name", "shop")], Span())).Observation!.Endpoint);
    }

    [Fact]
    public void Langfuse()
    {
        var record = Map(
            ("langfuse.observation.type", "generation"), ("langfuse.observation.model.name", "gpt-4o"), ("langfuse.observation.model.parameters", """{"temperature":0}"""),
            ("langfuse.observation.input", """[{"role":"user","content":"Hi"}]"""), ("langfuse.observation.output", """{"role":"assistant","content":"Hello"}"""),
            ("langfuse.observation.usage_details", """{"input":10,"output":4,"total":14,"input_cached_tokens":3,"output_reasoning_tokens":1}"""),
            ("langfuse.observation.cost_details", """{"input":0.1,"output":0.2,"total":0.3}"""),
            ("langfuse.observation.completion_start_time", "\"2026-08-20T11:59:00.300Z\""),
            ("langfuse.session.id", "s-1"), ("langfuse.user.id", "u-1"), ("langfuse.trace.tags", new[] { "x", "y" }), ("langfuse.trace.metadata.plan", "gold"),
            ("langfuse.observation.prompt.name", "greet"), ("langfuse.observation.prompt.version", 2), ("langfuse.release", "r1"), ("langfuse.environment", "prod"));
        var call = record.Observation!;
        Assert.Equal((ObservationKind.Llm, "gpt-4o", 10, 4, 3, 1), (call.Kind, call.Model, call.Usage.InputTokens, call.Usage.OutputTokens, call.Usage.CacheReadTokens, call.Usage.ReasoningTokens));
        Assert.Equal((0.1m, 0.2m, 300, "greet", "2"), (call.Cost!.InputUsd, call.Cost.OutputUsd, call.Timings.TtftMs, call.PromptName, call.PromptVersion));
        Assert.Equal(("s-1", "u-1", "x,y", "gold", "r1"), (call.Session, call.User, Property(record, "tags"), Property(record, "plan"), Property(record, "release")));
        Assert.Equal("prod", Property(record, "environment"));
        Assert.Equal("""{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}""", Input(record));
        Assert.Equal("""{"text":"Hello"}""", Output(record));

        var failed = Map(("langfuse.observation.type", "span"), ("langfuse.observation.level", "ERROR"), ("langfuse.observation.status_message", "It broke"));
        Assert.Equal((ObservationState.ProviderError, "It broke", true), (failed.Observation!.State, failed.Observation.ErrorMessage, failed.Observation.IsError));
        Assert.Equal(ObservationKind.Retrieval, Map(("langfuse.observation.type", "retriever")).Observation!.Kind);
    }

    [Fact]
    public void Lang_smiths_opentelemetry_mode()
    {
        var record = Map(
            ("langsmith.span.kind", "llm"), ("gen_ai.operation.name", "chat"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"),
            ("gen_ai.prompt", """{"messages":[{"role":"user","content":"Hi"}]}"""), ("gen_ai.completion", """{"role":"assistant","content":"Hello"}"""),
            ("gen_ai.usage.input_tokens", 5), ("gen_ai.usage.output_tokens", 2), ("langsmith.trace.session_name", "my-project"), ("langsmith.metadata.session_id", "s-1"));
        Assert.Equal((ObservationKind.Llm, 5, "s-1", "my-project", "my-project"), (record.Observation!.Kind, record.Observation.Usage.InputTokens, record.Observation.Session, record.Observation.Endpoint, Property(record, "project")));
        Assert.Equal("""{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}""", Input(record));
        Assert.Equal(ObservationKind.Retrieval, Map(("langsmith.span.kind", "retriever"), ("gen_ai.operation.name", "retriever")).Observation!.Kind);
        Assert.Equal(ObservationKind.Chain, Map(("langsmith.span.kind", "chain"), ("gen_ai.operation.name", "chain"), ("gen_ai.usage.input_tokens", 5)).Observation!.Kind);
    }

    // What langsmith 0.12.0 sets (lib/experimental/otel/translator.js): its operation of a retriever is "embeddings", that of a prompt "chat".
    [Theory]
    [InlineData("retriever", "embeddings", ObservationKind.Retrieval, "retriever")]
    [InlineData("prompt", "chat", ObservationKind.Chain, "prompt")]
    [InlineData("parser", "parser", ObservationKind.Chain, "parser")]
    [InlineData("chain", "chain", ObservationKind.Chain, "chain")]
    [InlineData("tool", "execute_tool", ObservationKind.Tool, "tool")]
    [InlineData("embedding", "embeddings", ObservationKind.Embedding, "embedding")]
    public void A_run_of_lang_smiths_opentelemetry_mode_keeps_its_type_and_its_texts(string type, string operation, ObservationKind kind, string read)
    {
        var record = Map(
            ("langsmith.span.kind", type), ("gen_ai.operation.name", operation), ("gen_ai.system", "langchain"), ("langsmith.span.tags", "nightly, two words"),
            ("gen_ai.prompt", """{"question":"Why?"}"""), ("gen_ai.completion", """{"answer":"Because."}"""));
        Assert.Equal((kind, read), (record.Observation!.Kind, RunFacts.Type(record.Observation)));
        Assert.Equal(("""{"question":"Why?"}""", """{"answer":"Because."}"""), (Input(record), Output(record)));
        Assert.Equal(["nightly", "two words"], RunFacts.Tags(record.Observation));
    }

    [Theory]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}""", """{"id":"chatcmpl-1","choices":[{"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}""")]
    [InlineData("""{"messages":[[{"lc":1,"type":"constructor","id":["langchain_core","messages","HumanMessage"],"kwargs":{"content":"Hi"}}]]}""",
        """{"generations":[[{"text":"Hello","message":{"lc":1,"type":"constructor","id":["langchain_core","messages","AIMessage"],"kwargs":{"content":"Hello"}}}]]}""")]
    public void A_call_of_lang_smiths_opentelemetry_mode_reads_as_a_chat(string prompt, string completion)
    {
        var record = Map(
            ("langsmith.span.kind", "llm"), ("gen_ai.operation.name", "chat"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.prompt", prompt), ("gen_ai.completion", completion),
            ("gen_ai.response.finish_reasons", "stop, length"),
            ("langsmith.usage_metadata", """{"input_tokens":8,"output_tokens":5,"total_tokens":13,"input_token_details":{"cache_read":3,"cache_creation":1},"output_token_details":{"reasoning":2},"total_cost":0.5}"""));
        var call = record.Observation!;
        Assert.Equal("""{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}""", Input(record));
        Assert.Equal("""{"text":"Hello"}""", Output(record));
        Assert.Equal((8, 5, 3, 1, 2), (call.Usage.InputTokens, call.Usage.OutputTokens, call.Usage.CacheReadTokens, call.Usage.CacheWriteTokens, call.Usage.ReasoningTokens));
        Assert.Equal((0.5m, "stop"), (call.Cost!.TotalUsd, call.FinishReason));
    }

    [Fact]
    public void Texts_of_steps_that_are_no_calls_are_kept()
    {
        var workflow = Map(
            ("gen_ai.operation.name", "invoke_workflow"), ("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]"""),
            ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]"""));
        Assert.Equal(("""{"messages":[{"role":"user","content":"Hi"}]}""", """{"text":"Hello"}"""), (Input(workflow), Output(workflow)));

        var agent = Map(("traceloop.span.kind", "agent"), ("traceloop.entity.input", """{"args":["Hi"]}"""), ("traceloop.entity.output", "Hello"));
        Assert.Equal(("""{"args":["Hi"]}""", """{"text":"Hello"}"""), (Input(agent), Output(agent)));
    }

    [Fact]
    public void The_texts_of_an_embedding_of_open_inference_are_its_input()
    {
        (string, object)[] kind = [("openinference.span.kind", "EMBEDDING"), ("embedding.embeddings.0.embedding.text", "One")];
        Assert.Equal("One", Input(Map(kind)));
        Assert.Equal("""["One","Two"]""", Input(Map([.. kind, ("embedding.embeddings.1.embedding.text", "Two")])));
    }

    [Fact]
    public void The_reason_of_the_end_is_found_in_the_messages()
    {
        Assert.Equal("tool_calls", Map(("gen_ai.operation.name", "chat"), ("gen_ai.completion.0.finish_reason", "tool_call")).Observation!.FinishReason);
        Assert.Equal("length", Map(("gen_ai.operation.name", "chat"), ("gen_ai.output.messages", """[{"role":"assistant","parts":[],"finish_reason":"length"}]""")).Observation!.FinishReason);
        Assert.Equal("stop", Map(
            ("gen_ai.operation.name", "chat"), ("gen_ai.response.finish_reasons", new[] { "stop" }), ("gen_ai.output.messages", """[{"role":"assistant","parts":[],"finish_reason":"length"}]""")).Observation!.FinishReason);
    }

    [Fact]
    public void Post_hogs_properties()
    {
        var record = Map(
            ("$ai_model", "claude-sonnet"), ("$ai_provider", "anthropic"), ("$ai_input", """[{"role":"user","content":"Hi"}]"""),
            ("$ai_output_choices", """[{"role":"assistant","content":[{"type":"text","text":"Hello"}]}]"""), ("$ai_input_tokens", 10), ("$ai_output_tokens", 2),
            ("$ai_cache_read_input_tokens", 90), ("$ai_cache_reporting_exclusive", true), ("distinct_id", "u-1"), ("$ai_session_id", "s-1"));
        var call = record.Observation!;
        Assert.Equal((ObservationKind.Llm, "anthropic", 100, 90, "u-1", "s-1"), (call.Kind, call.Provider, call.Usage.InputTokens, call.Usage.CacheReadTokens, call.User, call.Session));
        Assert.Equal("""{"text":"Hello"}""", Output(record));
    }

    [Fact]
    public void Messages_that_are_events_of_the_span()
    {
        var span = Span(SpanId, ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.operation.name", "chat"));
        span["events"] = new System.Text.Json.Nodes.JsonArray(
            Event("gen_ai.system.message", ("content", "Be kind.")),
            Event("gen_ai.user.message", ("gen_ai.system", "openai"), ("content", "Weather?")),
            Event("gen_ai.assistant.message", ("tool_calls", """[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{}"}}]""")),
            Event("gen_ai.tool.message", ("id", "c1"), ("content", "4")),
            Event("gen_ai.choice", ("index", 0), ("finish_reason", "stop"), ("message", """{"role":"assistant","content":"Cold."}""")));
        var record = Map(Traces(span));
        Assert.Equal(
            """{"model":"gpt-4o","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Weather?"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"4"}]}""",
            Input(record));
        Assert.Equal("""{"text":"Cold."}""", Output(record));
        Assert.Equal("stop", record.Observation!.FinishReason);
    }

    [Fact]
    public void Content_events_of_open_lit_and_an_exception()
    {
        var span = Span(SpanId, ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.operation.name", "chat"), ("error.type", "RateLimitError"));
        span["status"] = new System.Text.Json.Nodes.JsonObject { ["code"] = 2 };
        span["events"] = new System.Text.Json.Nodes.JsonArray(
            Event("gen_ai.content.prompt", ("gen_ai.prompt", "user: Hi")), Event("gen_ai.content.completion", ("gen_ai.completion", "Hello")),
            Event("exception", ("exception.type", "RateLimitError"), ("exception.message", "Too fast")));
        var record = Map(Traces(span));
        Assert.Equal("""{"model":"gpt-4o","messages":[{"role":"user","content":"user: Hi"}]}""", Input(record));
        Assert.Equal("""{"text":"Hello"}""", Output(record));
        Assert.Equal((ErrorTypes.RateLimited, "RateLimitError", "Too fast"), (record.Observation!.ErrorType, record.Observation.ErrorCode, record.Observation.ErrorMessage));
    }

    [Theory]
    [InlineData("ai.operationId", "ai.generateText")]
    [InlineData("gen_ai.operation.name", "invoke_agent")]
    [InlineData("gen_ai.operation.name", "fetch_response")]
    [InlineData("gen_ai.operation.name", "agent_step")]
    [InlineData("openinference.span.kind", "CHAIN")]
    [InlineData("langfuse.observation.type", "agent")]
    [InlineData("traceloop.span.kind", "workflow")]
    public void A_parent_that_repeats_its_childrens_usage_has_none(string key, string value)
    {
        var parent = Map(
            (key, value), ("ai.usage.inputTokens", 40), ("gen_ai.usage.input_tokens", 40), ("gen_ai.usage.output_tokens", 4), ("llm.token_count.prompt", 40), ("gen_ai.request.model", "m"),
            ("llm.cost.total", 1.0)).Observation!;
        Assert.False(parent.IsCall);
        Assert.False(parent.Usage.IsKnown);
        Assert.Null(parent.Cost);
    }

    [Fact]
    public void Counts_that_leave_the_cache_out_are_made_inclusive()
    {
        var usage = Map(("gen_ai.operation.name", "chat"), ("gen_ai.usage.input_tokens", 5), ("gen_ai.usage.output_tokens", 1), ("gen_ai.usage.cache_read.input_tokens", 100)).Observation!.Usage;
        Assert.Equal((105, 100), (usage.InputTokens, usage.CacheReadTokens));
    }

    [Fact]
    public void The_project_is_the_resources_then_the_headers_then_the_services()
    {
        var span = Span(SpanId, ("gen_ai.operation.name", "chat"));
        (string, object)[] service = [("service.name", "shop")];
        Assert.Equal("px", Map(Traces([("openinference.project.name", "px"), .. service], (System.Text.Json.Nodes.JsonObject)span.DeepClone()), "header").Observation!.Endpoint);
        Assert.Equal("header", Map(Traces(service, (System.Text.Json.Nodes.JsonObject)span.DeepClone()), "header").Observation!.Endpoint);
        var record = Map(Traces(service, (System.Text.Json.Nodes.JsonObject)span.DeepClone()));
        Assert.Equal(("shop", "shop", ""), (record.Observation!.Endpoint, Property(record, "service.name"), Property(record, "project")));
        Assert.Equal("", Map(Traces([("service.name", "unknown_service:node")], span)).Observation!.Endpoint);
    }
}
