using System.Text;
using System.Text.Json;
using Bellwether.Providers;
using Microsoft.Extensions.Time.Testing;

namespace Bellwether.Tests.Providers;

public sealed class SimulatedProviderTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"gpt-4o","seed":7,"stream":true,"messages":[{"role":"user","content":"How do refunds work?"}]}""")]
    [InlineData("/v1/responses", """{"model":"gpt-5","stream":true,"metadata":{"sim_seed":"3"},"input":"How do refunds work?"}""")]
    [InlineData("/v1/messages", """{"model":"claude-sonnet-4-5","metadata":{"sim_seed":3},"max_tokens":50,"messages":[{"role":"user","content":"How do refunds work?"}]}""")]
    public void The_same_request_and_seed_give_the_same_bytes_at_any_time(string path, string body)
    {
        var first = Text(Ask(path, body));
        _clock.Advance(TimeSpan.FromDays(40));
        Assert.Equal(first, Text(Ask(path, body)));
        Assert.NotEqual(first, Text(Ask(path, body.Replace("\":3", "\":4", StringComparison.Ordinal).Replace("\":\"3", "\":\"4", StringComparison.Ordinal).Replace("\":7", "\":8", StringComparison.Ordinal))));
    }

    [Fact]
    public void Without_a_seed_each_answer_has_an_id_of_its_own()
    {
        var provider = new SimulatedProvider(_clock);
        var request = new SimulatedRequest("POST", "/v1/chat/completions", "", """{"model":"gpt-4o","messages":[{"role":"user","content":"hello"}]}"""u8.ToArray());
        Assert.NotEqual(Json(provider.Answer(request)).GetProperty("id").GetString(), Json(provider.Answer(request)).GetProperty("id").GetString());
    }

    [Fact]
    public void A_model_answers_under_its_own_name_with_usage_that_adds_up()
    {
        var json = Json(Ask("/v1/chat/completions", """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hello"}]}"""));
        Assert.Equal("gpt-4o-mini", json.GetProperty("model").GetString());
        var usage = json.GetProperty("usage");
        Assert.Equal(usage.GetProperty("total_tokens").GetInt32(), usage.GetProperty("prompt_tokens").GetInt32() + usage.GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public void A_chat_stream_starts_with_the_role_and_ends_with_done()
    {
        var events = Events(Ask("/v1/chat/completions", """{"model":"sim-fast","stream":true,"messages":[{"role":"user","content":"hello"}]}"""));
        Assert.Contains("\"role\":\"assistant\"", events[0], StringComparison.Ordinal);
        Assert.Equal("[DONE]", events[^1]);
        Assert.Equal("stop", JsonDocument.Parse(events[^2]).RootElement.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.DoesNotContain(events, data => data.Contains("\"usage\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Usage_comes_in_a_chunk_of_its_own_when_asked_for_and_is_null_before()
    {
        var events = Events(Ask("/v1/chat/completions", """{"model":"sim-fast","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hello"}]}"""));
        var last = JsonDocument.Parse(events[^2]).RootElement;
        Assert.Equal(0, last.GetProperty("choices").GetArrayLength());
        Assert.True(last.GetProperty("usage").GetProperty("completion_tokens").GetInt32() > 0);
        Assert.All(events.Take(events.Count - 2), data => Assert.Contains("\"usage\":null", data, StringComparison.Ordinal));
    }

    [Fact]
    public void Streamed_deltas_join_to_an_answer_about_the_question()
    {
        var events = Events(Ask("/v1/chat/completions", """{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"Explain in detail how caching works"}]}"""));
        var text = string.Concat(events.SkipLast(1).Select(data => JsonDocument.Parse(data).RootElement.GetProperty("choices")[0].GetProperty("delta"))
            .Select(delta => delta.TryGetProperty("content", out var content) ? content.GetString() : ""));
        Assert.Contains("caching", text, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(text.Length, 400, 4_000);
    }

    [Theory]
    [InlineData("Größe 😀😀😀 und 日本語のテキスト, a very-long-hyphenated-compound word\n\nnext")]
    [InlineData("a")]
    [InlineData("")]
    public void Pieces_put_together_are_the_text(string text) => Assert.Equal(text, string.Concat(SimulatedWriter.Pieces(text)));

    [Fact]
    public void No_piece_ends_inside_a_character() =>
        Assert.All(SimulatedWriter.Pieces("😀😀😀😀😀😀😀😀😀"), piece => Assert.False(char.IsLowSurrogate(piece[0])));

    [Fact]
    public void A_tool_is_called_when_the_question_asks_for_it_and_its_arguments_fit_the_schema()
    {
        var json = Json(Ask("/v1/chat/completions", """
            {"model":"gpt-4o","messages":[{"role":"user","content":"What is the weather in Paris?"}],
             "tools":[{"type":"function","function":{"name":"get_weather","description":"Current weather","parameters":{"type":"object","properties":{"city":{"type":"string"},"unit":{"type":"string","enum":["c","f"]}}}}},
                      {"type":"function","function":{"name":"send_mail","parameters":{"type":"object","properties":{}}}}]}
            """));
        var call = json.GetProperty("choices")[0].GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        Assert.Equal("get_weather", call.GetProperty("name").GetString());
        var arguments = JsonDocument.Parse(call.GetProperty("arguments").GetString()!).RootElement;
        Assert.Equal("Paris", arguments.GetProperty("city").GetString());
        Assert.True(arguments.GetProperty("unit").GetString() is "c" or "f");
        Assert.Equal("tool_calls", json.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public void After_a_tool_result_comes_an_answer_in_words()
    {
        var json = Json(Ask("/v1/chat/completions", """
            {"model":"sim-tools","tools":[{"type":"function","function":{"name":"f","parameters":{}}}],
             "messages":[{"role":"user","content":"weather?"},{"role":"assistant","tool_calls":[]},{"role":"tool","tool_call_id":"1","content":"sunny, 20 degrees"}]}
            """));
        Assert.Contains("sunny, 20 degrees", json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_on_tokens_ends_the_answer_with_length()
    {
        var choice = Json(Ask("/v1/chat/completions", """{"model":"gpt-4o","max_tokens":3,"n":2,"messages":[{"role":"user","content":"Explain caching"}]}""")).GetProperty("choices");
        Assert.Equal(2, choice.GetArrayLength());
        Assert.Equal("length", choice[1].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public void Anthropic_events_come_in_their_order_and_each_has_a_name()
    {
        var text = Text(Ask("/v1/messages", """{"model":"sim-reasoning","max_tokens":100,"stream":true,"messages":[{"role":"user","content":"hello"}]}"""));
        var names = text.Split('\n').Where(line => line.StartsWith("event: ", StringComparison.Ordinal)).Select(line => line[7..]).ToArray();
        Assert.Equal("message_start", names[0]);
        Assert.Equal(["content_block_stop", "message_delta", "message_stop"], names[^3..]);
        Assert.Contains("thinking_delta", text, StringComparison.Ordinal);
        Assert.Contains("ping", names);
    }

    [Fact]
    public void Anthropic_counts_cached_input_apart()
    {
        var prompt = new string('x', 8_000);
        var usage = Enumerable.Range(0, 12).Select(seed => Json(Ask("/v1/messages", $$"""{"model":"claude-sonnet-4-5","metadata":{"sim_seed":{{seed}}},"max_tokens":5,"messages":[{"role":"user","content":"{{prompt}}"}]}""")).GetProperty("usage"))
            .First(usage => usage.GetProperty("cache_read_input_tokens").GetInt32() > 0);
        Assert.InRange(usage.GetProperty("input_tokens").GetInt32() + usage.GetProperty("cache_read_input_tokens").GetInt32(), 2_000, 2_010);
    }

    [Fact]
    public void Responses_end_with_an_event_that_carries_usage_and_no_done()
    {
        var text = Text(Ask("/v1/responses", """{"model":"gpt-4o","stream":true,"input":"hello"}"""));
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        var events = Events(Ask("/v1/responses", """{"model":"gpt-4o","stream":true,"input":"hello"}"""));
        var last = JsonDocument.Parse(events[^1]).RootElement;
        Assert.Equal("response.completed", last.GetProperty("type").GetString());
        Assert.True(last.GetProperty("response").GetProperty("usage").GetProperty("output_tokens").GetInt32() > 0);
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(data => JsonDocument.Parse(data).RootElement.GetProperty("sequence_number").GetInt32()));
    }

    [Fact]
    public void Embeddings_in_base64_are_the_floats_and_near_for_texts_that_share_words()
    {
        float[] Vector(string input) => MemoryMarshalCast(Convert.FromBase64String(
            Json(Ask("/v1/embeddings", $$"""{"model":"text-embedding-3-small","encoding_format":"base64","input":"{{input}}"}""")).GetProperty("data")[0].GetProperty("embedding").GetString()!));

        var (a, b, c) = (Vector("refund for a broken tent"), Vector("broken tent, refund please"), Vector("recipe with carrots"));
        Assert.Equal(1_536, a.Length);
        Assert.Equal(a, Vector("refund for a broken tent"));
        Assert.True(Dot(a, b) > Dot(a, c));
        Assert.Equal(1, Dot(a, a), 3);
    }

    [Fact]
    public void Gemini_streams_with_crlf_and_counts_thoughts_apart()
    {
        var text = Text(Ask("/v1beta/models/gemini-2.5-flash:streamGenerateContent", """{"contents":[{"role":"user","parts":[{"text":"hello"}]}]}"""));
        Assert.EndsWith("\r\n\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.Contains("candidatesTokenCount", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sim-429", 429, "rate_limit_exceeded")]
    [InlineData("sim-500", 500, null)]
    [InlineData("sim-401", 401, "invalid_api_key")]
    [InlineData("sim-context-length", 400, "context_length_exceeded")]
    [InlineData("sim-529", 529, "overloaded")]
    public void Errors_have_the_shape_of_the_dialect(string model, int status, string? code)
    {
        var openAi = Ask("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[]}""");
        Assert.Equal(status, openAi.Status);
        Assert.Equal(code, Json(openAi).GetProperty("error").GetProperty("code").GetString());
        var anthropic = Ask("/v1/messages", $$"""{"model":"{{model}}","messages":[]}""");
        Assert.Equal(status, anthropic.Status);
        Assert.Equal("error", Json(anthropic).GetProperty("type").GetString());
    }

    [Fact]
    public void Only_one_of_the_two_rate_limits_says_when_to_come_back()
    {
        Assert.DoesNotContain(Ask("/v1/chat/completions", """{"model":"sim-429"}""").Headers, header => header.Key == "retry-after");
        Assert.Contains(Ask("/v1/chat/completions", """{"model":"sim-429-retry-after"}""").Headers, header => header is { Key: "retry-after", Value: "1" });
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"model\":")]
    [InlineData("{\"model\":\"\\ud800\"}")]
    [InlineData("nonsense")]
    public void Bodies_that_are_no_json_object_get_a_400(string body) => Assert.Equal(400, Ask("/v1/chat/completions", body).Status);

    [Fact]
    public void Metadata_wins_over_the_model_name()
    {
        var reply = Ask("/v1/chat/completions", """{"model":"sim-slow","metadata":{"sim_ttft_ms":"40","sim_latency_ms":10,"sim_output_tokens":"5","sim_tokens_per_second":"1000"},"stream":true,"messages":[{"role":"user","content":"hello"}]}""");
        var chunks = reply.Chunks.ToArray();
        Assert.Equal(TimeSpan.FromMilliseconds(10), reply.HeadersAt);
        Assert.True(chunks[^1].At < TimeSpan.FromMilliseconds(200));
        Assert.Equal(429, Ask("/v1/chat/completions", """{"model":"gpt-4o","metadata":{"sim_error":"429"}}""").Status);
    }

    [Fact]
    public void A_stream_that_resets_breaks_after_some_events()
    {
        var chunks = Ask("/v1/chat/completions", """{"model":"sim-reset","stream":true,"messages":[{"role":"user","content":"hello"}]}""").Chunks.ToArray();
        Assert.True(chunks[^1].Reset);
        Assert.Equal(6, chunks.Length);
    }

    [Fact]
    public void A_model_without_usage_says_nothing_of_it() =>
        Assert.DoesNotContain("\"usage\"", Text(Ask("/v1/chat/completions", """{"model":"sim-no-usage","messages":[{"role":"user","content":"hello"}]}""")), StringComparison.Ordinal);

    [Fact]
    public void Benchmark_models_answer_with_as_many_tokens_as_their_name_says()
    {
        var reply = Ask("/v1/chat/completions", """{"model":"bench-100","stream":true,"messages":[{"role":"user","content":"x"}]}""");
        Assert.Same(reply, Ask("/v1/chat/completions", """{"stream":true,"messages":[{"role":"user","content":"something else"}],"model":"bench-100"}"""));
        Assert.Equal(103, reply.Chunks.Count());
        Assert.Equal(TimeSpan.Zero, reply.Chunks.Last().At);
    }

    [Fact]
    public async Task The_handler_waits_by_the_clock_and_hands_over_the_same_bytes()
    {
        using var client = new HttpMessageInvoker(new SimulatedProviderHandler(new SimulatedProvider(_clock), _clock));
        const string Body = """{"model":"gpt-4o","seed":5,"stream":true,"messages":[{"role":"user","content":"hello"}]}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://simulated.invalid/v1/chat/completions") { Content = new StringContent(Body) };
        var sending = client.SendAsync(request, default);
        Assert.False(sending.IsCompleted);
        var reading = ReadAsync(sending);
        while (!reading.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        Assert.Equal(Text(Ask("/v1/chat/completions", Body)), await reading);

        static async Task<string> ReadAsync(Task<HttpResponseMessage> sending)
        {
            using var response = await sending;
            return await response.Content.ReadAsStringAsync();
        }
    }

    [Fact]
    public async Task A_reset_reaches_the_reader_as_a_broken_connection()
    {
        using var client = new HttpMessageInvoker(new SimulatedProviderHandler(new SimulatedProvider(TimeProvider.System), TimeProvider.System));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://simulated.invalid/v1/chat/completions") { Content = new StringContent("""{"model":"sim-reset","stream":true,"messages":[{"role":"user","content":"hello"}]}""") };
        using var response = await client.SendAsync(request, default);
        await using var body = await response.Content.ReadAsStreamAsync();
        await Assert.ThrowsAsync<HttpIOException>(async () =>
        {
            while (await body.ReadAsync(new byte[4_096]) > 0)
            {
            }
        });
    }

    private SimulatedReply Ask(string path, string body) =>
        new SimulatedProvider(_clock).Answer(new SimulatedRequest("POST", path, "", Encoding.UTF8.GetBytes(body)));

    private static string Text(SimulatedReply reply) => Encoding.UTF8.GetString(reply.Chunks.SelectMany(chunk => chunk.Bytes.ToArray()).ToArray());

    private static JsonElement Json(SimulatedReply reply) => JsonDocument.Parse(Text(reply)).RootElement;

    private static List<string> Events(SimulatedReply reply) =>
        [.. Text(reply).Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..].TrimEnd('\r'))];

    private static float[] MemoryMarshalCast(byte[] bytes) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
