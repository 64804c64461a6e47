using System.Text;
using Bellwether.Telemetry;
using CsCheck;
using Xunit;

namespace Bellwether.Tests.Telemetry;

public sealed class TranscriptReaderTests
{
    [Theory]
    [InlineData(
        """{"model":"gpt-4o","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image_url","image_url":{"url":"https://evil.example/x.png?d=1","detail":"low"}}]},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"4 degrees"}],"tools":[{"type":"function","function":{"name":"weather","description":"says it","parameters":{"type":"object"}}}]}""",
        """{"choices":[{"message":{"role":"assistant","content":"Cold.","reasoning_content":"hm"},"finish_reason":"stop"}]}""",
        "system[Text:Be kind.] user[Text:Look|Media:image, low, https://evil.example/x.png?d=1] assistant[ToolCall:weather#c1 {\"city\":\"Oslo\"}] tool[ToolResult:#c1 4 degrees] assistant*[Reasoning:hm|Text:Cold.] tools(weather)")]
    [InlineData(
        """{"model":"claude","system":[{"type":"text","text":"S"}],"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{"a":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"ok"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}],"tools":[{"name":"f","input_schema":{}}]}""",
        """{"type":"message","role":"assistant","content":[{"type":"thinking","thinking":"so"},{"type":"text","text":"Done"}]}""",
        "system[Text:S] user[Text:Hi] assistant[ToolCall:f#t1 {\"a\":1}] tool[ToolResult:#t1 ok\n[image, image/png, 3 bytes]] assistant*[Reasoning:so|Text:Done] tools(f)")]
    [InlineData(
        """{"model":"gpt","instructions":"I","input":[{"role":"user","content":[{"type":"input_text","text":"Q"}]},{"type":"function_call","call_id":"c","name":"g","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"7"}]}""",
        """{"output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"why"}]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"A"}]}]}""",
        "system[Text:I] user[Text:Q] assistant[ToolCall:g#c {}] tool[ToolResult:#c 7] assistant*[Reasoning:why] assistant*[Text:A]")]
    [InlineData(
        """{"systemInstruction":{"parts":[{"text":"S"}]},"contents":[{"role":"user","parts":[{"text":"Q"},{"inlineData":{"mimeType":"image/jpeg","data":"AAAAAAAA"}}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{"x":1}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"y":2}}}]}],"tools":[{"functionDeclarations":[{"name":"f"}]}]}""",
        """{"candidates":[{"content":{"role":"model","parts":[{"text":"think","thought":true},{"text":"A"}]}}]}""",
        "system[Text:S] user[Text:Q|Media:data, image/jpeg, 6 bytes] assistant[ToolCall:f# {\"x\":1}] tool[ToolResult:f# {\"y\":2}] assistant*[Reasoning:think|Text:A] tools(f)")]
    [InlineData("""{"model":"e","input":["one","two"]}""", """{"data":[{"embedding":[1,2,3]},{"embedding":[1,2,3]}]}""", "user[Text:one|Text:two] assistant*[Text:2 embeddings of 3 dimensions]")]
    [InlineData("""{"prompt":"Once"}""", """{"choices":[{"text":" upon","index":0}]}""", "user[Text:Once] assistant*[Text: upon]")]
    [InlineData("""{"messages":[{"role":"user","content":"Q"}]}""", """{"text":"A","reasoning":"R","tool_calls":[{"id":"c","name":"f","arguments":"{}"}],"refusal":"no"}""", "user[Text:Q] assistant*[Reasoning:R|Text:A|Refusal:no|ToolCall:f#c {}]")]
    [InlineData("""{"messages":[{"role":"user","content":"Q"}]}""", """{"error":{"message":"Too much","type":"x"}}""", "user[Text:Q] error*[Text:Too much]")]
    public void Each_family_reads_as_the_same_conversation(string input, string output, string expected) =>
        Assert.Equal(expected, Show(Read(input, output)));

    [Theory]
    [InlineData("""{"choices":[{"index":0,"message":{"role":"assistant","content":"A"}},{"index":1,"message":{"role":"assistant","content":""}},{"index":2,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]}}]}""", "1[Text:A] 2[] 3[ToolCall:f#c {}]")]
    [InlineData("""{"choices":[{"text":"A","index":0},{"text":"B","index":1}]}""", "1[Text:A] 2[Text:B]")]
    [InlineData("""{"text":"A","alternatives":[{"text":"B"},{"reasoning":"R","text":"C"}]}""", "1[Text:A] 2[Text:B] 3[Reasoning:R|Text:C]")]
    [InlineData("""{"alternatives":[{"text":"B"}]}""", "1[] 2[Text:B]")]
    [InlineData("""{"candidates":[{"content":{"role":"model","parts":[{"text":"A"}]}},{"finishReason":"SAFETY"}]}""", "1[Text:A] 2[]")]
    [InlineData("""{"choices":[{"message":{"role":"assistant","content":"A"}}]}""", "0[Text:A]")]
    public void Each_of_several_answers_keeps_its_number(string output, string expected)
    {
        var read = Read("""{"prompt":"Q"}""", output);
        Assert.Equal(expected, string.Join(' ', read.Messages.Where(message => message.IsAnswer).Select(message => $"{message.Choice}[{string.Join('|', message.Parts.Select(Show))}]")));
        Assert.Equal(read.Messages.Count(message => message.Choice > 0), read.Choices);
    }

    [Fact]
    public void A_body_that_was_cut_shows_what_is_there()
    {
        var read = TranscriptReader.Read(new() { Input = Encoding.UTF8.GetBytes("""{"messages":[{"role":"user","content":"Once upon a t\u00"""), InputTruncated = true });

        Assert.Equal("user[Text:Once upon a t]", Show(read));
        Assert.True(read.IsPartial);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_shown_as_it_is_written() =>
        Assert.Equal("""user[Text:a\ud800b]""", Show(Read("""{"messages":[{"role":"user","content":"a\ud800b"}]}""", "")));

    [Fact]
    public void No_body_whatever_it_holds_throws()
    {
        var seed = """{"messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"tool_use","input":1},null,[[]]]},3,"s",{"content":{"parts":7}}],"system":{"a":1},"tools":[1,{"function":3}],"input":{"type":"reasoning","summary":[4]},"choices":[1,{"message":null}],"output":[[{}]],"data":[3],"error":[]}""";
        Gen.Select(Gen.Int[0, seed.Length], Gen.Int[0, seed.Length - 1], Gen.Char["{}[]\",:x1\\"]).Sample((cut, at, with) =>
        {
            var text = (seed[..at] + with + seed[(at + 1)..])[..cut];
            var body = Encoding.UTF8.GetBytes(text);
            _ = TranscriptReader.Read(new() { Input = body, Output = body });
        });
    }

    private static Transcript Read(string input, string output) =>
        TranscriptReader.Read(new() { Input = Encoding.UTF8.GetBytes(input), Output = Encoding.UTF8.GetBytes(output) });

    private static string Show(Transcript transcript) =>
        string.Join(' ', transcript.Messages.Select(message =>
            $"{message.Role}{(message.IsAnswer ? "*" : "")}[{string.Join('|', message.Parts.Select(Show))}]"))
        + (transcript.Tools.IsEmpty ? "" : $" tools({string.Join(',', transcript.Tools.Select(tool => tool.Name))})");

    private static string Show(TranscriptPart part) => part.Kind is TranscriptPartKind.ToolCall or TranscriptPartKind.ToolResult
        ? $"{part.Kind}:{part.Name}#{part.CallId} {part.Text}" : $"{part.Kind}:{part.Text}";
}
