using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Bellwether.Primitives;
using Bellwether.Quality;
using Bellwether.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Bellwether.Tests;

/// <summary>Findings of stored calls.</summary>
public sealed class AnswerEnricherTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly IMeterFactory s_meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
    private readonly AnswerEnricher _enricher = new(new AnswerValidators(), Options.Create(new QualityOptions()), s_meters, TimeProvider.System);

    private static TelemetryRecord Call(string answer, string question = "How long does the ferry to Norvik take?", string extra = "", string finish = "stop") => TelemetryRecord.Of(
        new Observation
        {
            Id = Guid.CreateVersion7(s_start), Project = new ProjectId("p"), StartTime = s_start, Kind = ObservationKind.Llm, State = ObservationState.Ok, Operation = "chat", TraceId = "0af7651916cd43dd8448eb211c80319c", FinishReason = finish,
        },
        new ObservationPayload
        {
            Input = Encoding.UTF8.GetBytes($$$"""{"model":"m","messages":[{"role":"user","content":{{{JsonSerializer.Serialize(question)}}}}]{{{extra}}}}"""),
            Output = Encoding.UTF8.GetBytes($$$"""{"choices":[{"message":{"role":"assistant","content":{{{JsonSerializer.Serialize(answer)}}}}}]}"""),
        });

    [Fact]
    public void An_answer_without_fault_leaves_no_finding_and_is_known_to_have_been_checked()
    {
        var record = _enricher.Enrich(Call("The ferry to Norvik takes two hours."));
        Assert.Empty(record.Findings);
        var checks = record.Observation!.Checks;
        Assert.Equal((CheckMark.Pass, CheckMark.Pass, CheckMark.Pass), (CheckMarks.Of(checks, "empty"), CheckMarks.Of(checks, "repetition"), CheckMarks.Of(checks, "refusal")));
        // Nothing to judge by is not a pass.
        Assert.Equal((CheckMark.None, CheckMark.None), (CheckMarks.Of(checks, "schema"), CheckMarks.Of(checks, "groundedness")));
    }

    [Fact]
    public void Every_validator_has_a_mark_of_its_own()
    {
        Assert.Equal(ValidatorNames.All, CheckMarks.Validators);
        var marks = 0L;
        for (var i = 0; i < CheckMarks.Validators.Length; i++) { marks = CheckMarks.With(marks, CheckMarks.Validators[i], (CheckMark)(i % 4)); }
        Assert.Equal(Enumerable.Range(0, CheckMarks.Validators.Length).Select(i => (CheckMark)(i % 4)), CheckMarks.Validators.Select(name => CheckMarks.Of(marks, name)));
        Assert.Equal(CheckMark.None, CheckMarks.Of(marks, "nonsense"));
    }

    [Fact]
    public void A_replay_makes_the_same_findings()
    {
        var record = Call(string.Concat(Enumerable.Repeat("The ferry to Norvik takes two hours and the sea is calm. ", 6)));
        var first = _enricher.Enrich(record);
        var finding = Assert.Single(first.Findings, finding => finding.Name == ValidatorNames.Repetition);
        Assert.Equal(("validator", "fail", record.Observation!.Id, s_start), (finding.Source, finding.Category, finding.ObservationId, finding.Time));
        Assert.InRange(finding.Number!.Value, 0, 0.5);
        Assert.Equal(first.Findings, _enricher.Enrich(record).Findings);
        // A span whose texts came before it by log starts at another time than the record that they came in.
        var span = record.With(record.Observation with { StartTime = s_start.AddSeconds(-2) }, record.Payload);
        Assert.Equal(first.Findings.Select(one => one.Id), _enricher.Enrich(span).Findings.Select(one => one.Id));
    }

    [Fact]
    public void A_refusal_and_a_broken_schema_become_the_error_type_of_a_call_that_has_none()
    {
        var refused = _enricher.Enrich(Call("I'm sorry, but I can't help with that."));
        Assert.Equal(ErrorTypes.SemanticRefusal, refused.Observation!.ErrorType);
        Assert.False(refused.Observation.IsError);
        const string Format = ""","response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object","required":["hours"]}}}""";
        Assert.Equal(ErrorTypes.ValidationSchema, _enricher.Enrich(Call("""{"minutes":120}""", extra: Format)).Observation!.ErrorType);
        var sound = _enricher.Enrich(Call("""{"hours":2}""", extra: Format));
        Assert.Equal("", sound.Observation!.ErrorType);
        // Few calls ask for a schema, so what passes is kept too.
        Assert.Contains(sound.Findings, finding => finding is { Name: "schema", Category: "pass", Number: 1 });
        var failed = Call("I'm sorry, but I can't help with that.");
        failed = failed.With(failed.Observation! with { ErrorType = ErrorTypes.ContentFilter }, failed.Payload);
        Assert.Equal(ErrorTypes.ContentFilter, _enricher.Enrich(failed).Observation!.ErrorType);
    }

    [Fact]
    public void Context_in_the_prompt_or_from_a_tool_is_what_the_answer_must_rest_on()
    {
        const string Prompt = "<context>The ferry to Norvik takes two hours. It leaves at nine in the morning from the harbour of Elsness.</context>\nHow long does the ferry to Norvik take?";
        Assert.Contains(_enricher.Enrich(Call("The ferry to Norvik takes two hours.", Prompt)).Findings, finding => finding is { Name: "groundedness", Category: "pass" });
        var (question, context) = CallUnderTest.Split(Prompt);
        Assert.Equal("How long does the ferry to Norvik take?", question);
        Assert.StartsWith("The ferry", context, StringComparison.Ordinal);
        Assert.Equal(("plain", ""), CallUnderTest.Split("plain"));
    }

    [Theory]
    [InlineData(ObservationKind.Embedding, ObservationState.Ok)]
    [InlineData(ObservationKind.Llm, ObservationState.ProviderError)]
    [InlineData(ObservationKind.Llm, ObservationState.Running)]
    [InlineData(ObservationKind.Tool, ObservationState.Ok)]
    public void What_is_no_finished_answer_is_not_judged(ObservationKind kind, ObservationState state)
    {
        var record = Call("");
        record = record.With(record.Observation! with { Kind = kind, State = state }, record.Payload);
        Assert.Same(record, _enricher.Enrich(record));
    }

    [Fact]
    public void Hostile_bodies_are_stored_as_they_are()
    {
        foreach (var body in new[] { "", "{", "[[[[[[", "{\"choices\":[{\"message\":{\"content\":\"\\ud800\"}}]}", "\u0000\u0001", "{\"choices\":7}" })
        {
            var record = Call("x");
            record = record.With(record.Observation!, record.Payload with { Output = Encoding.UTF8.GetBytes(body) });
            Assert.Equal(record.Observation!.Id, _enricher.Enrich(record).Observation!.Id);
        }
    }
}
