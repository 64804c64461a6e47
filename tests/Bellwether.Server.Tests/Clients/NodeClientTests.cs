using System.Text.Json;

namespace Bellwether.Server.Tests;

/// <summary>openai, @anthropic-ai/sdk and @google/genai from npm, with only the base URL changed: what the application got, and what was stored.</summary>
public sealed class NodeClientTests(NodeClients clients) : IClassFixture<NodeClients>
{
    private static readonly JsonSerializerOptions s_relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("openai_chat", "gpt-4o-mini", "chat", "openai")]
    [InlineData("azure_chat", "gpt-4o-mini", "chat", "azure")]
    [InlineData("openai_responses", "gpt-4o", "responses", "openai")]
    [InlineData("anthropic_messages", "claude-sonnet-4-6", "chat", "anthropic")]
    [InlineData("gemini_generate", "gemini-2.5-flash", "generate_content", "gemini")]
    public async Task A_plain_answer_reaches_the_application_and_is_measured(string name, string model, string operation, string surface)
    {
        Assert.NotEmpty(Result(name).GetProperty("text").GetString()!);
        var stored = await StoredAsync(name);
        Assert.Equal("ok", Text(stored, "state"));
        Assert.Equal(model, Text(stored, "model"));
        Assert.Equal(operation, Text(stored, "operation"));
        Assert.Equal(surface, Text(stored, "surface"));
        Assert.False(stored.GetProperty("stream").GetBoolean());
        AssertMeasured(stored);
        Assert.Equal(JsonValueKind.Null, stored.GetProperty("timings").GetProperty("ttft_ms").ValueKind);
        Assert.Contains(Escaped(Result(name).GetProperty("text").GetString()!), stored.GetProperty("output").GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai_chat_stream", "gpt-4o-mini")]
    [InlineData("azure_chat_stream", "gpt-4o-mini")]
    [InlineData("openai_responses_stream", "gpt-4o")]
    [InlineData("anthropic_stream", "claude-sonnet-4-6")]
    [InlineData("gemini_stream", "gemini-2.5-flash")]
    public async Task A_stream_reaches_the_application_and_is_measured(string name, string model)
    {
        var text = Result(name).GetProperty("text").GetString()!;
        Assert.NotEmpty(text);
        var stored = await StoredAsync(name);
        Assert.Equal("ok", Text(stored, "state"));
        Assert.Equal(model, Text(stored, "model"));
        Assert.True(stored.GetProperty("stream").GetBoolean());
        AssertMeasured(stored);
        var timings = stored.GetProperty("timings");
        Assert.InRange(timings.GetProperty("ttft_ms").GetDouble(), 1, timings.GetProperty("total_ms").GetDouble());
        Assert.True(timings.GetProperty("gap_p50_ms").GetDouble() >= 0);
        Assert.True(stored.GetProperty("output_assembled").GetBoolean());
        Assert.Equal(text, stored.GetProperty("output").GetProperty("text").GetString());
    }

    [Fact]
    public async Task Usage_is_known_although_the_stream_was_not_asked_for_it_and_the_extra_chunk_is_not_seen()
    {
        var result = Result("openai_chat_stream");
        Assert.Equal(JsonValueKind.Null, result.GetProperty("usage").ValueKind);
        Assert.Equal(0, result.GetProperty("withoutChoices").GetInt32());
        Assert.Equal("stop", Text(result, "finish"));
        Assert.False((await StoredAsync("openai_chat_stream")).GetProperty("usage").GetProperty("estimated").GetBoolean());
    }

    [Fact]
    public async Task Usage_that_was_asked_for_arrives_and_is_what_is_stored()
    {
        var result = Result("openai_chat_stream_usage");
        Assert.Equal(1, result.GetProperty("withoutChoices").GetInt32());
        var stored = (await StoredAsync("openai_chat_stream_usage")).GetProperty("usage");
        Assert.Equal(result.GetProperty("usage").GetProperty("prompt_tokens").GetInt64(), stored.GetProperty("input_tokens").GetInt64());
        Assert.Equal(result.GetProperty("usage").GetProperty("completion_tokens").GetInt64(), stored.GetProperty("output_tokens").GetInt64());
    }

    [Theory]
    [InlineData("openai_chat", "prompt_tokens", "completion_tokens")]
    [InlineData("openai_responses", "input_tokens", "output_tokens")]
    [InlineData("anthropic_messages", "input_tokens", "output_tokens")]
    [InlineData("gemini_generate", "promptTokenCount", "candidatesTokenCount")]
    public async Task Stored_tokens_are_the_ones_that_the_application_was_told(string name, string input, string output)
    {
        var stored = (await StoredAsync(name)).GetProperty("usage");
        var told = Result(name).GetProperty("usage");
        Assert.Equal(told.GetProperty(input).GetInt64(), stored.GetProperty("input_tokens").GetInt64());
        Assert.Equal(told.GetProperty(output).GetInt64(), stored.GetProperty("output_tokens").GetInt64());
    }

    [Theory]
    [InlineData("openai_tools", "tool_calls")]
    [InlineData("openai_tools_stream", "tool_calls")]
    [InlineData("anthropic_tools", "tool_use")]
    [InlineData("anthropic_tools_stream", "tool_use")]
    [InlineData("gemini_tools", "STOP")]
    public async Task A_tool_call_arrives_whole_and_is_counted(string name, string finish)
    {
        Assert.Equal("get_weather", Text(Result(name), "name"));
        Assert.Equal("Paris", Text(Result(name).GetProperty("arguments"), "city"));
        var stored = await StoredAsync(name);
        Assert.Equal(1, stored.GetProperty("tool_call_count").GetInt32());
        Assert.Equal(finish, Text(stored, "finish_reason"));
    }

    [Fact]
    public async Task Embeddings_come_as_numbers_and_have_a_price()
    {
        Assert.Equal(2, Result("openai_embeddings").GetProperty("count").GetInt32());
        Assert.Equal(1_536, Result("openai_embeddings").GetProperty("length").GetInt32());
        Assert.Equal("number", Text(Result("openai_embeddings"), "number"));
        var stored = await StoredAsync("openai_embeddings");
        Assert.Equal("embeddings", Text(stored, "operation"));
        Assert.Equal("embedding", Text(stored, "kind"));
        Assert.True(stored.GetProperty("cost").GetProperty("total_usd").GetDecimal() > 0);
    }

    [Fact]
    public async Task Moderations_completions_counts_uploads_and_lists_pass()
    {
        Assert.True(Result("openai_moderations").GetProperty("flagged").GetBoolean());
        Assert.Equal("moderations", Text(await StoredAsync("openai_moderations"), "operation"));
        Assert.Equal("length", Text(Result("openai_completions"), "finish"));
        Assert.Equal("text_completion", Text(await StoredAsync("openai_completions"), "operation"));
        Assert.True(Result("anthropic_count").GetProperty("tokens").GetInt32() > 0);
        Assert.Equal("count_tokens", Text(await StoredAsync("anthropic_count"), "operation"));
        Assert.Equal("file-Simulated", Text(Result("openai_upload"), "id"));
        Assert.Equal("ok", Text(await StoredAsync("openai_upload"), "state"));
        Assert.True(Result("openai_models").GetProperty("some").GetBoolean());
        Assert.True(Result("anthropic_models").GetProperty("some").GetBoolean());
        Assert.Equal(2, Result("gemini_embed").GetProperty("count").GetInt32());
        Assert.Equal("thinking", Result("anthropic_thinking").GetProperty("types")[0].GetString());
    }

    [Theory]
    [InlineData("openai_wrong_key", "AuthenticationError", 401, "invalid_api_key")]
    [InlineData("openai_unknown_model", "NotFoundError", 404, "model_not_found")]
    [InlineData("openai_context_length", "BadRequestError", 400, "context_length_exceeded")]
    [InlineData("openai_rate_limited", "RateLimitError", 429, "rate_limit_exceeded")]
    [InlineData("openai_server_error", "InternalServerError", 500, null)]
    [InlineData("anthropic_wrong_key", "AuthenticationError", 401, null)]
    [InlineData("anthropic_overloaded", "OverloadedError", 529, null)]
    [InlineData("anthropic_rate_limited", "RateLimitError", 429, null)]
    [InlineData("gemini_rate_limited", "ApiError", 429, null)]
    [InlineData("gemini_wrong_key", "ApiError", 401, null)]
    public void An_error_keeps_the_class_and_code_that_applications_catch(string name, string type, int status, string? code)
    {
        var threw = clients[name].GetProperty("threw");
        Assert.Equal(type, Text(threw, "class"));
        Assert.Equal(status, threw.GetProperty("status").GetInt32());
        if (code is not null)
        {
            Assert.Equal(code, Text(threw, "code"));
            Assert.NotEmpty(threw.GetProperty("requestId").GetString()!);
        }
    }

    [Theory]
    [InlineData("openai_unknown_model", 1, "provider_error", "bad_request")]
    [InlineData("openai_context_length", 1, "provider_error", "context_length")]
    [InlineData("openai_rate_limited", 3, "provider_error", "rate_limited")]
    [InlineData("openai_server_error", 2, "provider_error", "unavailable")]
    [InlineData("anthropic_overloaded", 2, "provider_error", "unavailable")]
    [InlineData("openai_reset", 1, "provider_error", "unavailable")]
    [InlineData("openai_stream_error", 1, "provider_error", "unavailable")]
    [InlineData("anthropic_stream_error", 1, "provider_error", "unavailable")]
    public async Task Each_attempt_of_a_failed_call_is_one_observation(string name, int attempts, string state, string errorType)
    {
        var stored = await clients.Server.ObservationsAsync($"user={name}", attempts);
        Assert.Equal(attempts, stored.Count);
        Assert.All(stored, call => Assert.Equal(state, Text(call, "state")));
        Assert.All(stored, call => Assert.Equal(errorType, Text(call.GetProperty("error"), "type")));
        Assert.Equal(Enumerable.Range(0, attempts), stored.Select(call => call.GetProperty("retry_count").GetInt32()).Order());
    }

    [Theory]
    [InlineData("openai_early_break")]
    [InlineData("anthropic_early_break")]
    public async Task A_caller_that_leaves_is_recorded_with_what_was_streamed(string name)
    {
        Assert.Equal(5, Result(name).GetProperty("seen").GetInt32());
        var stored = await StoredAsync(name);
        Assert.Equal("client_disconnect", Text(stored, "state"));
        Assert.Equal("client_disconnect", Text(stored.GetProperty("error"), "type"));
        Assert.NotEmpty(stored.GetProperty("output").GetProperty("text").GetString()!);
        Assert.True(stored.GetProperty("usage").GetProperty("output_tokens").GetInt64() > 0);
        Assert.True(stored.GetProperty("usage").GetProperty("estimated").GetBoolean());
    }

    [Fact]
    public void A_broken_stream_breaks_for_the_application_after_what_had_arrived()
    {
        Assert.Equal(5, Result("openai_reset").GetProperty("chunks").GetInt32());
        Assert.Equal("terminated", Text(Result("openai_reset"), "message"));
        Assert.Equal("APIError", Text(clients["openai_stream_error"].GetProperty("threw"), "class"));
        Assert.Equal("server_error", Text(clients["openai_stream_error"].GetProperty("threw"), "code"));
    }

    [Fact]
    public async Task The_request_id_that_the_sdk_shows_is_the_providers_own()
    {
        var stored = await StoredAsync("openai_chat");
        Assert.Equal(Text(Result("openai_chat"), "requestId"), Text(stored, "provider_request_id"));
        Assert.Equal(Text(Result("openai_chat"), "id"), Text(stored, "response_id"));
    }

    private JsonElement Result(string name)
    {
        var result = clients[name];
        Assert.True(result.GetProperty("threw").ValueKind == JsonValueKind.Null, $"{name} threw {result.GetProperty("threw").GetRawText()}");
        return result;
    }

    private Task<JsonElement> StoredAsync(string name) => clients.Server.TheObservationAsync($"user={name}");

    private static void AssertMeasured(JsonElement stored)
    {
        Assert.True(stored.GetProperty("usage").GetProperty("input_tokens").GetInt64() > 0);
        Assert.True(stored.GetProperty("usage").GetProperty("output_tokens").GetInt64() > 0);
        Assert.True(stored.GetProperty("cost").GetProperty("total_usd").GetDecimal() > 0);
        Assert.NotEmpty(stored.GetProperty("cost").GetProperty("price_version").GetString()!);
        Assert.True(stored.GetProperty("timings").GetProperty("upstream_ms").GetDouble() > 0);
    }

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();

    // As it stands inside JSON.
    private static string Escaped(string text) => JsonSerializer.Serialize(text, s_relaxed)[1..^1];
}
