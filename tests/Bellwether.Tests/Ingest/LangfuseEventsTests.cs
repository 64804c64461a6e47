using System.Globalization;
using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Ingest;

/// <summary>What becomes of Langfuse's events: whole, in pieces, out of order and in every shape that clients give them.</summary>
public sealed class LangfuseEventsTests : IAsyncLifetime
{
    private LangfuseHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await LangfuseHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task What_Pythons_decorator_sends_is_a_tree_with_texts_tokens_and_cost()
    {
        // The bodies of langfuse 2.x for Python as its client builds them: ids are UUIDs, times ISO with microseconds and offset, an
        // update repeats id, traceId and what is new, absent fields are null.
        await _host.KeepAsync(
            LangfuseHost.Event("trace-create", """{"id":"5f0d0a0c-5c3f-4b1a-9a8e-111111111111","name":"main","userId":"u1","sessionId":"s1","release":null,"version":"1.2","metadata":{"team":"search","deep":{"a":1}},"tags":["b","a"],"timestamp":"2026-11-26T11:59:00.000001+00:00","input":{"args":["Malmö?"],"kwargs":{}},"output":null,"public":null}"""),
            LangfuseHost.Event("span-create", """{"id":"5f0d0a0c-5c3f-4b1a-9a8e-222222222222","traceId":"5f0d0a0c-5c3f-4b1a-9a8e-111111111111","name":"main","startTime":"2026-11-26T11:59:00.000001+00:00","parentObservationId":null,"level":"DEFAULT","input":{"args":["Malmö?"]}}"""),
            LangfuseHost.Event("generation-create", """{"id":"5f0d0a0c-5c3f-4b1a-9a8e-333333333333","traceId":"5f0d0a0c-5c3f-4b1a-9a8e-111111111111","parentObservationId":"5f0d0a0c-5c3f-4b1a-9a8e-222222222222","name":"OpenAI-generation","startTime":"2026-11-26T11:59:01.000000+00:00","model":"gpt-4o","modelParameters":{"temperature":1,"max_tokens":"inf"},"input":[{"role":"user","content":"Malmö?"}]}"""),
            LangfuseHost.Event("generation-update", """{"id":"5f0d0a0c-5c3f-4b1a-9a8e-333333333333","traceId":"5f0d0a0c-5c3f-4b1a-9a8e-111111111111","endTime":"2026-11-26T11:59:03.500000+00:00","completionStartTime":"2026-11-26T11:59:01.250000+00:00","model":"gpt-4o-2024-08-06","output":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Malmö\"}"}}]},"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":2}},"promptName":"weather","promptVersion":7}""", agoMs: 500),
            LangfuseHost.Event("span-update", """{"id":"5f0d0a0c-5c3f-4b1a-9a8e-222222222222","endTime":"2026-11-26T11:59:04.000000+00:00","output":"rain"}""", agoMs: 400),
            LangfuseHost.Event("sdk-log", """{"log":"something of the client's own"}"""));

        Assert.Equal(3, _host.Intake.Observations.Count());
        var root = Assert.Single(_host.Intake.Observations, step => step.ParentId.Length == 0);
        Assert.Equal((ObservationKind.Chain, "main", "u1", "s1", "5f0d0a0c5c3f4b1a9a8e111111111111"), (root.Kind, root.Name, root.User, root.Session, root.TraceId));
        Assert.Equal(3999.999, root.Timings.TotalMs, 0.01);
        Assert.Equal(["langfuse.type=trace", "tags=b,a", "version=1.2", "team=search"], root.Properties.Select(property => $"{property.Key}={property.Value}"));
        var call = _host.Step("OpenAI-generation");
        var span = Assert.Single(_host.Intake.Observations, step => step.ParentId == root.SpanId);
        Assert.Equal((ObservationState.Ok, "rain"), (span.State, System.Text.Encoding.UTF8.GetString(_host.Intake.FindPending(span.Id)!.Payload.Output.Span)));
        Assert.Equal((ObservationKind.Llm, ObservationState.Ok, span.SpanId, root.TraceId, Guid.Parse("5f0d0a0c-5c3f-4b1a-9a8e-333333333333")), (call.Kind, call.State, call.ParentId, call.TraceId, call.Id));
        Assert.Equal(("gpt-4o-2024-08-06", "main", "u1", "s1", "weather", "7"), (call.Model, call.Endpoint, call.User, call.Session, call.PromptName, call.PromptVersion));
        Assert.Equal((10, 5, 4, 2), (call.Usage.InputTokens, call.Usage.OutputTokens, call.Usage.CacheReadTokens, call.Usage.ReasoningTokens));
        Assert.Equal((2500d, 250d, 1, 1), (call.Timings.TotalMs, call.Timings.TtftMs, call.MessageCount, call.ToolCallCount));
        Assert.Contains("\"temperature\":1", call.Parameters, StringComparison.Ordinal);
        var payload = _host.Record("OpenAI-generation").Payload;
        Assert.Equal("Malmö?", LangfuseHost.Json(payload.Input).GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Equal("""{"city":"Malmö"}""", LangfuseHost.Json(payload.Output).GetProperty("tool_calls")[0].GetProperty("arguments").GetString());
        Assert.True(payload.OutputAssembled);
    }

    [Fact]
    public async Task The_pieces_of_a_trace_are_one_in_whatever_order_and_batches_they_come()
    {
        string[] events =
        [
            LangfuseHost.Event("trace-create", """{"id":"T","name":"first","timestamp":"2026-11-26T11:00:00Z","metadata":{"a":"1","b":"1"}}""", agoMs: 5000, id: "e1"),
            LangfuseHost.Event("generation-create", """{"id":"G","traceId":"T","name":"ask","startTime":"2026-11-26T11:00:01Z","model":"m1","input":"Hi","metadata":{"x":"1"}}""", agoMs: 4000, id: "e2"),
            LangfuseHost.Event("generation-update", """{"id":"G","output":"Hel","usageDetails":{"input":1,"output":1}}""", agoMs: 3000, id: "e3"),
            LangfuseHost.Event("generation-update", """{"id":"G","endTime":"2026-11-26T11:00:03Z","output":"Hello","model":"m2","usageDetails":{"input":7,"output":3},"metadata":{"y":"2"}}""", agoMs: 2000, id: "e4"),
            LangfuseHost.Event("trace-create", """{"id":"T","userId":"u","sessionId":"s","timestamp":"2026-11-26T11:59:59Z","metadata":{"b":"2"},"tags":["t"]}""", agoMs: 1000, id: "e5"),
        ];
        // Every fifth of the 120 orders, each in one batch and in five.
        foreach (var (order, number) in Orders(events).Select((order, number) => (order, number)).Where(entry => entry.number % 5 == 0))
        {
            var mark = number.ToString(CultureInfo.InvariantCulture);
            var mine = order.Select(text => text.Replace("\"T\"", $"\"T{mark}\"", StringComparison.Ordinal).Replace("\"G\"", $"\"G{mark}\"", StringComparison.Ordinal)).ToArray();
            if (number % 2 == 0)
            {
                await _host.KeepAsync(mine);
            }
            else
            {
                foreach (var one in mine)
                {
                    await _host.KeepAsync(one);
                }
            }
            var steps = _host.Intake.Observations.Where(step => step.TraceId == "T" + mark).GroupBy(step => step.Id).Select(versions => versions.Last()).ToList();
            Assert.Equal(2, steps.Count);
            var (trace, call) = (steps.Single(step => step.Kind == ObservationKind.Chain), steps.Single(step => step.Kind == ObservationKind.Llm));
            Assert.Equal(("first", "u", "s", 3000d), (trace.Name, trace.User, trace.Session, trace.Timings.TotalMs));
            Assert.Equal(["a=1", "b=2", "langfuse.type=trace", "tags=t"], trace.Properties.Select(property => $"{property.Key}={property.Value}").Order());
            Assert.Equal(("ask", "m2", "u", "s", "first", trace.SpanId, 2000d, ObservationState.Ok), (call.Name, call.Model, call.User, call.Session, call.Endpoint, call.ParentId, call.Timings.TotalMs, call.State));
            Assert.Equal((7, 3), (call.Usage.InputTokens, call.Usage.OutputTokens));
            Assert.Equal(["tags=t", "x=1", "y=2"], call.Properties.Select(property => $"{property.Key}={property.Value}").Order());
            var payload = _host.Intake.FindPending(call.Id)!.Payload;
            Assert.Equal(("Hi", "Hello"), (LangfuseHost.Json(payload.Input).GetProperty("messages")[0].GetProperty("content").GetString(), LangfuseHost.Json(payload.Output).GetProperty("text").GetString()));
        }
    }

    [Theory]
    [InlineData("span", ObservationKind.Chain)]
    [InlineData("generation", ObservationKind.Llm)]
    [InlineData("event", ObservationKind.Chain)]
    [InlineData("agent", ObservationKind.Agent)]
    [InlineData("tool", ObservationKind.Tool)]
    [InlineData("chain", ObservationKind.Chain)]
    [InlineData("retriever", ObservationKind.Retrieval)]
    [InlineData("evaluator", ObservationKind.Chain)]
    [InlineData("embedding", ObservationKind.Embedding)]
    [InlineData("guardrail", ObservationKind.Chain)]
    public async Task Every_kind_of_step_has_its_own_event_and_its_name_in_observation_create(string type, ObservationKind kind)
    {
        await _host.KeepAsync(
            LangfuseHost.Event(type + "-create", $$"""{"id":"{{type}}-1","traceId":"T","name":"own","startTime":"2026-11-26T11:59:00Z"}"""),
            LangfuseHost.Event("observation-create", $$"""{"id":"{{type}}-2","traceId":"T","name":"by name","type":"{{type.ToUpperInvariant()}}","startTime":"2026-11-26T11:59:00Z"}"""),
            LangfuseHost.Event("span-update", $$"""{"id":"{{type}}-1","endTime":"2026-11-26T11:59:01Z"}""", agoMs: 10),
            LangfuseHost.Event("observation-update", $$"""{"id":"{{type}}-2","endTime":"2026-11-26T11:59:01Z"}""", agoMs: 10));

        Assert.Equal((kind, kind), (_host.Step("own").Kind, _host.Step("by name").Kind));
        Assert.Equal((1000d, ObservationState.Ok), (_host.Step("own").Timings.TotalMs, _host.Step("by name").State));
    }

    [Theory]
    [InlineData("""{"usage":{"input":9,"output":12,"total":21,"unit":"TOKENS"}}""", 9, 12, 0, 0)]
    [InlineData("""{"usage":{"promptTokens":9,"completionTokens":12,"totalTokens":21}}""", 9, 12, 0, 0)]
    [InlineData("""{"usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21}}""", 9, 12, 0, 0)]
    [InlineData("""{"usage":{"total":21}}""", 21, null, 0, 0)]
    [InlineData("""{"usageDetails":{"input":9,"output":12}}""", 9, 12, 0, 0)]
    [InlineData("""{"usage":{"input":1,"output":1},"usageDetails":{"input":9,"output":12}}""", 9, 12, 0, 0)]
    [InlineData("""{"usageDetails":{"input":9,"output":12,"total":21,"input_cached_tokens":4,"output_reasoning_tokens":3}}""", 9, 12, 4, 3)]
    [InlineData("""{"usageDetails":{"input":5,"output":12,"total":21,"input_cached_tokens":4,"output_reasoning_tokens":3}}""", 9, 12, 4, 3)]
    [InlineData("""{"usageDetails":{"input":5,"output":12,"cache_read_input_tokens":3,"cache_creation_input_tokens":1}}""", 9, 12, 3, 0)]
    [InlineData("""{"usageDetails":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21,"prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":3}}}""", 9, 12, 4, 3)]
    [InlineData("""{"usageDetails":{"input_tokens":9,"output_tokens":12,"total_tokens":21,"input_tokens_details":{"cached_tokens":4},"output_tokens_details":{"reasoning_tokens":3}}}""", 9, 12, 4, 3)]
    [InlineData("""{"usage":{"input":900,"output":1200,"unit":"CHARACTERS"}}""", null, null, 0, 0)]
    [InlineData("""{"usage":{"input":-1,"output":"many"}}""", null, null, 0, 0)]
    public async Task Tokens_are_inclusive_whatever_the_shape_in_which_they_are_told(string usage, int? input, int? output, int read, int reasoning)
    {
        await _host.KeepAsync(LangfuseHost.Event("generation-create", $$"""{"id":"G","traceId":"T","name":"ask","model":"m","startTime":"2026-11-26T11:59:00Z","endTime":"2026-11-26T11:59:01Z",{{usage[1..]}}"""));

        var call = _host.Step("ask").Usage;
        Assert.Equal((input, output, read, reasoning), ((int?)call.InputTokens, (int?)call.OutputTokens, (int)call.CacheReadTokens, (int)call.ReasoningTokens));
    }

    [Theory]
    [InlineData("""{"costDetails":{"input":0.1,"output":0.2}}""", 0.1, 0.2)]
    [InlineData("""{"costDetails":{"total":0.3}}""", 0.3, 0)]
    [InlineData("""{"costDetails":{"input":0.1,"cache_read_input_tokens":0.05,"output":0.2}}""", 0.15, 0.2)]
    [InlineData("""{"usage":{"input":1,"output":1,"inputCost":0.1,"outputCost":0.2,"totalCost":0.3}}""", 0.1, 0.2)]
    public async Task A_cost_that_the_client_says_stands(string cost, double input, double output)
    {
        await _host.KeepAsync(LangfuseHost.Event("generation-create", $$"""{"id":"G","traceId":"T","name":"ask","model":"m","endTime":"2026-11-26T11:59:01Z",{{cost[1..]}}"""));

        var told = _host.Step("ask").Cost!;
        Assert.Equal(((decimal)input, (decimal)output, "client"), (told.InputUsd, told.OutputUsd, told.PriceVersion));
    }

    [Fact]
    public async Task Scores_of_every_type_and_target_are_annotations_and_the_same_score_again_is_the_same()
    {
        await _host.KeepAsync(
            LangfuseHost.Event("score-create", """{"id":"s1","traceId":"T","name":"accuracy","value":0.5,"comment":"half"}"""),
            LangfuseHost.Event("score-create", """{"id":"s2","traceId":"T","observationId":"G","name":"tone","value":"dry","dataType":"CATEGORICAL"}"""),
            LangfuseHost.Event("score-create", """{"id":"s3","sessionId":"S","name":"solved","value":1,"dataType":"BOOLEAN","source":"ANNOTATION"}"""),
            LangfuseHost.Event("score-create", """{"id":"s1","traceId":"T","name":"accuracy","value":1,"source":"EVAL"}"""));
        await _host.KeepAsync(LangfuseHost.Event("generation-create", """{"id":"G","traceId":"T","name":"ask"}"""));
        var (status, answer) = await _host.PostAsync("/api/public/scores", """{"traceId":"T","name":"later","value":true}""");

        Assert.Equal(System.Net.HttpStatusCode.OK, status);
        Assert.True(Guid.TryParse(answer.GetProperty("id").GetString(), out _));
        var said = _host.Annotations.ToList();
        Assert.Equal((0.5, "half", "T", Guid.Empty, "user"), (said[0].Number, said[0].Text, said[0].TraceId, said[0].ObservationId, said[0].Source));
        Assert.Contains(said[1].ObservationId, Bellwether.Telemetry.ObservationIds.Targets(_host.Step("ask")));
        Assert.Equal((null, "dry", "T"), (said[1].Number, said[1].Category, said[1].TraceId));
        Assert.Equal((1d, "S", "", "human"), (said[2].Number, said[2].Session, said[2].TraceId, said[2].Source));
        Assert.Equal((said[0].Id, 1d, "evaluator"), (said[3].Id, said[3].Number, said[3].Source));
        Assert.Equal((1d, "later"), (said[4].Number, said[4].Name));
    }

    [Fact]
    public async Task A_step_without_an_end_runs_until_its_end_or_its_answer_comes()
    {
        await _host.KeepAsync(LangfuseHost.Event("generation-create", """{"id":"G","traceId":"T","name":"ask","startTime":"2026-11-26T11:59:00Z"}"""));
        Assert.Equal(ObservationState.Running, _host.Step("ask").State);
        await _host.KeepAsync(LangfuseHost.Event("generation-update", """{"id":"G","output":"done"}""", agoMs: 100));
        Assert.Equal((ObservationState.Ok, 0d), (_host.Step("ask").State, _host.Step("ask").Timings.TotalMs));
    }

    [Fact]
    public async Task A_step_that_comes_before_its_trace_gets_parent_user_and_session_when_the_trace_comes()
    {
        await _host.KeepAsync(LangfuseHost.Event("span-create", """{"id":"A","traceId":"T","name":"early","startTime":"2026-11-26T11:59:00Z","endTime":"2026-11-26T11:59:01Z"}"""));
        Assert.Equal(("", ""), (_host.Step("early").ParentId, _host.Step("early").User));
        await _host.KeepAsync(LangfuseHost.Event("trace-create", """{"id":"T","name":"chain","userId":"u","sessionId":"s","timestamp":"2026-11-26T11:59:00Z"}"""));
        Assert.Equal((_host.Step("chain").SpanId, "u", "s", "chain"), (_host.Step("early").ParentId, _host.Step("early").User, _host.Step("early").Session, _host.Step("early").Endpoint));
    }

    private static IEnumerable<string[]> Orders(string[] events) => events.Length == 1
        ? [events]
        : events.SelectMany((one, index) => Orders([.. events[..index], .. events[(index + 1)..]]).Select(rest => (string[])[one, .. rest]));
}
