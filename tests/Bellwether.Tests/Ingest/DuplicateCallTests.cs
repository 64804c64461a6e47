using Bellwether.Ingest;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Ingest;

/// <summary>A call that is told twice is counted once.</summary>
public sealed class DuplicateCallTests
{
    private const string ResponseId = "chatcmpl-AbCdEf0123456789";
    private readonly DuplicateCallEnricher _enricher = new();

    private static Observation Call(string surface, string responseId = ResponseId, int minutes = 0, string spanId = "", string parentId = "") => new()
    {
        Id = Guid.CreateVersion7(OtlpSpans.Now), Project = ProjectId.Default, StartTime = OtlpSpans.Now.AddMinutes(minutes), Kind = ObservationKind.Llm, State = ObservationState.Ok,
        Surface = surface, ResponseId = responseId, TraceId = OtlpSpans.TraceId, SpanId = spanId, ParentId = parentId,
        Usage = new Usage { InputTokens = 5, OutputTokens = 2 }, Cost = new Cost(1, 1, "client"),
    };

    private Observation Enrich(Observation observation) => _enricher.Enrich(TelemetryRecord.Of(observation, ObservationPayload.Empty)).Observation!;

    [Fact]
    public void The_span_of_a_call_through_the_gateway_is_a_step_without_usage()
    {
        var call = Enrich(Call("openai"));
        var span = Enrich(Call("otlp", spanId: "aaaaaaaaaaaaaaaa"));
        Assert.True(call.Usage.IsKnown);
        Assert.Equal((ObservationKind.Chain, false, null), (span.Kind, span.Usage.IsKnown, span.Cost));
        Assert.Contains(new("bellwether.duplicate_of", call.Id.ToString()), span.Properties);
        // The same again, as when it is sent twice.
        Assert.Single(Enrich(span with { Kind = ObservationKind.Llm }).Properties);
    }

    [Fact]
    public void A_gateway_call_that_names_the_span_as_its_parent_is_that_spans_call()
    {
        Enrich(Call("openai", responseId: "", parentId: "aaaaaaaaaaaaaaaa"));
        Assert.False(Enrich(Call("otlp", responseId: "", spanId: "aaaaaaaaaaaaaaaa")).IsCall);
        Assert.True(Enrich(Call("otlp", responseId: "", spanId: "bbbbbbbbbbbbbbbb")).IsCall);
    }

    [Fact]
    public void Two_instrumentations_of_one_call_count_once_and_a_later_version_counts_still()
    {
        var first = Call("otlp", spanId: "aaaaaaaaaaaaaaaa");
        Assert.True(Enrich(first).IsCall);
        Assert.True(Enrich(first with { FinishReason = "stop" }).IsCall);
        Assert.False(Enrich(Call("langfuse", spanId: "bbbbbbbbbbbbbbbb")).IsCall);
    }

    [Fact]
    public void An_embedding_with_an_embedding_below_it_is_a_step_and_a_chat_with_one_is_a_call()
    {
        var inner = Call("otlp", "", spanId: "bbbbbbbbbbbbbbbb", parentId: "aaaaaaaaaaaaaaaa") with { Kind = ObservationKind.Embedding };
        Assert.True(Enrich(inner).IsCall);
        Assert.True(Enrich(Call("otlp", "", spanId: "aaaaaaaaaaaaaaaa")).IsCall);
        var outer = Enrich(Call("otlp", "", spanId: "aaaaaaaaaaaaaaaa") with { Kind = ObservationKind.Embedding });
        Assert.Equal((ObservationKind.Chain, false), (outer.Kind, outer.Usage.IsKnown));
        Assert.Contains(new("bellwether.duplicate_of", inner.Id.ToString()), outer.Properties);
        Assert.True(Enrich(Call("otlp", "", spanId: "cccccccccccccccc") with { Kind = ObservationKind.Embedding }).IsCall);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_around_a_call_of_the_same_usage_counts_once_whichever_arrives_first(bool innerFirst)
    {
        var inner = Call("otlp", "", spanId: "bbbbbbbbbbbbbbbb", parentId: "aaaaaaaaaaaaaaaa");
        var outer = Call("otlp", "", spanId: "aaaaaaaaaaaaaaaa");
        var first = Enrich(innerFirst ? inner : outer);
        var second = Enrich(innerFirst ? outer : inner);
        Assert.Equal((true, false, false), (first.IsCall, second.IsCall, second.Usage.IsKnown));
        Assert.Contains(new("bellwether.duplicate_of", first.Id.ToString()), second.Properties);
        // A later version of the one that counts still does.
        Assert.True(Enrich(innerFirst ? inner : outer).IsCall);
    }

    [Fact]
    public void A_call_with_the_sum_of_those_below_it_is_a_step_and_one_with_usage_of_its_own_a_call()
    {
        var below = Call("otlp", "", spanId: "bbbbbbbbbbbbbbbb", parentId: "aaaaaaaaaaaaaaaa");
        Enrich(below);
        // Again, as when it is sent twice.
        Enrich(below);
        Enrich(Call("otlp", "", spanId: "cccccccccccccccc", parentId: "aaaaaaaaaaaaaaaa"));
        var around = Call("otlp", "", spanId: "aaaaaaaaaaaaaaaa");
        Assert.True(Enrich(around with { Id = Guid.CreateVersion7(), Usage = new Usage { InputTokens = 11, OutputTokens = 4 } }).IsCall);
        Assert.False(Enrich(around with { Usage = new Usage { InputTokens = 10, OutputTokens = 4 } }).IsCall);
        Assert.True(Enrich(around with { TraceId = "00000000000000000000000000000001", Usage = new Usage { InputTokens = 10, OutputTokens = 4 } }).IsCall);
    }

    [Fact]
    public void Short_ids_other_projects_and_other_times_are_other_calls()
    {
        Enrich(Call("openai", "chatcmpl-123"));
        Assert.True(Enrich(Call("otlp", "chatcmpl-123")).IsCall);
        Enrich(Call("openai"));
        Assert.True(Enrich(Call("otlp", minutes: 11)).IsCall);
        Assert.True(Enrich(Call("otlp", "chatcmpl-0123456789abcdef") with { Project = new ProjectId("other") }).IsCall);
    }
}
