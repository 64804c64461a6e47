using System.ClientModel;
using System.Text.Json;
using Anthropic;
using Anthropic.Models.Messages;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Moderations;
using ChatMessage = OpenAI.Chat.ChatMessage;

namespace Bellwether.Server.Tests;

/// <summary>OpenAI, Anthropic and Microsoft.Extensions.AI from NuGet, with only the base URL changed. The user of each call names the test.</summary>
public sealed class DotNetClientTests(SimulatedServer server)
{
    private BellwetherProcess Server => server.Process;

    [Fact]
    public async Task OpenAi_chat_is_answered_and_measured()
    {
        var answer = (await Chat("gpt-4o-mini").CompleteChatAsync([ChatMessage.CreateUserMessage("How do refunds work?")], new ChatCompletionOptions { EndUserId = "dotnet_chat" })).Value;
        Assert.NotEmpty(answer.Content[0].Text);
        var stored = await Server.TheObservationAsync("user=dotnet_chat");
        Assert.Equal("ok", stored.GetProperty("state").GetString());
        Assert.Equal(answer.Usage.InputTokenCount, stored.GetProperty("usage").GetProperty("input_tokens").GetInt32());
        Assert.Equal(answer.Usage.OutputTokenCount, stored.GetProperty("usage").GetProperty("output_tokens").GetInt32());
        Assert.True(stored.GetProperty("cost").GetProperty("total_usd").GetDecimal() > 0);
    }

    [Fact]
    public async Task OpenAi_stream_is_answered_and_measured()
    {
        var text = "";
        await foreach (var update in Chat("gpt-4o-mini").CompleteChatStreamingAsync([ChatMessage.CreateUserMessage("How do refunds work?")], new ChatCompletionOptions { EndUserId = "dotnet_stream" }))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
        }
        var stored = await Server.TheObservationAsync("user=dotnet_stream");
        Assert.Equal(text, stored.GetProperty("output").GetProperty("text").GetString());
        Assert.True(stored.GetProperty("timings").GetProperty("ttft_ms").GetDouble() > 0);
    }

    [Fact]
    public async Task OpenAi_tools_arrive_whole()
    {
        var tool = ChatTool.CreateFunctionTool("get_weather", "Current weather of a city", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}}}"""));
        var answer = (await Chat("gpt-4o").CompleteChatAsync([ChatMessage.CreateUserMessage("What is the weather in Paris?")], new ChatCompletionOptions { EndUserId = "dotnet_tools", Tools = { tool } })).Value;
        Assert.Equal(OpenAI.Chat.ChatFinishReason.ToolCalls, answer.FinishReason);
        Assert.Equal("Paris", answer.ToolCalls[0].FunctionArguments.ToObjectFromJson<JsonElement>().GetProperty("city").GetString());
        Assert.Equal(1, (await Server.TheObservationAsync("user=dotnet_tools")).GetProperty("tool_call_count").GetInt32());
    }

    [Fact]
    public async Task OpenAi_embeddings_are_floats()
    {
        var client = new EmbeddingClient("text-embedding-3-small", new ApiKeyCredential(BellwetherProcess.ApiKey), Options());
        var answer = (await client.GenerateEmbeddingAsync("a tent", new OpenAI.Embeddings.EmbeddingGenerationOptions { EndUserId = "dotnet_embedding" })).Value;
        Assert.Equal(1_536, answer.ToFloats().Length);
        Assert.Equal("embeddings", (await Server.TheObservationAsync("user=dotnet_embedding")).GetProperty("operation").GetString());
    }

    [Fact]
    public async Task OpenAi_moderations_say_what_is_flagged()
    {
        var client = new ModerationClient("omni-moderation-latest", new ApiKeyCredential(BellwetherProcess.ApiKey), Options());
        Assert.True((await client.ClassifyTextAsync("I will kill you")).Value.Flagged);
    }

    [Theory]
    [InlineData("sim-429-retry-after", 429, 3)]
    [InlineData("sim-context-length", 400, 1)]
    public async Task OpenAi_errors_keep_their_status_and_are_retried_as_usual(string model, int status, int attempts)
    {
        var user = "dotnet_" + model;
        var error = await Assert.ThrowsAsync<ClientResultException>(() => Chat(model, retries: 2).CompleteChatAsync([ChatMessage.CreateUserMessage("hi")], new ChatCompletionOptions { EndUserId = user }));
        Assert.Equal(status, error.Status);
        Assert.Equal(attempts, (await Server.ObservationsAsync($"user={user}", attempts)).Count);
    }

    [Fact]
    public async Task OpenAi_caller_that_leaves_is_recorded()
    {
        var options = new ChatCompletionOptions { EndUserId = "dotnet_leaves" };
        options.Metadata["sim_output_tokens"] = "600";
        options.Metadata["sim_tokens_per_second"] = "40";
        var seen = 0;
        await foreach (var _ in Chat("gpt-4o").CompleteChatStreamingAsync([ChatMessage.CreateUserMessage("Explain refunds in detail")], options))
        {
            if (++seen == 6)
            {
                break;
            }
        }
        var stored = await Server.TheObservationAsync("user=dotnet_leaves");
        Assert.Equal("client_disconnect", stored.GetProperty("state").GetString());
        Assert.NotEmpty(stored.GetProperty("output").GetProperty("text").GetString()!);
    }

    [Fact]
    public async Task Microsoft_Extensions_AI_works_over_the_same_client()
    {
        using var client = Chat("gpt-4o-mini").AsIChatClient();
        var options = new ChatOptions { RawRepresentationFactory = _ => new ChatCompletionOptions { EndUserId = "dotnet_meai" } };
        var answer = await client.GetResponseAsync("How do refunds work?", options);
        Assert.NotEmpty(answer.Text);
        var streamed = "";
        await foreach (var update in client.GetStreamingResponseAsync("How do refunds work?", options))
        {
            streamed += update.Text;
        }
        Assert.NotEmpty(streamed);
        var stored = await Server.ObservationsAsync("user=dotnet_meai", 2);
        Assert.Equal(2, stored.Count);
        Assert.All(stored, call => Assert.Equal("ok", call.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Anthropic_message_is_answered_and_measured()
    {
        var message = await Claude().Messages.Create(Ask("dotnet_anthropic", "claude-sonnet-4-6"));
        Assert.True(message.Content[0].TryPickText(out var text));
        Assert.NotEmpty(text.Text);
        var stored = await Server.TheObservationAsync("user=dotnet_anthropic");
        Assert.Equal("anthropic", stored.GetProperty("surface").GetString());
        Assert.Equal(message.Usage.OutputTokens, stored.GetProperty("usage").GetProperty("output_tokens").GetInt64());
        Assert.True(stored.GetProperty("cost").GetProperty("total_usd").GetDecimal() > 0);
    }

    [Fact]
    public async Task Anthropic_stream_is_answered_and_measured()
    {
        var text = "";
        await foreach (var update in Claude().Messages.CreateStreaming(Ask("dotnet_anthropic_stream", "claude-sonnet-4-6")))
        {
            if (update.TryPickContentBlockDelta(out var delta) && delta.Delta.TryPickText(out var piece))
            {
                text += piece.Text;
            }
        }
        var stored = await Server.TheObservationAsync("user=dotnet_anthropic_stream");
        Assert.Equal(text, stored.GetProperty("output").GetProperty("text").GetString());
        Assert.NotEmpty(text);
    }

    [Fact]
    public async Task Anthropic_errors_keep_their_class()
    {
        await Assert.ThrowsAsync<Anthropic.Exceptions.AnthropicRateLimitException>(() => Claude().Messages.Create(Ask("dotnet_anthropic_429", "sim-429-retry-after")));
        Assert.Equal("rate_limited", (await Server.TheObservationAsync("user=dotnet_anthropic_429")).GetProperty("error").GetProperty("type").GetString());
    }

    private ChatClient Chat(string model, int retries = 0) => new(model, new ApiKeyCredential(BellwetherProcess.ApiKey), Options(retries));

    private OpenAIClientOptions Options(int retries = 0) => new()
    {
        Endpoint = new Uri(Server.Address, "/v1"),
        RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(retries),
    };

    private AnthropicClient Claude() => new() { BaseUrl = Server.Address.ToString().TrimEnd('/'), ApiKey = BellwetherProcess.ApiKey, MaxRetries = 0 };

    private static MessageCreateParams Ask(string user, string model) => new()
    {
        Model = model,
        MaxTokens = 300,
        Messages = [new UserMessageParam("How do refunds work?")],
        Metadata = new Metadata { UserID = user },
    };
}
