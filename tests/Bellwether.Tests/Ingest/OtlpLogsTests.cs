using System.Net;
using System.Text.Json.Nodes;
using Bellwether.Identity;
using Bellwether.Ingest;
using Bellwether.Primitives;
using Bellwether.Telemetry;
using static Bellwether.Tests.Ingest.OtlpSpans;

namespace Bellwether.Tests.Ingest;

/// <summary>Log records that belong to calls: their texts, their messages, what evaluators say of them; in either order with the spans.</summary>
public sealed class OtlpLogsTests : IAsyncLifetime
{
    private OtlpHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await OtlpHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static byte[] CallSpan => Traces(Span(SpanId, ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o"), ("gen_ai.usage.input_tokens", 7), ("gen_ai.usage.output_tokens", 3)));

    private static JsonObject Log(string name, object? body = null, params (string Key, object Value)[] attributes)
    {
        var record = new JsonObject
        {
            ["timeUnixNano"] = Nanoseconds(Now.AddMinutes(-1)), ["traceId"] = TraceId, ["spanId"] = SpanId, ["eventName"] = name, ["attributes"] = Attributes(attributes),
        };
        if (body is not null)
        {
            record["body"] = Value(body);
        }
        return record;
    }

    private static byte[] Details => Logs(Log(
        "gen_ai.client.inference.operation.details", null, ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o"),
        ("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]"""), ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]""")));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Texts_that_come_by_log_join_their_span_in_either_order(bool spanFirst)
    {
        var (first, second) = spanFirst ? (CallSpan, Details) : (Details, CallSpan);
        (await _host.PostAsync(first, path: spanFirst ? "/v1/traces" : "/v1/logs")).Dispose();
        (await _host.PostAsync(second, path: spanFirst ? "/v1/logs" : "/v1/traces")).Dispose();
        Assert.Single(_host.Intake.Observations.Select(observation => observation.Id).Distinct());
        var last = _host.Intake.Records[^1];
        Assert.Equal("""{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}""", Input(last));
        Assert.Equal("""{"text":"Hello"}""", Output(last));
        Assert.Equal((7, 3, "a step", 1000), (last.Observation!.Usage.InputTokens, last.Observation.Usage.OutputTokens, last.Observation.Name, last.Observation.Timings.TotalMs));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Texts_and_their_span_that_arrive_in_the_same_instant_become_one_call(bool spanFirst)
    {
        var hold = _host.Intake.Hold = new TaskCompletionSource();
        // The first is on its way into the journal, where nobody can find it yet, when the second comes.
        var first = ReceiveAsync(spanFirst);
        var second = ReceiveAsync(!spanFirst);
        Assert.False(first.IsCompleted || second.IsCompleted);
        hold.SetResult();
        Assert.Equal((OtlpOutcome.Ok, OtlpOutcome.Ok), (await first, await second));

        Assert.Single(_host.Intake.Observations.Select(observation => observation.Id).Distinct());
        var last = _host.Intake.Records[^1];
        Assert.Equal("""{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}""", Input(last));
        Assert.Equal("""{"text":"Hello"}""", Output(last));
        Assert.Equal((7, "a step", 1000), (last.Observation!.Usage.InputTokens, last.Observation.Name, last.Observation.Timings.TotalMs));
    }

    [Fact]
    public async Task Who_left_texts_with_a_request_that_is_refused_is_refused_too()
    {
        var hold = _host.Intake.Hold = new TaskCompletionSource();
        var span = ReceiveAsync(isSpan: true);
        var texts = ReceiveAsync(isSpan: false);
        _host.Intake.FullAtAppend = true;
        hold.SetResult();
        Assert.True((await span).IsRefused);
        Assert.True((await texts).IsRefused);
        // Sent again, both are there.
        _host.Intake.FullAtAppend = false;
        Assert.Equal((OtlpOutcome.Ok, OtlpOutcome.Ok), (await ReceiveAsync(isSpan: false), await ReceiveAsync(isSpan: true)));
        Assert.Equal("""{"text":"Hello"}""", Output(_host.Intake.Records[^1]));
    }

    private Task<OtlpOutcome> ReceiveAsync(bool isSpan)
    {
        var (signal, schema, json) = isSpan ? (OtlpSignal.Traces, OtlpSchema.Traces, CallSpan) : (OtlpSignal.Logs, OtlpSchema.Logs, Details);
        var sender = new OtlpSender(new ApiKey { Id = "key", Name = "sdk", Project = ProjectId.Default, Role = Role.Editor }, "otlp", Now, TimeSpan.FromDays(90));
        return _host.Receiver.ReceiveAsync(signal, sender, OtlpJson.ToProtobuf(json, schema, OtlpHost.MaxBodyBytes).Message, TestContext.Current.CancellationToken).AsTask();
    }

    [Fact]
    public async Task Messages_that_are_records_of_their_own_become_one_chat()
    {
        (await _host.PostAsync(CallSpan)).Dispose();
        using var response = await _host.PostAsync(
            Logs(
                Log("gen_ai.system.message", new (string, object)[] { ("content", "Be kind.") }, ("gen_ai.system", "openai")),
                Log("gen_ai.user.message", new (string, object)[] { ("content", "Hi"), ("role", "user") }),
                Log("gen_ai.choice", new (string, object)[] { ("index", 0), ("finish_reason", "stop"), ("message", new (string, object)[] { ("role", "assistant"), ("content", "Hello") }) })),
            path: "/v1/logs");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, _host.Intake.Records.Count);
        var last = _host.Intake.Records[^1];
        Assert.Equal("""{"model":"","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"}]}""".Replace("\"model\":\"\",", "", StringComparison.Ordinal), Input(last));
        Assert.Equal("""{"text":"Hello"}""", Output(last));
        Assert.Equal((7, "gpt-4o", "stop", ObservationKind.Llm), (last.Observation!.Usage.InputTokens, last.Observation.Model, last.Observation.FinishReason, last.Observation.Kind));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_an_evaluator_says_becomes_an_annotation_of_the_step(bool asSpanEvent)
    {
        (string, object)[] result =
        [
            ("gen_ai.evaluation.name", "Relevance"), ("gen_ai.evaluation.score.value", 0.75), ("gen_ai.evaluation.score.label", "good"), ("gen_ai.evaluation.explanation", "It fits."),
        ];
        if (asSpanEvent)
        {
            var span = Span(SpanId, ("gen_ai.operation.name", "chat"));
            span["events"] = new JsonArray(Event("gen_ai.evaluation.result", result));
            (await _host.PostAsync(Traces(span))).Dispose();
        }
        else
        {
            (await _host.PostAsync(CallSpan)).Dispose();
            (await _host.PostAsync(Logs(Log("gen_ai.evaluation.result", null, result)), path: "/v1/logs")).Dispose();
            (await _host.PostAsync(Logs(Log("gen_ai.evaluation.result", null, result)), path: "/v1/logs")).Dispose();
        }
        var said = _host.Intake.Records.Where(record => record.Annotation is not null).Select(record => record.Annotation!).ToArray();
        var annotation = Assert.Single(said.Distinct());
        Assert.Equal(("Relevance", 0.75, "good", "It fits.", "evaluator", TraceId), (annotation.Name, annotation.Number, annotation.Category, annotation.Text, annotation.Source, annotation.TraceId));
        Assert.Equal(_host.Intake.Observations.First().Id, annotation.ObservationId);
    }

    [Fact]
    public async Task An_evaluation_with_a_nonsense_time_is_taken_at_its_arrival()
    {
        var log = Log("gen_ai.evaluation.result", null, ("gen_ai.evaluation.name", "x"), ("gen_ai.evaluation.score.value", 1.0));
        log["timeUnixNano"] = "18446744073709551615";
        using var response = await _host.PostAsync(Logs(log), path: "/v1/logs");
        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
        Assert.Equal(Now, Assert.Single(_host.Intake.Records).Annotation!.Time);
    }

    [Fact]
    public async Task Other_records_are_acknowledged_and_a_broken_one_is_rejected_alone()
    {
        var broken = Log("gen_ai.user.message");
        broken["attributes"] = new JsonArray(new JsonObject { ["key"] = 5 });
        using var response = await _host.PostAsync(Logs(Log("app.started", "hello"), broken, Log("gen_ai.user.message", new (string, object)[] { ("content", "Hi") })), path: "/v1/logs");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(_host.Intake.Observations);
    }
}
