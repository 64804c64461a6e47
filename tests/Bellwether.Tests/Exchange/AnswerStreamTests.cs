using System.Buffers;
using System.Text;
using Bellwether.Exchange;

namespace Bellwether.Tests.Exchange;

public sealed class AnswerStreamTests
{
    [Fact]
    public void A_chat_stream_is_read_whole()
    {
        var (facts, passed) = Answers.Stream(Dialect.OpenAiChat, RecordedStreams.Chat);

        Assert.Equal(RecordedStreams.Chat, Encoding.UTF8.GetString(passed));
        Assert.Equal("gpt-4o-2024-08-06", facts.Model);
        Assert.Equal("chatcmpl-9", facts.ResponseId);
        Assert.Equal("stop", facts.FinishReason);
        Assert.Equal("default", facts.ServiceTier);
        Assert.Equal((19, 10, 4, 2), (facts.Usage.InputTokens, facts.Usage.OutputTokens, facts.Usage.CacheReadTokens, facts.Usage.ReasoningTokens));
        Assert.Equal("""{"text":"Grüß \"Gott\"\n😀"}""", Answers.Text(facts));
        Assert.True(facts.OutputAssembled);
        Assert.True(facts.Terminated);
        Assert.False(facts.Malformed);
        // Ten tokens came in two deltas: chunks are not tokens.
        Assert.Equal(2, facts.DeltaCount);
    }

    [Fact]
    public void Tool_calls_are_put_together_by_index()
    {
        var (facts, _) = Answers.Stream(Dialect.OpenAiChat, RecordedStreams.ChatTools);

        Assert.Equal(2, facts.ToolCallCount);
        Assert.Equal("tool_calls", facts.FinishReason);
        Assert.Equal(
            """{"tool_calls":[{"id":"call_a","name":"weather","arguments":"{\"city\":\"Bern\"}"},{"id":"call_b","name":"time","arguments":"{}"}]}""",
            Answers.Text(facts));
    }

    [Fact]
    public void A_responses_stream_is_read_whole()
    {
        var (facts, _) = Answers.Stream(Dialect.OpenAiResponses, RecordedStreams.Responses);

        Assert.Equal(("gpt-5-2025-08-07", "resp_1", "completed", "default"), (facts.Model, facts.ResponseId, facts.FinishReason, facts.ServiceTier));
        Assert.Equal("""{"text":"Hello","reasoning":"Think","tool_calls":[{"id":"call_1","name":"weather","arguments":"{\"a\":1}"}]}""", Answers.Text(facts));
        Assert.Equal((36, 87, 12, 3, 64), (facts.Usage.InputTokens, facts.Usage.OutputTokens, facts.Usage.CacheReadTokens, facts.Usage.CacheWriteTokens, facts.Usage.ReasoningTokens));
        Assert.Equal(1, facts.ToolCallCount);
        Assert.True(facts.Terminated);
    }

    [Fact]
    public void An_anthropic_stream_keeps_the_usage_of_its_start_and_replaces_what_its_end_says()
    {
        var (facts, _) = Answers.Stream(Dialect.AnthropicMessages, RecordedStreams.Anthropic);

        Assert.Equal(("claude-sonnet-4-5-20250929", "msg_01", "tool_use", "standard"), (facts.Model, facts.ResponseId, facts.FinishReason, facts.ServiceTier));
        Assert.Equal("""{"text":"Let me look.","reasoning":"Hm.","tool_calls":[{"id":"toolu_1","name":"weather","arguments":"{\"city\": \"Bern\"}"}]}""", Answers.Text(facts));
        // 10 + 200 + 3000: Anthropic counts the caches apart, the contract inside.
        Assert.Equal((3210, 89, 3000, 200, 50), (facts.Usage.InputTokens, facts.Usage.OutputTokens, facts.Usage.CacheReadTokens, facts.Usage.CacheWriteTokens, facts.Usage.CacheWrite1hTokens));
        Assert.Equal((20, 2), (facts.Usage.ReasoningTokens, facts.Usage.ToolRequests));
        Assert.True(facts.Terminated);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_gemini_stream_is_read_in_both_its_forms(bool array)
    {
        var (facts, _) = Answers.Stream(Dialect.GeminiGenerate, array ? RecordedStreams.GeminiArray : RecordedStreams.Gemini);

        Assert.Equal(("gemini-2.5-flash", "r-1", "STOP"), (facts.Model, facts.ResponseId, facts.FinishReason));
        Assert.Equal("""{"text":"It is [sunny] {\"}","reasoning":"Let me think","tool_calls":[{"id":"","name":"weather","arguments":"{\"city\":\"Bern\"}"}]}""", Answers.Text(facts));
        Assert.Equal((13, 27, 2, 12, 2, 4), (facts.Usage.InputTokens, facts.Usage.OutputTokens, facts.Usage.CacheReadTokens, facts.Usage.ReasoningTokens, facts.Usage.InputAudioTokens, facts.Usage.OutputImageTokens));
        Assert.Equal(3, facts.DeltaCount);
        Assert.True(facts.IsComplete);
    }

    [Theory]
    [MemberData(nameof(RecordedStreams.All), MemberType = typeof(RecordedStreams))]
    public void Cut_at_any_byte_a_stream_gives_the_same_facts_and_the_same_bytes(string name, Dialect dialect, byte[] answer)
    {
        foreach (var drop in new[] { false, true })
        {
            var (whole, wholePassed) = Answers.Stream(dialect, answer, drop);
            for (var cut = 0; cut <= answer.Length; cut++)
            {
                var (facts, passed) = Answers.Stream(dialect, answer, drop, cut);
                Assert.True(Answers.Describe(whole) == Answers.Describe(facts), $"{name}, cut at {cut}: {Answers.Describe(facts)}");
                Assert.True(wholePassed.AsSpan().SequenceEqual(passed), $"{name}, cut at {cut}, passed: {Encoding.UTF8.GetString(passed)}");
            }
            var (byBytes, passedByBytes) = Answers.Stream(dialect, answer, drop, [.. Enumerable.Range(1, answer.Length - 1)]);
            Assert.Equal(Answers.Describe(whole), Answers.Describe(byBytes));
            Assert.Equal(wholePassed, passedByBytes);
            if (!drop)
            {
                Assert.Equal(answer, wholePassed);
            }
        }
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void The_injected_usage_chunk_is_dropped_and_nothing_else(string lineEnd)
    {
        var sent = RecordedStreams.Chat.Replace("\n", lineEnd);
        var expected = sent.Replace($"data: {RecordedStreams.ChatUsage}{lineEnd}{lineEnd}", "");

        var (facts, passed) = Answers.Stream(Dialect.OpenAiChat, sent, drop: true);

        Assert.Equal(expected, Encoding.UTF8.GetString(passed));
        Assert.Equal(29, facts.Usage.TotalTokens);
    }

    [Fact]
    public void Usage_beside_a_choice_is_not_dropped()
    {
        // Mistral sends usage with the last delta.
        var sent = Answers.Sse("""{"id":"1","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""", "[DONE]");

        var (facts, passed) = Answers.Stream(Dialect.OpenAiChat, sent, drop: true);

        Assert.Equal(sent, Encoding.UTF8.GetString(passed));
        Assert.Equal(2, facts.Usage.TotalTokens);
    }

    [Fact]
    public void An_unfinished_usage_chunk_at_the_end_is_dropped_only_when_it_is_whole()
    {
        var start = Answers.Sse(RecordedStreams.ChatDelta("""{"content":"x"}"""));

        Assert.Equal(start, Encoding.UTF8.GetString(Answers.Stream(Dialect.OpenAiChat, start + "data: " + RecordedStreams.ChatUsage, drop: true).Passed));

        var cut = start + "data: " + RecordedStreams.ChatUsage[..^5];
        Assert.Equal(cut, Encoding.UTF8.GetString(Answers.Stream(Dialect.OpenAiChat, cut, drop: true).Passed));
    }

    [Fact]
    public void While_an_event_is_incomplete_only_its_own_bytes_are_held()
    {
        using var reader = AnswerReader.Stream(Dialect.OpenAiChat, dropInjectedUsage: true);
        var passed = new System.Buffers.ArrayBufferWriter<byte>();
        var whole = Answers.Sse(RecordedStreams.ChatDelta("""{"content":"x"}"""));

        reader.Read(Encoding.UTF8.GetBytes(whole + ": ping\n" + "data: {\"id\""), 1, passed);

        Assert.Equal(whole + ": ping\n", Encoding.UTF8.GetString(passed.WrittenSpan));
    }

    [Fact]
    public void The_first_delta_is_the_first_content_and_not_the_role()
    {
        var facts = Answers.Timed(Dialect.OpenAiChat,
            (100, Answers.Sse(RecordedStreams.ChatDelta("""{"role":"assistant","content":""}"""))),
            (200, Answers.Sse(RecordedStreams.ChatDelta("""{"content":"a"}"""))),
            (210, Answers.Sse(RecordedStreams.ChatDelta("""{"content":"b"}"""))),
            (230, Answers.Sse(RecordedStreams.ChatDelta("""{"content":"c"}"""))),
            (900, Answers.Sse(RecordedStreams.ChatDelta("{}", "\"stop\""), "[DONE]")));

        Assert.Equal((200, 230), (facts.FirstDeltaTimestamp, facts.LastDeltaTimestamp));
        Assert.Equal(10, facts.GapP50);
        Assert.InRange(facts.GapP95!.Value, 19, 21);
    }

    [Theory]
    [InlineData("""{"reasoning_content":"hm"}""")]
    [InlineData("""{"reasoning":"hm"}""")]
    [InlineData("""{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":""}}]}""")]
    [InlineData("""{"refusal":"no"}""")]
    [InlineData("""{"audio":{"id":"a","transcript":"hi"}}""")]
    public void Reasoning_tool_calls_refusals_and_speech_are_first_deltas_too(string delta)
    {
        var facts = Answers.Timed(Dialect.OpenAiChat, (5, Answers.Sse(RecordedStreams.ChatDelta(delta))));

        Assert.Equal(5, facts.FirstDeltaTimestamp);
    }

    [Fact]
    public void Several_choices_are_kept_apart()
    {
        var (facts, _) = Answers.Stream(Dialect.OpenAiChat, Answers.Sse(
            RecordedStreams.ChatDelta("""{"content":"A"}"""),
            RecordedStreams.ChatDelta("""{"content":"B"}""", index: 1),
            RecordedStreams.ChatDelta("""{"content":"a"}"""),
            RecordedStreams.ChatDelta("{}", "\"stop\""),
            RecordedStreams.ChatDelta("{}", "\"length\"", index: 1),
            "[DONE]"));

        Assert.Equal("""{"text":"Aa","alternatives":[{"text":"B"}]}""", Answers.Text(facts));
        Assert.Equal("stop", facts.FinishReason);
    }

    [Fact]
    public void Halves_of_a_pair_in_two_deltas_become_one_character_and_a_lone_half_a_mark()
    {
        var (facts, _) = Answers.Stream(Dialect.OpenAiChat, Answers.Sse(
            RecordedStreams.ChatDelta("""{"content":"\ud83d"}"""),
            RecordedStreams.ChatDelta("""{"content":"\ude00 \ud800 x"}""")));

        Assert.Equal("{\"text\":\"😀 \uFFFD x\"}", Answers.Text(facts));
        Assert.False(facts.Malformed);
    }

    [Fact]
    public void An_error_inside_a_stream_is_an_error()
    {
        var (facts, _) = Answers.Stream(Dialect.OpenAiChat,
            Answers.Sse(RecordedStreams.ChatDelta("""{"content":"par"}""")) + "event: error\n" +
            Answers.Sse("""{"error":{"message":"The server had an error","type":"server_error","param":null,"code":500}}"""));

        Assert.True(facts.IsError);
        Assert.Equal(("server_error", "500", "The server had an error"), (facts.ErrorType, facts.ErrorCode, facts.ErrorMessage));
        Assert.Equal("""{"text":"par"}""", Answers.Text(facts));
    }

    [Theory]
    [InlineData(Dialect.AnthropicMessages, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", "overloaded_error")]
    [InlineData(Dialect.OpenAiResponses, """{"type":"error","code":"rate_limit_exceeded","message":"Slow","param":null,"sequence_number":1}""", "")]
    [InlineData(Dialect.OpenAiResponses, """{"type":"response.failed","response":{"id":"r","status":"failed","error":{"code":"server_error","message":"x"}}}""", "")]
    [InlineData(Dialect.GeminiGenerate, """{"error":{"code":429,"message":"Quota","status":"RESOURCE_EXHAUSTED"}}""", "RESOURCE_EXHAUSTED")]
    public void Each_dialect_has_its_own_errors(Dialect dialect, string data, string type)
    {
        var (facts, _) = Answers.Stream(dialect, Answers.Sse(data));

        Assert.True(facts.IsError);
        Assert.Equal(type, facts.ErrorType);
        Assert.NotEqual("", facts.ErrorMessage);
    }

    [Fact]
    public void A_plain_body_to_a_stream_request_is_read_all_the_same()
    {
        var body = """{"id":"chatcmpl-1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}""";

        var (facts, passed) = Answers.Stream(Dialect.OpenAiChat, body, drop: true);

        Assert.Equal(body, Encoding.UTF8.GetString(passed));
        Assert.Equal(body, Answers.Text(facts));
        Assert.False(facts.OutputAssembled);
        Assert.Equal(3, facts.Usage.TotalTokens);
        Assert.Null(facts.FirstDeltaTimestamp);
    }

    [Fact]
    public void An_event_past_the_cap_is_passed_on_and_its_usage_is_still_counted()
    {
        var large = $$"""{"type":"response.completed","response":{"id":"r","instructions":"{{new string('x', 10_000_000)}}","usage":{"input_tokens":5,"output_tokens":6} } }""";
        var sent = Encoding.UTF8.GetBytes("event: response.completed\n" + Answers.Sse(large));

        var (facts, passed) = Answers.Stream(Dialect.OpenAiResponses, sent, drop: true, [.. Enumerable.Range(1, sent.Length / 65536).Select(i => i * 65536)]);

        Assert.Equal(sent, passed);
        Assert.Equal(11, facts.Usage.TotalTokens);
        Assert.True(facts.Terminated);
        Assert.True(facts.OutputTruncated);
    }

    [Fact]
    public void Past_the_capture_limit_counting_goes_on()
    {
        using var reader = AnswerReader.Stream(Dialect.OpenAiChat, false, captureLimit: 5);
        var answer = Answers.Sse(RecordedStreams.ChatDelta("""{"content":"abcdefgh"}"""), RecordedStreams.ChatDelta("""{"content":"ij"}"""), RecordedStreams.ChatUsage, "[DONE]");

        var (facts, _) = Answers.Feed(reader, Encoding.UTF8.GetBytes(answer), [], _ => 1);

        Assert.Equal("""{"text":"abcde"}""", Answers.Text(facts));
        Assert.True(facts.OutputTruncated);
        Assert.Equal((2, 29), (facts.DeltaCount, facts.Usage.TotalTokens));
    }

    [Theory]
    [InlineData("<html><body>502 Bad Gateway</body></html>")]
    [InlineData("data: {\"choices\":[{\n\n")]
    [InlineData("data: null\n\n")]
    [InlineData("data: [1]\n\n")]
    [InlineData("event of another kind\n\n")]
    public void What_is_not_an_answer_is_malformed(string sent) =>
        Assert.True(Answers.Stream(Dialect.OpenAiChat, sent).Facts.Malformed);

    [Fact]
    public void A_stream_cut_inside_an_event_is_not_malformed_but_not_complete()
    {
        var (facts, _) = Answers.Stream(Dialect.OpenAiChat, Answers.Sse(RecordedStreams.ChatDelta("""{"content":"a"}""")) + "data: {\"id\":");

        Assert.False(facts.Malformed);
        Assert.False(facts.IsComplete);
        Assert.Equal("""{"text":"a"}""", Answers.Text(facts));
    }

    [Theory]
    [InlineData("data: [DONE]")]
    [InlineData("data: [DONE]\r\n")]
    [InlineData("data: {\"id\":\"c\",\"choi")]
    [InlineData("event: x\ndata")]
    public void What_was_held_of_an_event_that_never_ended_is_the_readers_also_once_the_facts_are_given(string end)
    {
        var sent = Answers.Sse(RecordedStreams.ChatDelta("""{"content":"a"}""")) + end;
        using var reader = AnswerReader.Stream(Dialect.OpenAiChat, dropInjectedUsage: true);
        var passed = new ArrayBufferWriter<byte>();
        reader.Read(Encoding.UTF8.GetBytes(sent), 7, passed);
        reader.Complete();
        reader.FlushHeld(passed);

        Assert.Equal(sent, Encoding.UTF8.GetString(passed.WrittenSpan));
    }

    [Fact]
    public void A_usage_chunk_that_nothing_ends_is_dropped_all_the_same()
    {
        var kept = Answers.Sse(RecordedStreams.ChatDelta("""{"content":"a"}"""));
        var (facts, passed) = Answers.Stream(Dialect.OpenAiChat, kept + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}", drop: true);

        Assert.Equal(kept, Encoding.UTF8.GetString(passed));
        Assert.Equal(2, facts.Usage.OutputTokens);
    }

    [Fact]
    public void Done_twice_and_done_without_an_end_of_line_are_both_the_end()
    {
        Assert.True(Answers.Stream(Dialect.OpenAiChat, "data: [DONE]\n\ndata: [DONE]\n\n").Facts.Terminated);
        Assert.True(Answers.Stream(Dialect.OpenAiChat, "data: [DONE]").Facts.Terminated);
    }

    [Fact]
    public void A_reader_that_was_given_back_reads_nothing_of_its_last_answer()
    {
        for (var i = 0; i < 3; i++)
        {
            Answers.Stream(Dialect.OpenAiChat, RecordedStreams.ChatTools);
            var (facts, _) = Answers.Stream(Dialect.OpenAiChat, Answers.Sse("[DONE]"));
            Assert.Equal(Answers.Describe(AnswerFacts.None with { Terminated = true, IsComplete = true, OutputAssembled = true }), Answers.Describe(facts));
        }
    }
}
