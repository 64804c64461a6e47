using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bellwether.Ingest;

namespace Bellwether.Tests.Ingest;

/// <summary>One thing that cannot be worked with among good ones, in the batch of every dialect.</summary>
public sealed class BatchTests
{
    private const string Good = "01a20991-96d4-7000-8000-0000000000a1";
    private const string Bad = "01a20991-96d4-7000-8000-0000000000a2";

    /// <summary>Values of a member <c>x</c> of the broken one.</summary>
    public static readonly TheoryData<string> Broken = [""" 1,"x":2 """, new string('[', 5_000) + new string(']', 5_000), """ {"a":{"b":1,"b":2}} """];

    /// <summary>Values that look as bad and are repaired.</summary>
    public static readonly TheoryData<string> Repaired = [""" "cut \ud83d" """, " NaN ", " \"\u00ff raw\" "];

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_run_of_LangSmith_is_refused_alone_and_named(string value)
    {
        await using var host = await LangSmithHost.StartAsync();
        using var response = await host.JsonAsync("/runs/batch", $$"""{"post":[{{Run(Bad, value)}},{{Run(Good, "1")}}],"patch":[7]}""");
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;

        Assert.Equal((HttpStatusCode.Accepted, 2), (response.StatusCode, answer.GetProperty("rejected").GetInt32()));
        Assert.StartsWith($"post: the run {Bad} holds a name twice, is nested too deeply, or has more than 2000000 values", answer.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(Good, Assert.Single(host.Intake.Observations).Id.ToString());

        static string Run(string id, string x) => $$"""{"x":{{x}},"id":"{{id}}","trace_id":"{{id}}","name":"r","run_type":"chain","start_time":"2026-11-26T11:59:01Z","end_time":"2026-11-26T11:59:02Z","inputs":{"q":1} }""";
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task An_event_of_Langfuse_is_refused_alone_and_named(string value)
    {
        await using var host = await LangfuseHost.StartAsync();
        var (status, answer) = await host.SendAsync(
            LangfuseHost.Event("span-create", $$"""{"id":"s1","name":"bad","traceId":"t","input":{"x":{{value}} } }""", id: "e-bad"), LangfuseHost.Event("span-create", """{"id":"s2","name":"good","traceId":"t"}""", id: "e-good"));

        Assert.Equal((HttpStatusCode.MultiStatus, "e-good"), (status, Assert.Single(answer.GetProperty("successes").EnumerateArray()).GetProperty("id").GetString()));
        var error = Assert.Single(answer.GetProperty("errors").EnumerateArray());
        Assert.Equal(("e-bad", 400), (error.GetProperty("id").GetString(), error.GetProperty("status").GetInt32()));
        Assert.Contains("holds a name twice", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("good", Assert.Single(host.Intake.Observations).Name);
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task An_event_of_PostHog_and_Mixpanel_is_refused_alone(string value)
    {
        await using var host = await AnalyticsHost.StartAsync();
        var (status, answer) = await host.BatchAsync(
            AnalyticsHost.Event("$ai_generation", $$"""{"$ai_span_name":"bad","x":{{value}} }"""), AnalyticsHost.Event("$ai_generation", """{"$ai_span_name":"good"}"""));
        Assert.Equal((HttpStatusCode.OK, 1), (status, answer.GetProperty("rejected").GetInt32()));
        Assert.Equal("good", Assert.Single(host.Intake.Observations).Name);

        var (imported, said) = await host.PostJsonAsync("/import?strict=1", $"[{Event("bad", value)},{Event("also good", "1")}]");
        Assert.Equal((HttpStatusCode.OK, 1, 0), (imported, said.GetProperty("num_records_imported").GetInt32(), said.GetProperty("failed_records")[0].GetProperty("index").GetInt32()));
        Assert.Equal("also good", host.Intake.Observations.Last().Name);

        static string Event(string name, string x) => $$$"""{"event":"{{{name}}}","properties":{"token":"{{{AnalyticsHost.Key}}}","model":"m","input_tokens":1,"x":{{{x}}} } }""";
    }

    [Fact]
    public async Task A_span_of_OpenTelemetry_that_is_nested_too_deeply_is_refused_alone()
    {
        await using var host = await OtlpHost.StartAsync();
        var json = Encoding.UTF8.GetString(OtlpSpans.Traces(OtlpSpans.Span(), OtlpSpans.Span("eee19b7ec3c1b175", ("deep", "DEEP"))));
        var deep = string.Concat(Enumerable.Repeat("""{"arrayValue":{"values":[""", 5_000)) + string.Concat(Enumerable.Repeat("]}}", 5_000));
        using var response = await host.PostAsync(Encoding.UTF8.GetBytes(json.Replace("""{"stringValue":"DEEP"}""", deep, StringComparison.Ordinal)));
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["partialSuccess"]!;

        Assert.Equal((HttpStatusCode.OK, "1"), (response.StatusCode, answer["rejectedSpans"]!.ToString()));
        Assert.Contains("nested too deeply", answer["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(OtlpSpans.SpanId, Assert.Single(host.Intake.Observations).SpanId);
    }

    [Theory]
    [MemberData(nameof(Repaired))]
    public async Task What_can_be_repaired_is_kept_in_every_dialect(string value)
    {
        // The one byte 0xff is no UTF-8.
        byte[] Bytes(string json) => Encoding.Latin1.GetBytes(json);
        await using var langSmith = await LangSmithHost.StartAsync();
        using var run = await langSmith.SendAsync(HttpMethod.Post, "/runs/batch", new ByteArrayContent(Bytes($$"""{"post":[{"id":"{{Good}}","trace_id":"{{Good}}","name":"r","run_type":"chain","inputs":{"x":{{value}} } }]}""")), "application/json");
        Assert.Equal(HttpStatusCode.Accepted, run.StatusCode);
        Assert.DoesNotContain("rejected", await run.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Single(langSmith.Intake.Observations);

        await using var langfuse = await LangfuseHost.StartAsync();
        var (_, answer) = await langfuse.PostAsync("/api/public/ingestion", new ByteArrayContent(Bytes($$"""{"batch":[{{LangfuseHost.Event("span-create", $$"""{"id":"s2","name":"good","traceId":"t","input":{{value}} }""")}}]}""")));
        Assert.Equal(0, answer.GetProperty("errors").GetArrayLength());

        await using var analytics = await AnalyticsHost.StartAsync();
        var (status, text) = await analytics.PostAsync("/batch/", new ByteArrayContent(Bytes($$"""{"api_key":"{{AnalyticsHost.Key}}","batch":[{{AnalyticsHost.Event("$ai_generation", $$"""{"$ai_input":{{value}} }""")}}]}""")));
        Assert.Equal((HttpStatusCode.OK, """{"status":1}"""), (status, text));
    }

    [Theory]
    [InlineData("[1,2,3]", 3, true)]
    [InlineData("[1,2,3]", 4, false)]
    [InlineData("""[[[]],{"a":"x","b":null}]""", 5, true)]
    [InlineData("""[[[]],{"a":"x","b":null}]""", 6, false)]
    [InlineData("""[",,,,,,,,[[[[[[{{{{{{"]""", 2, false)]
    [InlineData("[1,,,,,,,,,", 2, false)]
    public void Values_are_counted_and_signs_within_texts_are_none(string json, int most, bool more) => Assert.Equal(more, LooseJson.HasMore(Encoding.UTF8.GetBytes(json), most));

    [Fact]
    public void A_value_of_too_many_is_not_made_into_objects()
    {
        var many = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat("1", LooseJson.MostValues + 1))}]");
        Assert.False(LooseJson.TryParse(many, out _));
        Assert.Throws<JsonException>(() => LooseJson.Parse(many));
        // A number that is none, first, hides nothing behind it.
        "NaN,"u8.CopyTo(many.AsSpan(1));
        Assert.False(LooseJson.TryParse(many, out _));
        many.AsSpan(5, 10).Fill((byte)' ');
        Assert.True(LooseJson.TryParse(many, out _));
    }

    [Theory]
    [InlineData("""{"a":1} x""")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("7")]
    [InlineData("")]
    [InlineData("""{"a":""")]
    [InlineData("""{"a":nan}""")]
    public void What_is_no_json_or_names_an_outermost_member_twice_is_no_batch(string json) => Assert.Null(BatchJson.Of(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Items_are_taken_apart_whatever_they_are()
    {
        var batch = BatchJson.Of(""" { "a" : [ 1 ,"]", {"id":"i","b":[1]} , [], null, 2e3 ], "n": null, "t": "x" } """u8.ToArray())!;
        Assert.Equal(["1", "\"]\"", """{"id":"i","b":[1]}""", "[]", null, "2e3"], batch.Items("a").Select(item => item.Json?.ToJsonString()));
        Assert.Equal(["", "", "i", "", "", ""], batch.Items("a").Select(item => item.Id));
        Assert.Equal((true, true, false, "x"), (batch.Has("n"), batch.Says("t"), batch.Says("n"), batch.Get("t")!.GetValue<string>()));
        Assert.Equal(["1", "[2]"], BatchJson.Of(" [1,[2]] "u8.ToArray())!.Items().Select(item => item.Json!.ToJsonString()));
    }

    [Fact]
    public async Task A_request_of_more_runs_than_are_looked_for_at_once_is_too_large_and_one_of_as_many_is_not()
    {
        await using var host = await LangSmithHost.StartAsync();
        string Runs(int count) => $$"""{"patch":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"id":"01a20991-96d4-7000-8000-{{i:x12}}"}"""))}}]}""";
        using var many = await host.JsonAsync("/runs/batch", Runs(RunBatch.MostRuns));
        Assert.Equal((HttpStatusCode.Accepted, RunBatch.MostRuns), (many.StatusCode, host.Intake.Observations.Count()));
        using var more = await host.JsonAsync("/runs/batch", Runs(RunBatch.MostRuns + 1));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, more.StatusCode);
        Assert.False(more.Headers.Contains("Retry-After"));
    }

    [Theory]
    [InlineData("/runs/batch", "post")]
    [InlineData("/api/public/ingestion", "batch")]
    public async Task A_batch_of_more_things_than_any_client_sends_is_too_large(string path, string list)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"{{list}}":[{{string.Join(',', Enumerable.Repeat("1", BatchJson.MostItems + 1))}}]}""");
        if (list == "post")
        {
            await using var langSmith = await LangSmithHost.StartAsync();
            using var response = await langSmith.SendAsync(HttpMethod.Post, path, new ByteArrayContent(body), "application/json");
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
            return;
        }
        await using var langfuse = await LangfuseHost.StartAsync();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await langfuse.PostAsync(path, new ByteArrayContent(body))).Status);
    }
}
