using Bellwether.Telemetry;

namespace Bellwether.Dashboard.Tests;

public sealed class TraceTreeTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_parent_sums_the_calls_below_it_once_even_when_it_is_a_call_that_repeats_them()
    {
        var tree = TraceTree.Of([Step("", "r", ObservationKind.Chain), Step("r", "outer", ObservationKind.Llm), Step("outer", "inner", ObservationKind.Llm)]);
        Assert.Equal(1_000, tree.Totals.Tokens);
        Assert.Equal(0.0026m, tree.Totals.CostUsd);
        Assert.Equal(1, tree.Totals.Calls);
        Assert.Equal(3, tree.Totals.Steps);
    }

    [Fact]
    public void A_second_report_of_a_call_counts_nothing()
    {
        var twice = Step("r", "b", ObservationKind.Llm) with { Properties = [new(TraceTree.DuplicateProperty, Guid.Empty.ToString())] };
        var tree = TraceTree.Of([Step("", "r", ObservationKind.Chain), Step("r", "a", ObservationKind.Llm), twice]);
        Assert.Equal((1, 1_000L), (tree.Totals.Calls, tree.Totals.Tokens));
    }

    [Fact]
    public void A_call_of_the_gateway_stands_below_the_span_that_made_it()
    {
        var call = Step("r", "", ObservationKind.Llm);
        var tree = TraceTree.Of([call, Step("", "r", ObservationKind.Chain)]);
        Assert.Equal(call.Id, tree.Nodes[1].Step.Id);
        Assert.Equal(1, tree.Nodes[1].Depth);
    }

    [Fact]
    public void Steps_without_their_parent_and_circles_stand_at_the_first_level()
    {
        var tree = TraceTree.Of([Step("", "r", ObservationKind.Chain), Step("gone", "x", ObservationKind.Tool), Step("b", "a", ObservationKind.Chain), Step("a", "b", ObservationKind.Chain), Step("self", "self", ObservationKind.Chain)]);
        Assert.Equal(5, tree.Nodes.Length);
        Assert.Equal(3, tree.Orphans);
        Assert.Equal("r", tree.Root!.Step.SpanId);
    }

    [Fact]
    public void A_chain_as_deep_as_it_is_long_is_laid_out()
    {
        var tree = TraceTree.Of(Enumerable.Range(0, 20_000).Select(i => Step(i == 0 ? "" : $"s{i - 1}", $"s{i}", ObservationKind.Chain)));
        Assert.Equal(19_999, tree.Nodes[^1].Depth);
        Assert.Single(tree.Visible(node => node.Index == 0));
    }

    [Fact]
    public void A_clock_that_is_wrong_and_a_length_that_is_none_do_not_squeeze_the_others()
    {
        var steps = Enumerable.Range(0, 9).Select(i => Step("", $"s{i}", ObservationKind.Chain)).ToList();
        steps[3] = steps[3] with { StartTime = At.AddYears(-1) };
        steps[4] = steps[4] with { Timings = new() { TotalMs = double.NaN } };
        Assert.Equal((At, TimeSpan.FromMilliseconds(10)), (TraceTree.Of(steps).Start, TraceTree.Of(steps).Length));
        steps[5] = steps[5] with { Timings = new() { TotalMs = 1e300 } };
        Assert.Equal(TimeSpan.FromDays(7), TraceTree.Of(steps).Length);
    }

    [Theory]
    [InlineData("""{"retrieval.documents.0.document.content":"one","retrieval.documents.0.document.score":0.5,"retrieval.documents.1.document.content":"two"}""")]
    [InlineData("""{"retrieval.documents":[{"document.content":"one","document.score":0.5},{"document.content":"two"}]}""")]
    [InlineData("""{"retrieval":{"documents":[{"document":{"content":"one","score":0.5}},{"document":{"content":"two"}}]}}""")]
    public void Documents_of_OpenInference_are_read(string attributes) => AssertDocuments(new() { Attributes = System.Text.Encoding.UTF8.GetBytes(attributes) });

    [Theory]
    [InlineData("""{"documents":[{"page_content":"one","metadata":{"score":0.5}},{"page_content":"two"}]}""")]
    [InlineData("""[{"kwargs":{"page_content":"one","metadata":{}},"score":0.5},{"pageContent":"two"}]""")]
    [InlineData("""{"output":{"documents":[{"content":"one","score":"0.5"},{"text":"two"}]}}""")]
    public void Documents_of_LangChain_are_read(string output) => AssertDocuments(new() { Output = System.Text.Encoding.UTF8.GetBytes(output) });

    [Theory, InlineData("{\"documents\":[1,null,{}]}"), InlineData("{\"documents\":\"[\"}"), InlineData("[[["), InlineData("7"), InlineData("{\"retrieval.documents.99999999999.document.content\":\"x\"}")]
    public void What_is_no_document_is_none(string body)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(body);
        Assert.Empty(DocumentReader.Read(new() { Attributes = bytes, Output = bytes }));
    }

    private static void AssertDocuments(ObservationPayload payload)
    {
        var documents = DocumentReader.Read(payload);
        Assert.Equal(["one", "two"], documents.Select(document => document.Content));
        Assert.Equal(0.5, documents[0].Score);
        Assert.Null(documents[1].Score);
    }

    private static Observation Step(string parent, string span, ObservationKind kind) => TracesServer.Step("t", parent, span, At, kind, "step-" + parent + span, 10);
}
