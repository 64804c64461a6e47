using System.Text;
using Bellwether.Primitives;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Telemetry;

public sealed class TextEnricherTests
{
    private static TelemetryRecord Record(string input, string output, bool assembled = false, ObservationState state = ObservationState.Ok,
        Usage? usage = null, string operation = "chat", ObservationKind kind = ObservationKind.Llm) =>
        TelemetryRecord.Of(
            new Observation
            {
                Id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Project = ProjectId.Default, StartTime = DateTimeOffset.UnixEpoch,
                Kind = kind, State = state, Operation = operation, MessageCount = 1, Usage = usage ?? Usage.None,
            },
            new ObservationPayload { Input = Encoding.UTF8.GetBytes(input), Output = Encoding.UTF8.GetBytes(output), OutputAssembled = assembled });

    private static string Search(string input, string output = "") => Encoding.UTF8.GetString(SearchText.Of(Record(input, output).Payload));

    [Theory]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":[{"type":"text","text":"Gr\u00fc\u00dfe"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}],"tools":[{"type":"function","function":{"name":"f","description":"schema text"}}]}""", "be kind.\ngrüße")]
    [InlineData("""{"model":"c","system":[{"type":"text","text":"S"}],"messages":[{"role":"user","content":"U"},{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"weather","input":{"city":"Bern","days":2}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"sunny"},{"type":"image","source":{"type":"base64","data":"AAAA"}}]}]}""", "s\nu\nweather\nbern\nsunny")]
    [InlineData("""{"model":"g","instructions":"I","input":[{"role":"user","content":[{"type":"input_text","text":"Q"}]},{"type":"function_call_output","call_id":"c","output":"42"}]}""", "i\nq\n42")]
    [InlineData("""{"systemInstruction":{"parts":[{"text":"S"}]},"contents":[{"role":"user","parts":[{"text":"Q"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}},{"functionResponse":{"name":"f","response":{"result":"R"}}}]}]}""", "s\nq\nf\nr")]
    [InlineData("""{"model":"e","input":["one","two"]}""", "one\ntwo")]
    [InlineData("""{"model":"e","prompt":"once"}""", "once")]
    public void The_search_text_is_what_people_and_models_said(string input, string expected) => Assert.Equal(expected, Search(input));

    [Theory]
    [InlineData("""{"question":"How COLD?","k":[1,2,{"page_content":"Ice"}]}""", """{"answer":"yes","metadata":{"source":"a.pdf"}}""", "how cold?\nice\nyes\na.pdf")]
    [InlineData("Why is it COLD?", "Because.", "why is it cold?\nbecause.")]
    [InlineData("\"COLD\"", "7", "\"cold\"\n7")]
    [InlineData("""{"a":"cut o""", "", "cut o")]
    public void Of_a_step_that_is_no_call_every_text_is_searchable(string input, string output, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(SearchText.Of(Record(input, output, kind: ObservationKind.Chain).Payload, isCall: false)));

    [Fact]
    public void Prompt_and_answer_are_both_searchable() =>
        Assert.Equal("q\na\nhm\nf\n{\"city\":\"bern\"}", Search(
            """{"messages":[{"role":"user","content":"Q"}]}""",
            """{"text":"A","reasoning":"hm","tool_calls":[{"id":"c","name":"f","arguments":"{\"city\":\"Bern\"}"}]}"""));

    [Theory]
    [InlineData("""{"messages":[{"content":"whole"},{"content":"cut he""", "whole\ncut he")]
    [InlineData("""{"content":"a","content":"\ud800","text":"b"}""", "a\n\nb")]
    [InlineData("""{"content":"a"} trailing""", "a")]
    [InlineData("not json", "")]
    [InlineData("[[[[", "")]
    public void Cut_and_broken_bodies_give_what_can_be_read(string input, string expected) => Assert.Equal(expected, Search(input));

    [Fact]
    public void The_search_text_is_bounded() =>
        Assert.InRange(Search($$"""{"content":"{{new string('x', 1_000_000)}}","text":"more"}""").Length, 1, SearchText.MaxBytes);

    [Fact]
    public void A_provider_without_usage_gets_an_estimate_that_is_marked()
    {
        var usage = Estimate(Record("""{"messages":[{"role":"user","content":"The quick brown fox jumps over the lazy dog."}]}""", """{"choices":[{"message":{"content":"Indeed it does."}}]}"""));

        // o200k counts 10 and 4; 4 more for the message and 3 for the request.
        Assert.Equal((17, 4, true), (usage.InputTokens, usage.OutputTokens, usage.Estimated));
    }

    [Fact]
    public void What_the_provider_counted_is_not_touched()
    {
        var counted = new Usage { InputTokens = 5, OutputTokens = 6 };

        Assert.Same(counted, Estimate(Record("""{"prompt":"x"}""", """{"text":"y"}""", assembled: true, usage: counted)));
    }

    [Theory]
    [InlineData(ObservationState.Refused, "chat")]
    [InlineData(ObservationState.ProviderError, "chat")]
    [InlineData(ObservationState.Ok, "count_tokens")]
    [InlineData(ObservationState.Ok, "moderations")]
    public void What_was_not_charged_is_not_estimated(ObservationState state, string operation) =>
        Assert.False(Estimate(Record("""{"prompt":"x"}""", "", state: state, operation: operation)).IsKnown);

    [Fact]
    public void A_stream_that_its_reader_left_counts_what_had_come()
    {
        var before = new Usage { InputTokens = 100, OutputTokens = 1 };
        var usage = Estimate(Record("{}", """{"text":"one two three four five six"}""", assembled: true, state: ObservationState.ClientDisconnect, usage: before));

        Assert.Equal((100, 6, true), (usage.InputTokens, usage.OutputTokens, usage.Estimated));
    }

    [Fact]
    public void Input_that_came_as_token_ids_is_counted_exactly() =>
        Assert.Equal(4, Estimate(Record("""{"model":"e","input":[[1,2,3],[4]]}""", """{"data":[{"embedding":[0.1,0.2]}]}""", kind: ObservationKind.Embedding, operation: "embeddings")).InputTokens);

    [Fact]
    public void Long_texts_are_sampled_and_scaled()
    {
        var words = string.Concat(Enumerable.Repeat("word ", 100_000));
        var usage = Estimate(Record($$"""{"prompt":"{{words}}"}""", ""));

        Assert.InRange(usage.InputTokens!.Value, 90_000, 110_000);
    }

    [Fact]
    public void A_replay_gives_the_same_estimate()
    {
        var record = Record("""{"prompt":"Same again, please"}""", """{"text":"of course"}""", assembled: true);

        Assert.Equal(Estimate(record), Estimate(record));
    }

    private static Usage Estimate(TelemetryRecord record) => new UsageEstimateEnricher().Enrich(record).Observation!.Usage;
}
