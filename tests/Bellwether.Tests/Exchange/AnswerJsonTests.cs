using System.Text;
using System.Text.Json;
using Bellwether.Exchange;
using Bellwether.Telemetry;

namespace Bellwether.Tests.Exchange;

public sealed class AnswerJsonTests
{
    public static TheoryData<string, Dialect, string, Usage> UsageTable => new()
    {
        { "chat", Dialect.OpenAiChat, """{"usage":{"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":40,"cache_write_tokens":8,"audio_tokens":5,"image_tokens":3},"completion_tokens_details":{"reasoning_tokens":20,"audio_tokens":7,"accepted_prediction_tokens":0}}}""",
            new Usage { InputTokens = 100, OutputTokens = 50, CacheReadTokens = 40, CacheWriteTokens = 8, InputAudioTokens = 5, InputImageTokens = 3, ReasoningTokens = 20, OutputAudioTokens = 7 } },
        { "responses", Dialect.OpenAiResponses, """{"object":"response","usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":12,"cache_write_tokens":4,"cache_write_tokens_details":{"ttl_30m_tokens":4,"ttl_12h_tokens":0}},"output_tokens":87,"output_tokens_details":{"reasoning_tokens":64},"total_tokens":123},"output":[{"type":"web_search_call","id":"ws_1"}]}""",
            new Usage { InputTokens = 36, OutputTokens = 87, CacheReadTokens = 12, CacheWriteTokens = 4, ReasoningTokens = 64, ToolRequests = 1 } },
        { "anthropic, exclusive", Dialect.AnthropicMessages, """{"usage":{"input_tokens":10,"cache_creation_input_tokens":200,"cache_read_input_tokens":3000,"cache_creation":{"ephemeral_5m_input_tokens":150,"ephemeral_1h_input_tokens":50},"output_tokens":89,"output_tokens_details":{"thinking_tokens":9},"server_tool_use":{"web_search_requests":1,"web_fetch_requests":2},"service_tier":"priority"}}""",
            new Usage { InputTokens = 3210, OutputTokens = 89, CacheReadTokens = 3000, CacheWriteTokens = 200, CacheWrite1hTokens = 50, ReasoningTokens = 9, ToolRequests = 3 } },
        { "gemini, thoughts apart", Dialect.GeminiGenerate, """{"usageMetadata":{"promptTokenCount":100,"candidatesTokenCount":20,"thoughtsTokenCount":30,"cachedContentTokenCount":60,"toolUsePromptTokenCount":7,"totalTokenCount":157,"promptTokensDetails":[{"modality":"TEXT","tokenCount":90},{"modality":"AUDIO","tokenCount":10}],"cacheTokensDetails":[{"modality":"AUDIO","tokenCount":6}],"candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":2},{"modality":"IMAGE","tokenCount":3}]}}""",
            new Usage { InputTokens = 107, OutputTokens = 50, CacheReadTokens = 60, ReasoningTokens = 30, InputAudioTokens = 10, CacheAudioReadTokens = 6, OutputAudioTokens = 2, OutputImageTokens = 3 } },
        { "embeddings", Dialect.OpenAiEmbeddings, """{"object":"list","data":[{"object":"embedding","index":0,"embedding":"AACAPw=="}],"model":"text-embedding-3-small","usage":{"prompt_tokens":8,"total_tokens":8}}""",
            new Usage { InputTokens = 8 } },
        { "deepseek", Dialect.OpenAiChat, """{"usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_cache_hit_tokens":4,"prompt_cache_miss_tokens":6}}""",
            new Usage { InputTokens = 10, OutputTokens = 5, CacheReadTokens = 4 } },
        { "speech to text", Dialect.Opaque, """{"text":"hi","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":0,"audio_tokens":14},"output_tokens":3,"total_tokens":17}}""",
            new Usage { InputTokens = 14, OutputTokens = 3, InputAudioTokens = 14 } },
        { "images", Dialect.Opaque, """{"created":1,"data":[{"b64_json":"AAAA"}],"usage":{"input_tokens":50,"input_tokens_details":{"text_tokens":10,"image_tokens":40},"output_tokens":4160,"output_tokens_details":{"image_tokens":4160}}}""",
            new Usage { InputTokens = 50, OutputTokens = 4160, InputImageTokens = 40, OutputImageTokens = 4160 } },
        { "counting is free", Dialect.AnthropicCountTokens, """{"input_tokens":14}""", Usage.None },
        { "moderations count nothing", Dialect.OpenAiModerations, """{"id":"modr-1","model":"omni-moderation-latest","results":[{"flagged":false}]}""", Usage.None },
        { "null counts are no counts", Dialect.OpenAiChat, """{"usage":{"prompt_tokens":null,"completion_tokens":"12","prompt_tokens_details":null}}""", Usage.None },
        { "negative and huge counts", Dialect.AnthropicMessages, """{"usage":{"input_tokens":9223372036854775807,"cache_read_input_tokens":9223372036854775807,"output_tokens":-5}}""",
            new Usage { InputTokens = Usage.MostTokens, CacheReadTokens = Usage.MostTokens } },
    };

    [Theory]
    [MemberData(nameof(UsageTable))]
    public void Usage_is_made_one_across_the_dialects(string name, Dialect dialect, string body, Usage expected)
    {
        Assert.NotEqual("", name);
        var facts = Answers.Json(dialect, body);

        Assert.Equal(expected, facts.Usage);
        Assert.Equal(body, Answers.Text(facts));
        Assert.False(facts.Malformed);
    }

    /// <summary>Bodies of real providers and what each means (MIT, see the README beside the file).</summary>
    [Fact]
    public void Real_bodies_mean_what_the_price_data_says()
    {
        var wrong = new List<string>();
        var count = 0;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Pricing", "Data", "usages.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            var item = json.RootElement;
            var response = item.GetProperty("response");
            var flavors = item.GetProperty("expected").EnumerateArray().Select(e => $"{e.GetProperty("provider")}/{e.GetProperty("flavor")}").ToHashSet();
            var dialect = response.TryGetProperty("usageMetadata", out _) ? Dialect.GeminiGenerate
                : flavors.Contains("anthropic/default") || flavors.Contains("aws/anthropic") ? Dialect.AnthropicMessages
                : flavors.Contains("openai/responses") ? Dialect.OpenAiResponses
                : flavors.Contains("openai/embeddings") ? Dialect.OpenAiEmbeddings
                : Dialect.OpenAiChat;
            var usage = Answers.Json(dialect, response.GetRawText()).Usage;
            var normalized = item.GetProperty("normalized_usage");
            (string Name, long Read)[] fields =
            [
                ("input_tokens", usage.InputTokens ?? 0), ("output_tokens", usage.OutputTokens ?? 0), ("cache_read_tokens", usage.CacheReadTokens),
                ("cache_write_tokens", usage.CacheWriteTokens), ("output_reasoning_tokens", usage.ReasoningTokens),
                ("input_audio_tokens", usage.InputAudioTokens), ("output_audio_tokens", usage.OutputAudioTokens),
                ("cache_audio_read_tokens", usage.CacheAudioReadTokens), ("input_image_tokens", usage.InputImageTokens), ("output_image_tokens", usage.OutputImageTokens),
            ];
            foreach (var (name, read) in fields)
            {
                // The data normalises what it prices: where it is silent on a part, nothing is said of it.
                var known = normalized.TryGetProperty(name, out var value);
                var expected = known ? value.GetInt64() : 0;
                if (expected != read && (known || name is "input_tokens" or "output_tokens"))
                {
                    wrong.Add($"{item.GetProperty("id")} {dialect} {name}: {expected} expected, {read} read: {response}");
                }
            }
            count++;
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(count == 150);
    }

    [Fact]
    public void A_chat_body_is_kept_as_it_is_and_its_facts_are_read()
    {
        var body = """{"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":2},"service_tier":"flex"}""";

        var facts = Answers.Json(Dialect.OpenAiChat, body);

        Assert.Equal(("gpt-4o", "chatcmpl-1", "tool_calls", "flex", 2), (facts.Model, facts.ResponseId, facts.FinishReason, facts.ServiceTier, facts.ToolCallCount));
        Assert.Equal(body, Answers.Text(facts));
        Assert.True(facts.IsComplete);
        Assert.Null(facts.FirstDeltaTimestamp);
    }

    [Theory]
    [InlineData(Dialect.OpenAiChat, """{"error":{"message":"No such model","type":"invalid_request_error","param":"model","code":"model_not_found"}}""", "invalid_request_error", "model_not_found", "No such model")]
    [InlineData(Dialect.OpenAiChat, """{"error":"model 'x' not found"}""", "", "", "model 'x' not found")]
    [InlineData(Dialect.OpenAiChat, """{"object":"error","message":"too long","type":"BadRequestError","param":null,"code":400}""", "BadRequestError", "400", "too long")]
    [InlineData(Dialect.OpenAiChat, """{"detail":"Not Found"}""", "", "", "Not Found")]
    [InlineData(Dialect.AnthropicMessages, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}""", "overloaded_error", "", "Overloaded")]
    [InlineData(Dialect.GeminiGenerate, """{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":[]}}""", "INVALID_ARGUMENT", "400", "API key not valid.")]
    [InlineData(Dialect.GeminiGenerate, """[{"error":{"code":404,"message":"gone","status":"NOT_FOUND"}}]""", "NOT_FOUND", "404", "gone")]
    [InlineData(Dialect.Opaque, """{"error":{"message":"x","type":"t","code":null}}""", "t", "", "x")]
    public void Error_bodies_of_every_kind_are_understood(Dialect dialect, string body, string type, string code, string message)
    {
        var facts = Answers.Json(dialect, body);

        Assert.Equal((true, type, code, message), (facts.IsError, facts.ErrorType, facts.ErrorCode, facts.ErrorMessage));
        Assert.False(facts.IsComplete);
    }

    [Fact]
    public void An_error_message_is_cut_at_a_thousand_characters() =>
        Assert.Equal(1000, Answers.Json(Dialect.OpenAiChat, $$"""{"error":{"message":"{{new string('é', 5000)}}"} }""").ErrorMessage.Length);

    [Fact]
    public void Events_to_a_request_that_asked_for_none_are_read()
    {
        var facts = Answers.Json(Dialect.OpenAiChat, RecordedStreams.Chat);

        Assert.Equal(29, facts.Usage.TotalTokens);
        Assert.Equal("""{"text":"Grüß \"Gott\"\n😀"}""", Answers.Text(facts));
        Assert.True(facts.OutputAssembled);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("<html>")]
    [InlineData("{\"a\":1}{\"b\":2}")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"x\"}}],}")]
    public void What_is_not_an_object_is_malformed_and_kept(string body)
    {
        var facts = Answers.Json(Dialect.OpenAiChat, body);

        Assert.Equal(body.Length > 0, facts.Malformed);
        Assert.Equal(body, Answers.Text(facts));
        Assert.False(facts.IsComplete);
    }

    [Fact]
    public void A_body_past_the_capture_limit_is_cut_but_still_read()
    {
        var body = $$"""{"model":"m","data":[{"embedding":"{{new string('A', 300_000)}}"}],"usage":{"prompt_tokens":8,"total_tokens":8} }""";

        var facts = Answers.Json(Dialect.OpenAiEmbeddings, body, captureLimit: 1000);

        Assert.Equal((1000, true, "m", 8), (facts.Output.Length, facts.OutputTruncated, facts.Model, facts.Usage.InputTokens));
    }

    [Fact]
    public void The_usage_of_a_body_too_large_to_keep_is_found_at_its_end()
    {
        var body = $$"""{"object":"list","data":[{"embedding":"{{new string('A', 6_000_000)}}"}],"model":"m","usage":{"prompt_tokens":8,"total_tokens":8} }""";

        var facts = Answers.Json(Dialect.OpenAiEmbeddings, body, captureLimit: 1000);

        Assert.Equal((1000, true, 8), (facts.Output.Length, facts.OutputTruncated, facts.Usage.InputTokens));
        Assert.False(facts.Malformed);
    }
}
