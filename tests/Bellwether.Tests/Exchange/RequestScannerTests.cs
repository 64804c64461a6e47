using System.Text;
using System.Text.Json;
using Bellwether.Exchange;

namespace Bellwether.Tests.Exchange;

public sealed class RequestScannerTests
{
    private static RequestFacts Scan(string body, Dialect dialect = Dialect.OpenAiChat)
    {
        var scan = RequestScanner.Scan(Encoding.UTF8.GetBytes(body), dialect, out var facts);
        Assert.True(scan.IsOk, scan.Message);
        return facts;
    }

    private static RequestScan Refuse(string body, Dialect dialect = Dialect.OpenAiChat) => Refuse(Encoding.UTF8.GetBytes(body), dialect);

    private static RequestScan Refuse(byte[] body, Dialect dialect = Dialect.OpenAiChat) => RequestScanner.Scan(body, dialect, out _);

    private static string Splice(string body, RequestFacts facts)
    {
        var splice = facts.UsageSplice!.Value;
        var bytes = Encoding.UTF8.GetBytes(body);
        return Encoding.UTF8.GetString([.. bytes[..splice.Offset], .. splice.Bytes.Span, .. bytes[(splice.Offset + splice.Length)..]]);
    }

    [Fact]
    public void A_chat_request_is_read_in_one_pass()
    {
        var facts = Scan("""{"messages":[{"role":"system","content":"Be kind."},{"content":"Hi","role":"user"}],"model":"gpt-4o","stream":true,"user":"u-1","service_tier":"flex","max_completion_tokens":99,"temperature":0.2,"stop":["a"],"tools":[{"type":"function","function":{"name":"f","parameters":{"model":"no"}}}],"stream_options":{"include_usage":true}}""");

        Assert.Equal(("gpt-4o", true, "u-1", "flex", 2, 99), (facts.Model, facts.Stream, facts.User, facts.ServiceTier, facts.MessageCount, facts.MaxTokens));
        Assert.Equal("""{"max_completion_tokens":99,"temperature":0.2,"stop":["a"]}""", facts.Parameters);
        Assert.Equal(16, facts.SystemFingerprint.Length);
        Assert.True(facts.UsageRequested);
        Assert.Null(facts.UsageSplice);
    }

    [Fact]
    public void Other_dialects_say_the_same_in_their_own_words()
    {
        var anthropic = Scan("""{"model":"claude-sonnet-4-5","max_tokens":1024,"system":[{"type":"text","text":"Be kind.","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"Hi"}],"metadata":{"user_id":"u-2"},"stream":true}""", Dialect.AnthropicMessages);
        var responses = Scan("""{"model":"gpt-5","instructions":"Be kind.","input":"Hi","max_output_tokens":7,"safety_identifier":"u-3"}""", Dialect.OpenAiResponses);
        var gemini = Scan("""{"systemInstruction":{"parts":[{"text":"Be kind."}]},"contents":[{"parts":[{"text":"Hi"}]},{"parts":[]}],"generationConfig":{"maxOutputTokens":5,"temperature":1}}""", Dialect.GeminiGenerate);
        var chat = Scan("""{"model":"m","messages":[{"role":"developer","content":[{"type":"text","text":"Be \u006bind."}]}]}""");

        Assert.Equal(("u-2", 1024, 1), (anthropic.User, anthropic.MaxTokens, anthropic.MessageCount));
        Assert.Equal(("u-3", 7, 1), (responses.User, responses.MaxTokens, responses.MessageCount));
        Assert.Equal(("", 5, 2), (gemini.Model, gemini.MaxTokens, gemini.MessageCount));
        Assert.Equal("""{"generationConfig":{"maxOutputTokens":5,"temperature":1}}""", gemini.Parameters);
        // One prompt, one print, however it is written.
        Assert.Single(new HashSet<string> { anthropic.SystemFingerprint, responses.SystemFingerprint, gemini.SystemFingerprint, chat.SystemFingerprint });
        Assert.Null(anthropic.UsageSplice);
    }

    [Theory]
    [InlineData("""{"model":"m","stream":true}""", """{"stream_options":{"include_usage":true},"model":"m","stream":true}""")]
    [InlineData("""{ "stream" : true }""", """{"stream_options":{"include_usage":true}, "stream" : true }""")]
    [InlineData("""{"stream":true,"stream_options":{}}""", """{"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream_options":{"include_obfuscation":false},"stream":true}""", """{"stream_options":{"include_usage":true,"include_obfuscation":false},"stream":true}""")]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":false,"x":1}}""", """{"stream":true,"stream_options":{"include_usage":true,"x":1}}""")]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":null}}""", """{"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream":true,"stream_options":null}""", """{"stream":true,"stream_options":{"include_usage":true}}""")]
    public void Usage_is_asked_for_where_the_caller_did_not(string body, string expected)
    {
        foreach (var mark in new[] { "", "\uFEFF" })
        {
            var facts = Scan(mark + body);
            Assert.False(facts.UsageRequested);
            Assert.Equal(mark + expected, Splice(mark + body, facts));
            Assert.True(Scan(expected).UsageRequested);
        }
    }

    [Theory]
    [InlineData("""{"stream":false}""")]
    [InlineData("""{"model":"m"}""")]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream":true,"stream_options":"yes"}""")]
    public void Nothing_is_spliced_where_it_is_not_needed_or_cannot_help(string body) => Assert.Null(Scan(body).UsageSplice);

    [Theory]
    [InlineData("", RequestProblem.InvalidJson)]
    [InlineData("{", RequestProblem.InvalidJson)]
    [InlineData("{\"model\":\"m\"} x", RequestProblem.InvalidJson)]
    [InlineData("{\"model\":\"m\",}", RequestProblem.InvalidJson)]
    [InlineData("{'model':'m'}", RequestProblem.InvalidJson)]
    [InlineData("{\"a\":\"\0\"}", RequestProblem.InvalidJson)]
    [InlineData("[1", RequestProblem.InvalidJson)]
    [InlineData("[1]", RequestProblem.NotAnObject)]
    [InlineData("null", RequestProblem.NotAnObject)]
    [InlineData("\"model\"", RequestProblem.NotAnObject)]
    [InlineData("""{"model":"a","model":"b"}""", RequestProblem.DuplicateKey)]
    [InlineData("""{"messages":[],"mod\u0065l":"a","model":"b"}""", RequestProblem.DuplicateKey)]
    [InlineData("""{"x":1,"x":1}""", RequestProblem.DuplicateKey)]
    [InlineData("""{"messages":[{"role":"user","content":"a","content":"b"}]}""", RequestProblem.DuplicateKey)]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","t\u0065xt":"a","text":"b"}]}]}""", RequestProblem.DuplicateKey)]
    [InlineData("""{"metadata":{"user_id":"a","user_id":"b"}}""", RequestProblem.DuplicateKey)]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":true,"include_usage":false}}""", RequestProblem.DuplicateKey)]
    [InlineData("""{"tools":[[{"a":{"b":{"c":1,"d":{},"c":2}}}]]}""", RequestProblem.DuplicateKey)]
    [InlineData("""{"model":{"a":1,"a":2}}""", RequestProblem.DuplicateKey)]
    [InlineData("""{"a":{"b":1,"b":2},"c":[}""", RequestProblem.InvalidJson)]
    [InlineData("""{"model":5}""", RequestProblem.WrongType)]
    [InlineData("""{"model":{"a":[1]}}""", RequestProblem.WrongType)]
    [InlineData("""{"stream":"true"}""", RequestProblem.WrongType)]
    [InlineData("""{"a":"\ud800"}""", RequestProblem.InvalidText)]
    [InlineData("""{"a":"\ude00\ud83d"}""", RequestProblem.InvalidText)]
    [InlineData("""{"a":"\ud83dx\ude00"}""", RequestProblem.InvalidText)]
    [InlineData("""{"\ud800":1}""", RequestProblem.InvalidText)]
    [InlineData("""{"model":"\uDFFF"}""", RequestProblem.InvalidText)]
    public void Hostile_bodies_are_named_for_what_they_are(string body, RequestProblem problem)
    {
        foreach (var dialect in new[] { Dialect.OpenAiChat, Dialect.OpenAiResponses, Dialect.AnthropicMessages })
        {
            Assert.Equal(problem, Refuse(body, dialect).Problem);
        }
    }

    [Theory]
    [InlineData("""{"a":"\ud83d\ude00 \\ud800 \\\ud83d\ude00"}""")]
    [InlineData("""{"a":"\\\\ud800"}""")]
    [InlineData("""{"model":null}""", RequestProblem.WrongType)]
    public void Pairs_and_escaped_backslashes_are_fine(string body, RequestProblem problem = RequestProblem.None) =>
        Assert.Equal(problem, Refuse(body).Problem);

    [Theory]
    [InlineData("""{"a":{"b":1,"c":{"b":1}},"b":{"a":1},"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}]}""")]
    [InlineData("""{"a":{"b":{"x":1},"c":2,"d":[{"b":1},{"b":1,"c":{"b":1}}],"e":1},"c":1,"e":2}""")]
    [InlineData("""{"metadata":{"user_id":"a","model":"x"},"model":"m","stream":true,"stream_options":{"model":1,"stream":2}}""")]
    public void A_key_may_stand_in_as_many_objects_as_it_likes(string body)
    {
        foreach (var dialect in new[] { Dialect.OpenAiChat, Dialect.OpenAiResponses, Dialect.AnthropicMessages })
        {
            Assert.Equal(RequestProblem.None, Refuse(body, dialect).Problem);
        }
    }

    [Fact]
    public void A_key_that_stands_twice_is_found_however_many_objects_and_keys_there_are()
    {
        static string Many(int from, int count) => string.Join(',', Enumerable.Range(from, count).Select(i => $"\"k{i}\":{i}"));
        // Sixty objects within each other with thirty keys each, and two with a thousand of the same names.
        var nested = string.Concat(Enumerable.Repeat($"{{{Many(0, 30)},\"in\":", 60));
        var body = $"{{\"a\":{{{Many(0, 1_000)}}},\"b\":{{{Many(0, 1_000)}}},\"n\":{nested}1{new string('}', 60)}}}";

        Assert.Equal(RequestProblem.None, Refuse(body).Problem);
        Assert.Equal(RequestProblem.DuplicateKey, Refuse(body.Replace("\"k999\":999}", "\"k999\":999,\"k998\":1}", StringComparison.Ordinal)).Problem);
        Assert.Equal(RequestProblem.DuplicateKey, Refuse(body.Replace(":1}}", ":1,\"k29\":0}}", StringComparison.Ordinal)).Problem);
        Assert.Equal(RequestProblem.DuplicateKey, Refuse(body[..^1] + ",\"n\":1}").Problem);
    }

    [Fact]
    public void Invalid_utf8_is_refused_wherever_it_stands()
    {
        foreach (byte[] bad in new byte[][] { [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF5, 0x80, 0x80, 0x80] })
        {
            Assert.Equal(RequestProblem.InvalidText, Refuse([.. "{\"a\":\""u8, .. bad, .. "\"}"u8]).Problem);
            Assert.Equal(RequestProblem.InvalidText, Refuse([.. "{\""u8, .. bad, .. "\":1}"u8]).Problem);
        }
    }

    [Fact]
    public void Sixty_four_levels_are_let_through_and_sixty_five_are_not()
    {
        string Nested(int levels) => $$"""{"messages":{{new string('[', levels - 1)}}{{new string(']', levels - 1)}} }""";

        Assert.Equal(RequestProblem.None, Refuse(Nested(64)).Problem);
        Assert.Equal(RequestProblem.TooDeep, Refuse(Nested(65)).Problem);
        Assert.Equal(RequestProblem.TooDeep, Refuse(new string('[', 100_000)).Problem);
        Assert.Equal(RequestProblem.TooDeep, Refuse("{\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", 70))).Problem);
        Assert.Equal(RequestProblem.InvalidJson, Refuse(Nested(64).Replace("[]", "[x]")).Problem);
    }

    [Fact]
    public void Messages_name_no_more_of_the_body_than_the_key()
    {
        var scan = Refuse("{\"s\\u0000<b>é" + new string('k', 500) + "\":\"secret\",\"s\\u0000<b>é" + new string('k', 500) + "\":2}");

        Assert.Equal(RequestProblem.DuplicateKey, scan.Problem);
        Assert.Equal(64, scan.Field!.Length);
        Assert.DoesNotContain(scan.Field, c => c is < ' ' or > '~');
        Assert.DoesNotContain("secret", scan.Message);
        Assert.DoesNotContain("secret", Refuse("{\"a\":secret}").Message);
    }

    [Fact]
    public void A_million_keys_and_a_large_body_take_linear_time()
    {
        var keys = "{" + string.Join(',', Enumerable.Range(0, 300_000).Select(i => $"\"k{i}\":{i}")) + "}";
        Assert.Equal(RequestProblem.None, Refuse(keys).Problem);
        Assert.Equal(RequestProblem.DuplicateKey, Refuse(keys[..^1] + ",\"k299999\":1}").Problem);

        // Ten times the body may not cost a hundred times the work: counted in allocations, since a busy machine has no clock.
        var escapes = string.Concat(Enumerable.Repeat("\\ud83d\\ude00\\n", 300_000));
        Assert.Equal(RequestProblem.None, Refuse($$"""{"model":"m","messages":[{"role":"system","content":"{{escapes}}"}]}""").Problem);
    }

    [Fact]
    public void A_scan_of_a_usual_request_allocates_next_to_nothing()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"model":"gpt-4o","messages":[{"role":"system","content":"{{new string('s', 500)}}"},{"role":"user","content":"{{new string('u', 1500)}}"}],"stream":true,"temperature":0.5}""");
        RequestScanner.Scan(body, Dialect.OpenAiChat, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            RequestScanner.Scan(body, Dialect.OpenAiChat, out _);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 64);
    }

    [Fact]
    public void Users_are_cut_and_never_between_the_halves_of_a_character()
    {
        Assert.Equal(256, Scan($$"""{"user":"{{new string('u', 1000)}}"}""").User.Length);
        var user = Scan($$"""{"user":"{{new string('u', 255)}}😀"}""").User;
        Assert.Equal(255, user.Length);
    }

    [Fact]
    public void Token_arrays_are_one_input_and_text_arrays_as_many_as_they_hold()
    {
        Assert.Equal(1, Scan("""{"input":[1,2,3]}""", Dialect.OpenAiEmbeddings).MessageCount);
        Assert.Equal(2, Scan("""{"input":["a","b"]}""", Dialect.OpenAiEmbeddings).MessageCount);
        Assert.Equal(1, Scan("""{"prompt":"a"}""", Dialect.OpenAiCompletions).MessageCount);
        Assert.Equal(2, Scan("""{"input":[[1,2],[3]]}""", Dialect.OpenAiEmbeddings).MessageCount);
    }

    [Fact]
    public void Parameters_are_valid_json_and_stay_small()
    {
        var facts = Scan($$"""{"temperature":1e0,"stop":"{{new string('x', 200)}}","seed":7,"top_p":null,"response_format":{"type":"json_object"} }""");

        Assert.Equal("""{"temperature":1e0,"seed":7,"response_format":{"type":"json_object"}}""", facts.Parameters);
        JsonDocument.Parse(facts.Parameters).Dispose();
    }
}
