using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>Langfuse's SDKs read back what they sent with nothing but address and keys changed (tests/clients/langfuse/reads.mjs).</summary>
public sealed class LangfuseReadersTests(LangfuseReaders clients) : IClassFixture<LangfuseReaders>
{
    [Fact]
    public void Traces_come_in_pages_with_their_totals_and_by_every_filter()
    {
        var result = Result("old");
        var sent = result.GetProperty("sent").EnumerateArray().Select(item => Text(item, "trace")!).ToList();
        Assert.Equal([sent[4], sent[3]], result.GetProperty("first").EnumerateArray().Select(trace => Text(trace, "id")!));
        Assert.Equal("""{"page":1,"limit":2,"totalItems":5,"totalPages":3}""", result.GetProperty("meta").GetRawText());
        Assert.Equal([sent[0]], Texts(result, "third"));
        Assert.Equal(3, Number(result.GetProperty("thirdMeta"), "page"));
        Assert.Equal([sent[3], sent[1]], Texts(result, "odd"));
        Assert.Equal([sent[4]], Texts(result, "last"));
        Assert.Equal((0, 2, 2, 3), (Number(result, "none"), Number(result, "ofSession"), Number(result, "from"), Number(result, "to")));

        var newest = result.GetProperty("first")[0];
        Assert.Equal(("even", "old-user", "old-session-0", "r1", "v1", "default"), (Text(newest, "name"), Text(newest, "userId"), Text(newest, "sessionId"), Text(newest, "release"), Text(newest, "version"), Text(newest, "environment")));
        Assert.Equal(["last", "eu"], Texts(newest, "tags"));
        Assert.Equal(("What is 4?", 4, 4), (Text(newest.GetProperty("input"), "question"), Number(newest.GetProperty("output"), "answer"), Number(newest.GetProperty("metadata"), "at")));
        Assert.Equal((3, 3), (newest.GetProperty("observations").GetArrayLength(), newest.GetProperty("scores").GetArrayLength()));
        // gpt-4o-mini for a million tokens: 0.15 USD in, 0.60 USD out.
        Assert.Equal((0.00045m, 0.8), (newest.GetProperty("totalCost").GetDecimal(), newest.GetProperty("latency").GetDouble()));
    }

    [Fact]
    public void A_trace_is_read_with_its_observations_and_scores()
    {
        var result = Result("old");
        var (trace, sent) = (result.GetProperty("trace"), result.GetProperty("sent")[0]);
        Assert.Equal((Text(sent, "trace"), "even"), (Text(trace, "id"), Text(trace, "name")));
        var steps = trace.GetProperty("observations").EnumerateArray().ToDictionary(step => Text(step, "name")!);
        Assert.Equal(["answer", "ask", "shown"], steps.Keys.Order());
        Assert.Equal((null, Text(sent, "span"), Text(sent, "trace")), (Text(steps["answer"], "parentObservationId"), Text(steps["ask"], "parentObservationId"), Text(steps["ask"], "traceId")));
        Assert.Equal(("SPAN", "GENERATION", "EVENT", "WARNING"), (Text(steps["answer"], "type"), Text(steps["ask"], "type"), Text(steps["shown"], "type"), Text(steps["shown"], "level")));
        var scores = trace.GetProperty("scores").EnumerateArray().ToDictionary(score => Text(score, "name")!);
        Assert.Equal((1d, "fine", null), (scores["helpful"].GetProperty("value").GetDouble(), Text(scores["helpful"], "comment"), Text(scores["helpful"], "observationId")));
        Assert.Equal((0d, Text(sent, "generation"), "API", "NUMERIC"), (scores["accuracy"].GetProperty("value").GetDouble(), Text(scores["accuracy"], "observationId"), Text(scores["accuracy"], "source"), Text(scores["accuracy"], "dataType")));
    }

    [Fact]
    public void Observations_are_found_by_type_trace_parent_and_user_and_a_trace_is_none_of_them()
    {
        var result = Result("old");
        Assert.Equal((15, 5), (Number(result, "observations"), Number(result, "spans")));
        Assert.Equal(("shown", "answer ask shown", "ask"), (Joined(result, "events"), Joined(result, "inside"), Joined(result, "children")));
        Assert.Equal(5, result.GetProperty("generations").GetArrayLength());

        var (call, sent) = (result.GetProperty("observation"), result.GetProperty("sent")[2]);
        Assert.Equal((Text(sent, "generation"), Text(sent, "trace"), "gpt-4o-mini", "asking"), (Text(call, "id"), Text(call, "traceId"), Text(call, "model"), Text(call, "promptName")));
        Assert.Equal((2, 0.5, 0.1), (Number(call, "promptVersion"), call.GetProperty("latency").GetDouble(), call.GetProperty("timeToFirstToken").GetDouble()));
        Assert.Equal(0.5, call.GetProperty("modelParameters").GetProperty("temperature").GetDouble());
        Assert.Equal((1000, 500, 1500), (Number(call.GetProperty("usageDetails"), "input"), Number(call.GetProperty("usageDetails"), "output"), Number(call.GetProperty("usageDetails"), "total")));
        Assert.Equal(0.00045m, call.GetProperty("costDetails").GetProperty("total").GetDecimal());
        Assert.Equal(("What is 2?", "A number"), (Text(call.GetProperty("input").GetProperty("messages")[0], "content"), Text(call.GetProperty("output"), "text")));
        Assert.Equal(("ERROR", "it broke"), (Text(result.GetProperty("broken"), "level"), Text(result.GetProperty("broken"), "statusMessage")));
    }

    [Fact]
    public void Every_condition_of_the_filter_finds_its_traces_and_its_observations()
    {
        var result = Result("filters");
        foreach (var (question, expected) in new[]
        {
            ("all", "01234"), ("id", "3"), ("name", "13"), ("names", "13"), ("notNames", "024"), ("contains", "024"), ("without", "13"), ("starts", "13"), ("ends", "024"), ("session", "13"),
            ("from", "34"), ("after", "4"), ("until", "0123"), ("before", "012"), ("tags", "4"), ("anyTag", "4"), ("noTag", "0123"), ("key", "34"), ("keyText", "2"), ("keyOptions", "01"),
            ("cost", "01234"), ("cheap", ""), ("tokens", "01234"), ("latency", "01234"), ("failed", "3"), ("errors", "3"), ("warned", "01234"), ("rated", "34"), ("right", "13"), ("notRight", "024"),
            ("release", "01234"), ("noRelease", ""), ("environment", "01234"), ("elsewhere", ""), ("bookmarked", ""),
        })
        {
            Assert.Equal((question, expected), (question, Text(result.GetProperty("asked"), question)));
        }
        foreach (var (question, expected) in new[]
        {
            ("type", "ask ask ask ask ask"), ("types", "answer shown"), ("failed", "answer"), ("message", "answer"), ("model", "ask"), ("slow", "answer answer answer answer answer"), ("first", "ask ask ask"),
            ("said", "ask"), ("roots", "answer answer answer answer answer"), ("tagged", "answer ask shown"), ("none", ""),
        })
        {
            Assert.Equal((question, expected), (question, Text(result.GetProperty("found"), question)));
        }
        Assert.Equal("[5,5]", result.GetProperty("paged").GetRawText());
        Assert.Equal("""{"page":2,"limit":2,"totalItems":3,"totalPages":2}""", result.GetProperty("total").GetRawText());
        Assert.Equal((2, 5), (Number(result, "instead"), Number(result.GetProperty("v1"), "totalItems")));
        Assert.Equal("""["even","even","odd","odd"]""", Result("old").GetProperty("filtered").GetRawText());
    }

    [Fact]
    public void Traces_come_in_every_order_of_the_documentation()
    {
        var orders = Result("filters").GetProperty("orders");
        Assert.Equal("[0,1,2,3,4]", orders.GetProperty("up").GetRawText());
        // What is alike stays the newest first.
        Assert.Equal("[4,2,0,3,1]", orders.GetProperty("names").GetRawText());
        Assert.Equal("[3,1,4,2,0]", orders.GetProperty("sessions").GetRawText());
        Assert.Equal("[2,3]", orders.GetProperty("second").GetRawText());
        Assert.Equal(5, Number(orders, "ids"));
    }

    [Fact]
    public void Boolean_scores_come_back_as_booleans()
    {
        var newest = Result("newest");
        var score = Assert.Single(newest.GetProperty("booleans").EnumerateArray());
        Assert.Equal(("right", "BOOLEAN", 1d, "True"), (Text(score, "name"), Text(score, "dataType"), score.GetProperty("value").GetDouble(), Text(score, "stringValue")));
        Assert.Contains(newest.GetProperty("scoresV3").EnumerateArray(), one => Text(one, "dataType") == "BOOLEAN" && one.GetProperty("value").ValueKind == JsonValueKind.True);
        var old = Result("old").GetProperty("trace").GetProperty("scores").EnumerateArray().Single(one => Text(one, "name") == "right");
        Assert.Equal(("BOOLEAN", 0d, "False"), (Text(old, "dataType"), old.GetProperty("value").GetDouble(), Text(old, "stringValue")));
    }

    [Fact]
    public void Prompts_are_kept_in_versions_with_labels_that_move()
    {
        var result = Result("prompts");
        Is("made", "[1,2]");
        Is("unlabelled", """[1,"Hello {{who}}",["production"]]""");
        Is("latest", """[2,"Good day {{who}}",["staging","latest"]]""");
        Is("staging", """[2,"Good day {{who}}",["staging","latest"]]""");
        Is("byNumber", """[1,"Hello {{who}}",["production"]]""");
        Is("compiled", "\"Hello Ada\"");
        Is("config", """{"temperature":0.2}""");
        Is("updated", """["eu","production","staging","latest"]""");
        Is("moved", """[2,"Good day {{who}}",["eu","production","staging","latest"]]""");
        Is("before", """[1,"Hello {{who}}",[]]""");
        Is("chat", """[1,"chat",[{"role":"system","content":"You are kind."},{"role":"user","content":"Hi"},{"role":"user","content":"Why?"}]]""");
        Is("oldChat", """["You are old.","history","How?"]""");
        Is("fallback", "\"as before\"");
        Is("raced", "[1,2,3,4,5,6,7,8]");
        Is("racedLabels", "1");
        var listed = result.GetProperty("list").GetProperty("data").EnumerateArray().ToDictionary(item => Text(item, "name")!);
        Assert.Equal(["chatting", "folder/greeting & more"], listed.Keys.Order(StringComparer.Ordinal));
        var greeting = listed["folder/greeting & more"];
        Assert.Equal(("text", "[1,2]", """["greets"]"""), (Text(greeting, "type"), greeting.GetProperty("versions").GetRawText(), greeting.GetProperty("tags").GetRawText()));
        Is("ofLabel", """["folder/greeting & more"]""");
        Assert.Equal(1, Number(result.GetProperty("ofTag"), "totalItems"));
        Assert.Equal(("chat", "gpt-4o-mini", 1), (Text(result.GetProperty("raw"), "type"), Text(result.GetProperty("raw").GetProperty("config"), "model"), Number(result.GetProperty("raw"), "version")));
        Is("newUpdate", """["fine","production","latest"]""");
        Fails(result, "missing", 404, "Prompt nothing with label production was not found");
        Fails(result, "noLabel", 404, "with label not there was not found");
        Fails(result, "noVersion", 404, "with version 9 was not found");
        Fails(result, "unknownVersion", 404, "with version 9 was not found");
        Fails(result, "otherType", 400, "type: earlier versions");
        Fails(result, "badMessage", 400, "prompt[0]: must have a role and a content");
        Fails(result, "badLabel", 400, "labels: may have small letters");
        Fails(result, "latestLabel", 400, "newLabels: latest is always");
        Fails(result, "inside", 400, "prompt: prompts inside prompts");
        Assert.Equal("""[1,"Hello {{who}}",["latest"]]""", result.GetProperty("afterVersion")[0].GetRawText());
        Assert.Equal(404, Number(result.GetProperty("afterVersion")[1], "status"));
        Fails(result, "gone", 404, "was not found");

        void Is(string name, string expected) => Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, result.GetProperty(name)), $"{name}: expected {expected}, got {result.GetProperty(name).GetRawText()}");
    }

    [Fact]
    public void Sessions_are_listed_the_newest_first_and_mistakes_are_told_by_name()
    {
        var result = Result("old");
        Assert.Equal(["old-session-1", "old-session-0"], result.GetProperty("sessions").EnumerateArray().Select(session => Text(session, "id")));
        Assert.Equal("LangfuseNotFoundError", Text(result.GetProperty("missing"), "error"));
        var newest = Result("newest");
        Fails(newest, "badOrder", 400, "orderBy:");
        Fails(newest, "badFilter", 400, "colour: is not answered here");
        Fails(newest, "badType", 400, "type:");
        Fails(newest, "missing", 404, "was not found");
        Fails(newest, "badLimit", 400, "limit: may be at most 100");
        Fails(newest, "badTime", 400, "fromTimestamp: must be an instant");
        Fails(newest, "badColumn", 400, "filter: [0].column 'colour' is none here; known are id, name");
        Fails(newest, "badOperator", 400, "filter: [0].operator 'contains' is none of the type number; known are =, >");
        Fails(newest, "unauthorised", 401, "The Bellwether key is missing");
    }

    [Fact]
    public void Datasets_are_filled_linked_and_run_over_by_both_sdks()
    {
        var old = Result("datasets").GetProperty("old");
        Assert.Equal(("old set/1", "ann", "only words", 1), (Text(old, "made"), Text(old, "owner"), Text(old, "item"), Number(old, "k")));
        Assert.Equal(["""made {"q":1} {"a":2}""", "own id \"only words\" null"], Texts(old, "items"));
        Assert.Equal(["run one"], Texts(old, "runs"));
        Assert.Equal([true, true], old.GetProperty("linked").EnumerateArray().Select(linked => linked.GetBoolean()));

        var newest = Result("datasets").GetProperty("newest");
        Assert.Equal(["new set", "old set/1"], Texts(newest, "listed"));
        Assert.Equal([1, 2], newest.GetProperty("outputs").EnumerateArray().Select(output => output.GetInt32()));
        Assert.Equal(["a/b", "c"], Texts(newest, "ran"));
        Assert.Equal((true, 2), (newest.GetProperty("sameRun").GetBoolean(), Number(newest, "total")));
        Assert.Equal(["Dataset item successfully deleted", "Dataset run successfully deleted"], Texts(newest, "deleted"));
        Fails(newest, "missing", 404, "Dataset nothing was not found");
        Fails(newest, "gone", 404, "Dataset item a/b was not found");
    }

    [Fact]
    public void What_came_by_OpenTelemetry_is_read_by_the_generated_client()
    {
        var result = Result("newest");
        var (traceId, listed) = (Text(result, "traceId")!, Assert.Single(result.GetProperty("listed").EnumerateArray()));
        Assert.Equal((traceId, "named trace", "new-user", "new-session", "staging"), (Text(listed, "id"), Text(listed, "name"), Text(listed, "userId"), Text(listed, "sessionId"), Text(listed, "environment")));
        Assert.Equal(["nightly"], Texts(listed, "tags"));
        Assert.Equal(("Hi", "Hello", "search"), (Text(listed.GetProperty("input"), "question"), Text(listed.GetProperty("output"), "answer"), Text(listed.GetProperty("metadata"), "team")));
        Assert.Equal((3, 3, 0.00045m), (listed.GetProperty("observations").GetArrayLength(), listed.GetProperty("scores").GetArrayLength(), listed.GetProperty("totalCost").GetDecimal()));
        var core = Assert.Single(result.GetProperty("core").EnumerateArray());
        Assert.Equal((0, 0, -1, JsonValueKind.Null), (core.GetProperty("observations").GetArrayLength(), core.GetProperty("scores").GetArrayLength(), core.GetProperty("totalCost").GetInt32(), core.GetProperty("input").ValueKind));
        Assert.Equal((1, 0), (Number(result.GetProperty("staging"), "totalItems"), Number(result.GetProperty("elsewhere"), "totalItems")));

        var steps = result.GetProperty("trace").GetProperty("observations").EnumerateArray().ToDictionary(step => Text(step, "name")!);
        Assert.Equal(["answer", "check", "new chain"], steps.Keys.Order());
        Assert.Equal((null, Text(result, "root"), "GUARDRAIL", "WARNING"), (Text(steps["new chain"], "parentObservationId"), Text(steps["answer"], "parentObservationId"), Text(steps["check"], "type"), Text(steps["check"], "level")));
        Assert.Equal(3, result.GetProperty("v1").GetArrayLength());
        Assert.Equal((Text(result, "call"), "GENERATION", "gpt-4o-mini"), (Text(result.GetProperty("one"), "id"), Text(result.GetProperty("one"), "type"), Text(result.GetProperty("one"), "model")));
        Assert.EndsWith($"/project/default/traces/{traceId}", Text(result, "url"), StringComparison.Ordinal);
        Assert.Equal("default", Text(Assert.Single(result.GetProperty("project").EnumerateArray()), "id"));
        Assert.Equal("OK", Text(result.GetProperty("health"), "status"));
    }

    [Fact]
    public void The_second_version_of_observations_goes_on_behind_a_cursor_and_has_the_fields_that_are_asked_for()
    {
        var result = Result("newest");
        var (page, next) = (result.GetProperty("page"), result.GetProperty("next"));
        Assert.Equal((2, 1), (page.GetProperty("data").GetArrayLength(), next.GetProperty("data").GetArrayLength()));
        Assert.False(next.GetProperty("meta").TryGetProperty("cursor", out _));
        Assert.Equal(
            ["bookmarked", "endTime", "environment", "id", "isRootObservation", "level", "name", "parentObservationId", "projectId", "public", "sessionId", "startTime", "statusMessage", "traceId", "type", "userId", "version"],
            page.GetProperty("data")[0].EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        var call = Assert.Single(result.GetProperty("full").EnumerateArray());
        Assert.Equal("""{"text":"Hello"}""", Text(call, "output"));
        Assert.Equal((1500, 0.00045m), (Number(call.GetProperty("usageDetails"), "total"), call.GetProperty("totalCost").GetDecimal()));
        Assert.Equal(("check", "new chain", "check"), (Joined(result, "warned"), Joined(result, "roots"), Joined(result, "guardrails")));
    }

    [Fact]
    public void Scores_of_spans_traces_and_sessions_are_found_and_name_what_they_are_of()
    {
        var result = Result("newest");
        var scores = result.GetProperty("scores").GetProperty("data").EnumerateArray().ToDictionary(score => Text(score, "name")!);
        Assert.Equal(3, Number(result.GetProperty("scores").GetProperty("meta"), "totalItems"));
        Assert.Equal((Text(result, "call"), Text(result, "traceId"), 0.75, "close"), (Text(scores["accuracy"], "observationId"), Text(scores["accuracy"], "traceId"), scores["accuracy"].GetProperty("value").GetDouble(), Text(scores["accuracy"], "comment")));
        Assert.Equal(("dry", "CATEGORICAL", null), (Text(scores["tone"], "stringValue"), Text(scores["tone"], "dataType"), Text(scores["tone"], "observationId")));
        Assert.Equal(("new-user", "staging"), (Text(scores["tone"].GetProperty("trace"), "userId"), Text(scores["tone"].GetProperty("trace"), "environment")));
        Assert.Equal(("tone", "accuracy right", "accuracy"), (Joined(result, "dry"), Joined(result, "high"), Joined(result, "ofCall")));
        var mood = Assert.Single(result.GetProperty("ofSession").EnumerateArray());
        Assert.Equal(("mood", "new-session", false), (Text(mood, "name"), Text(mood, "sessionId"), mood.TryGetProperty("trace", out _)));
        Assert.Equal(Text(result.GetProperty("scores").GetProperty("data")[0], "name"), Text(result.GetProperty("score"), "name"));
        var third = result.GetProperty("scoresV3").EnumerateArray().ToDictionary(score => Text(score, "name")!);
        Assert.Equal(("observation", Text(result, "call"), "trace", "dry"), (Text(third["accuracy"].GetProperty("subject"), "kind"), Text(third["accuracy"].GetProperty("subject"), "id"), Text(third["tone"].GetProperty("subject"), "kind"), Text(third["tone"], "value")));
        var session = result.GetProperty("session");
        Assert.Equal(("new-session", "staging", Text(result, "traceId")), (Text(session, "id"), Text(session, "environment"), Text(Assert.Single(session.GetProperty("traces").EnumerateArray()), "id")));
        Assert.Contains("new-session", result.GetProperty("sessions").GetProperty("data").EnumerateArray().Select(item => Text(item, "id")));
    }

    private JsonElement Result(string name)
    {
        var result = clients[name];
        Assert.True(result.GetProperty("threw").ValueKind == JsonValueKind.Null, result.GetRawText());
        return result;
    }

    private static void Fails(JsonElement result, string name, int status, string text)
    {
        var failure = result.GetProperty(name);
        Assert.True(failure.ValueKind == JsonValueKind.Object, $"{name} did not fail");
        Assert.Equal(status, Number(failure, "status"));
        Assert.Contains(text, Text(failure, "text")!, StringComparison.Ordinal);
    }

    private static string[] Texts(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    private static string Joined(JsonElement of, string name) => string.Join(' ', Texts(of, name));

    private static long Number(JsonElement of, string name) => of.GetProperty(name).GetInt64();

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var text) ? text.GetString() : null;
}
