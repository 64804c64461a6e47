using System.Text;
using Bellwether.Exchange;
using Bellwether.Guardrails;

namespace Bellwether.Tests.Guardrails;

/// <summary>Who says what in a request, in every dialect.</summary>
public sealed class PromptReaderTests
{
    [Theory]
    [InlineData(Dialect.OpenAiChat, """{"model":"m","messages":[{"role":"system","content":"be nice"},{"role":"user","content":"hi"},{"role":"assistant","content":"yes"},{"role":"tool","tool_call_id":"c","content":"42"}]}""",
        "System:be nice|User:hi|Assistant:yes|Document:42")]
    [InlineData(Dialect.OpenAiChat, """{"messages":[{"content":"behind","role":"developer"},{"role":"user","name":"x","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"text":"again","type":"text"}]}]}""",
        "System:behind|User:look+again")]
    [InlineData(Dialect.OpenAiChat, """{"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"mail","arguments":"{\"to\":\"a\"}"}}]}],"tools":[{"type":"function","function":{"name":"mail","description":"Sends mail","parameters":{"properties":{"to":{"type":"string","description":"who"}}}}}]}""",
        "Assistant:{\"to\":\"a\"}|Tools:Sends mail+who")]
    [InlineData(Dialect.OpenAiChat, """{"messages":[{"r\u006fle":"system","content":"escaped"},{"role":"user","content":"caf\u00e9 \"q\""}]}""", "System:escaped|User:café \"q\"")]
    [InlineData(Dialect.OpenAiCompletions, """{"prompt":["one","two"],"suffix":"end"}""", "User:one|User:two|User:end")]
    [InlineData(Dialect.OpenAiCompletions, """{"prompt":[[1,2],[3]]}""", "")]
    [InlineData(Dialect.OpenAiResponses, """{"instructions":"rules","input":"ask"}""", "System:rules|User:ask")]
    [InlineData(Dialect.OpenAiResponses, """{"input":[{"role":"developer","content":"d"},{"type":"message","role":"user","content":[{"type":"input_text","text":"u"}]},{"type":"function_call_output","call_id":"c","output":"o"},{"type":"function_call","name":"f","arguments":"{}"},{"role":"assistant","content":[{"type":"output_text","text":"a"}]}]}""",
        "System:d|User:u|Document:o|Assistant:{}|Assistant:a")]
    [InlineData(Dialect.AnthropicMessages, """{"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","text":"u"},{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"r"}]},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"plain words"}},{"type":"text","text":"v"}]}]}""",
        "System:s|User:u|Document:r+plain words|User:v")]
    [InlineData(Dialect.AnthropicMessages, """{"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"n","input":{"ssn":536904399,"city":"Oslo"}}]},{"role":"user","content":[{"content":"late","type":"tool_result"}]}]}""",
        "Assistant:ssn+536904399+city+Oslo|Document:late")]
    [InlineData(Dialect.GeminiGenerate, """{"systemInstruction":{"parts":[{"text":"s"}]},"contents":[{"role":"user","parts":[{"text":"u"},{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggiVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"}}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{"q":"x"}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"text":"r"}}}]}]}""",
        "System:s|User:u|Assistant:q+x|Document:text+r")]
    [InlineData(Dialect.GeminiGenerate, """{"contents":{"parts":{"text":"alone"}}}""", "User:alone")]
    [InlineData(Dialect.OpenAiEmbeddings, """{"input":["a","b"]}""", "Data:a+b")]
    [InlineData(Dialect.OpenAiModerations, """{"input":"a"}""", "Data:a")]
    [InlineData(Dialect.GeminiEmbed, """{"content":{"parts":[{"text":"a"}]}}""", "Data:a")]
    [InlineData(Dialect.OpenAiChat, """{"messages":[{"role":"user","content":"a","unheard_of":{"of":["b"]}}]}""", "User:a+b")]
    [InlineData(Dialect.OpenAiChat, """{"messages":"not a list"}""", "User:not a list")]
    [InlineData(Dialect.OpenAiChat, """{"messages":[1,null,"x",[],{}]}""", "User:x")]
    [InlineData(Dialect.OpenAiChat, """{}""", "")]
    public void Every_text_is_found_with_its_speaker(Dialect dialect, string body, string expected)
    {
        Assert.True(RequestScanner.Scan(Encoding.UTF8.GetBytes(body), dialect, out _).IsOk);
        Assert.Equal(expected, Read(body, dialect));
        Assert.Equal(expected, Read("\uFEFF" + body, dialect));
    }

    [Fact]
    public void Text_beyond_the_budget_is_counted_and_not_taken()
    {
        var reader = new PromptReader();
        reader.Read(Encoding.UTF8.GetBytes("""{"messages":[{"role":"user","content":"0123456789"},{"role":"user","content":"0123456789"}]}"""), Dialect.OpenAiChat, 30);
        Assert.Equal((1, 10), (reader.Units.Length, reader.Unread));
    }

    [Fact]
    public void A_million_empty_texts_are_a_large_text()
    {
        var reader = new PromptReader();
        reader.Read(Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":[{{string.Join(',', Enumerable.Repeat("\"a\"", 200_000))}}]}]}"""), Dialect.OpenAiChat, 1024 * 1024);
        Assert.True(reader.Unread > 0);
        Assert.InRange(reader.PartsOf(reader.Units[0]).Length, 1, 70_000);
    }

    private static string Read(string body, Dialect dialect)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var reader = new PromptReader();
        reader.Read(bytes, dialect, 1_000_000);
        var units = new List<string>();
        foreach (var unit in reader.Units)
        {
            var text = TextJudge.Decode(bytes, reader.PartsOf(unit), unit.Bytes);
            var parts = new List<string>();
            foreach (var part in text.Parts)
            {
                parts.Add(text.Text[part.Start..part.End].ToString());
            }
            units.Add($"{unit.Origin}:{string.Join('+', parts)}");
        }
        Assert.Equal(0, reader.Unread);
        return string.Join('|', units);
    }
}
