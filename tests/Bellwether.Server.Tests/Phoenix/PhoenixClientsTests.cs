using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>The npm package @arizeai/phoenix-client against a real server with nothing but host and key changed.</summary>
public sealed class PhoenixClientsTests(PhoenixClients clients) : IClassFixture<PhoenixClients>
{
    [Fact]
    public void The_client_learns_the_version_by_which_it_decides_what_it_may_call()
    {
        Assert.Equal(("20.3.0", "20.3.0"), (Text(Result("version"), "version"), Text(Result("version"), "text")));
    }

    [Fact]
    public void A_dataset_is_uploaded_uploaded_again_without_a_change_appended_to_and_made_smaller()
    {
        var result = Result("datasets");
        Assert.Single(Texts(result, "ids").Distinct());
        Assert.Equal(("weather of datasets", "what is asked"), (Text(result, "name"), Text(result, "description")));
        Assert.Equal(Text(result, "first"), Text(result, "same"));
        Assert.Equal(
            ["""{"input":{"question":"Malmö?"},"output":{"answer":"cold"},"metadata":{"n":1}}""", """{"input":{"question":"Lund?"},"output":{"answer":"rainy"},"metadata":{}}""", """{"input":{"question":"Ystad?"},"output":{},"metadata":{}}"""],
            result.GetProperty("examples").EnumerateArray().Select(example => example.GetRawText()));
        Assert.Equal(4, result.GetProperty("old").GetInt32());
        Assert.Equal(["Lund?"], Texts(result, "test"));
        Assert.Equal(Texts(result, "was").Take(2), Texts(result, "kept"));
        Assert.Equal(2, Assert.Single(result.GetProperty("listed").EnumerateArray()).GetInt32());
        Assert.Contains("not found", Text(result, "missing"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logged_spans_are_a_trace_with_tokens_cost_and_texts_and_read_back_as_they_were_sent()
    {
        var result = Result("spans");
        Assert.Equal("""{"totalReceived":3,"totalQueued":3}""", result.GetProperty("logged").GetRawText());
        var steps = await clients.Server.ObservationsAsync($"trace_id={Text(result, "trace")}", 3);
        Assert.Equal(["ask:llm:ok", "chain:chain:ok", "lookup:retrieval:provider_error"], steps.Select(step => $"{Text(step, "name")}:{Text(step, "kind")}:{Text(step, "state")}").Order());
        Assert.All(steps, step => Assert.Equal(("phoenix", "project of spans"), (Text(step, "surface"), Text(step, "endpoint"))));
        var call = await DetailAsync(Step(steps, "ask"));
        Assert.Equal(
            (Text(result, "call"), Text(result, "root"), "gpt-4o-mini", "openai", "user of spans", "session of spans"),
            (Text(call, "span_id"), Text(call, "parent_id"), Text(call, "model"), Text(call, "provider"), Text(call, "user"), Text(call, "session")));
        Assert.Equal((1000, 500), (call.GetProperty("usage").GetProperty("input_tokens").GetInt32(), call.GetProperty("usage").GetProperty("output_tokens").GetInt32()));
        Assert.Equal(0.00045m, call.GetProperty("cost").GetProperty("total_usd").GetDecimal());
        Assert.Equal("Weather in Malmö?", call.GetProperty("input").GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Equal("Cold in Malmö", call.GetProperty("output").GetProperty("text").GetString());

        var read = result.GetProperty("stored").GetProperty("ask");
        Assert.Equal(("LLM", "OK", Text(result, "root")), (Text(read, "span_kind"), Text(read, "status_code"), Text(read, "parent_id")));
        Assert.Equal((Text(result, "trace"), Text(result, "call")), (Text(read.GetProperty("context"), "trace_id"), Text(read.GetProperty("context"), "span_id")));
        Assert.Equal(1000, (read.GetProperty("end_time").GetDateTimeOffset() - read.GetProperty("start_time").GetDateTimeOffset()).TotalMilliseconds);
        var attributes = read.GetProperty("attributes");
        Assert.Equal(("gpt-4o-mini", 1000, "session of spans"), (Text(attributes, "llm.model_name"), attributes.GetProperty("llm.token_count.prompt").GetInt32(), Text(attributes, "session.id")));
        Assert.Equal("[1,2.5,true]", attributes.GetProperty("my.own").GetRawText());
    }

    [Fact]
    public void Spans_are_found_by_what_the_client_can_ask_for_and_page_by_page()
    {
        var result = Result("spans");
        Assert.Equal(["chain"], Texts(result, "roots").Where(name => name != "kept"));
        Assert.Equal(["lookup"], Texts(result, "errors"));
        Assert.Equal(["ask"], Texts(result, "llm"));
        Assert.Equal(["ask", "chain"], Texts(result, "byUser"));
        Assert.Equal("[2,1]", result.GetProperty("pages").GetRawText());
        Assert.Equal(0, result.GetProperty("elsewhere").GetInt32());
        // The experiment that runs beside this has projects too.
        Assert.Equal(["default", "project of spans", "written down"], Texts(result, "projects").Where(name => name != "evaluators" && !name.Contains("-exp-", StringComparison.Ordinal)));
        Assert.Equal("project of spans", Text(result, "project"));
    }

    [Fact]
    public async Task One_broken_span_is_told_by_the_clients_own_error_and_its_neighbour_is_kept()
    {
        var failed = Result("spans").GetProperty("failed");
        Assert.True(failed.GetProperty("own").GetBoolean());
        Assert.Equal(1, failed.GetProperty("queued").GetInt32());
        Assert.Equal("""[["nonsense","context.span_id: must be 16 hex digits, not all of them 0"]]""", failed.GetProperty("invalid").GetRawText());
        Assert.Single(await clients.Server.ObservationsAsync("name=kept", 1));
    }

    [Fact]
    public async Task Annotations_before_and_after_their_span_of_traces_sessions_and_documents_are_feedback()
    {
        var result = Result("spans");
        Assert.Equal(("string", 3), (Text(result, "early"), result.GetProperty("said").GetInt32()));
        var said = result.GetProperty("annotations").EnumerateArray()
            .Select(item => $"{Text(item, "name")} {Text(item, "annotator_kind")} {item.GetProperty("result").GetProperty("score").GetRawText()} {Text(item, "identifier")}".TrimEnd()).Order();
        Assert.Equal(["correctness LLM 0.25", "correctness LLM 0.75 second judge", "early HUMAN 1", "relevance[1] HUMAN 0", "useful CODE null"], said);

        var steps = await clients.Server.ObservationsAsync($"trace_id={Text(result, "trace")}", 3);
        var call = await DetailAsync(Step(steps, "ask"));
        Assert.Equal(
            ["correctness:evaluator", "correctness:evaluator", "early:human"], call.GetProperty("annotations").EnumerateArray().Select(item => $"{Text(item, "name")}:{Text(item, "source")}").Order());
        var feedback = (await clients.Server.GetAsync($"/api/v1/feedback?observation_id={Text(call, "id")}")).GetProperty("items").EnumerateArray();
        Assert.Equal("before the span", Text(Assert.Single(feedback, item => Text(item, "name") == "early"), "text"));
        Assert.Equal("fine", Text(Assert.Single((await clients.Server.GetAsync($"/api/v1/feedback?trace_id={Text(result, "trace")}&name=whole")).GetProperty("items").EnumerateArray()), "category"));
        Assert.Single((await clients.Server.GetAsync("/api/v1/feedback?session=session%20of%20spans")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task An_experiment_runs_end_to_end_with_its_runs_evaluations_and_traces()
    {
        var result = Result("experiment");
        Assert.Equal("[3,4,2,0]", result.GetProperty("counts").GetRawText());
        Assert.Equal("[6,4,2]", result.GetProperty("read").GetRawText());
        Assert.Equal("none", Text(result.GetProperty("metadata"), "model"));
        Assert.True(result.GetProperty("ids").GetBoolean());
        Assert.Equal(12, result.GetProperty("evaluations").GetInt32());
        var runs = result.GetProperty("whole").EnumerateArray().ToList();
        Assert.Equal(6, runs.Count);
        foreach (var run in runs)
        {
            var two = run.GetProperty("input").GetProperty("text").GetString() == "two";
            Assert.Equal(two ? "cannot count to two" : null, Text(run, "error"));
            var said = run.GetProperty("annotations").EnumerateArray().ToDictionary(item => Text(item, "name")!);
            Assert.Equal((two ? 0 : 1, two ? "failed" : "counted", "CODE"), (said["exact"].GetProperty("score").GetInt32(), Text(said["exact"], "label"), Text(said["exact"], "annotator_kind")));
            Assert.Equal("no judge", Text(said["broken"], "error"));
        }
        Assert.Equal(2, result.GetProperty("before").GetInt32());
        Assert.True(Assert.Single(result.GetProperty("after").EnumerateArray()).GetBoolean());

        // The task's spans come to the project that the experiment named.
        var steps = await clients.Server.ObservationsAsync("endpoint=" + Uri.EscapeDataString(Text(result, "project")!), 6);
        Assert.Equal(6, steps.Count);
        Assert.Equal(Texts(result, "traces").Order(), steps.Select(step => Text(step, "trace_id")!).Order());
        Assert.All(steps, step => Assert.Equal("Task: count", Text(step, "name")));
    }

    [Fact]
    public void A_wrong_key_is_an_error_of_the_client()
    {
        Assert.Contains("401", Text(Result("unauthorised"), "message"), StringComparison.Ordinal);
    }

    private JsonElement Result(string name)
    {
        var result = clients[name];
        Assert.True(result.GetProperty("threw").ValueKind == JsonValueKind.Null, result.GetRawText());
        return result;
    }

    private Task<JsonElement> DetailAsync(JsonElement step) => clients.Server.GetAsync($"/api/v1/observations/{Text(step, "id")}");

    private static JsonElement Step(IReadOnlyList<JsonElement> steps, string name) => Assert.Single(steps, step => Text(step, "name") == name);

    private static IEnumerable<string> Texts(JsonElement of, string name) => of.GetProperty(name).EnumerateArray().Select(item => item.GetString()!);

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var text) ? text.GetString() : null;
}
