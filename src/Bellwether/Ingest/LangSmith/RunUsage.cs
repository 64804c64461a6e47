using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Token counts of a run, from the places where LangSmith's clients put them, made inclusive as <see cref="Usage"/> is.</summary>
internal static class RunUsage
{
    /// <summary>Marks a cost that the client said.</summary>
    public static readonly string ClientPrice = "client";

    /// <summary>Null when nothing is said.</summary>
    public static Usage? Read(JsonNode? outputs, JsonNode? metadata)
    {
        var generation = RunMessages.FirstGeneration(outputs);
        return Inclusive(JsonFields.Get(outputs, "usage_metadata"))
            ?? Inclusive(JsonFields.Get(metadata, "usage_metadata"))
            ?? Inclusive(JsonFields.Get(JsonFields.Get(JsonFields.Get(generation, "message"), "kwargs"), "usage_metadata"))
            ?? Inclusive(JsonFields.Get(JsonFields.Get(generation, "message"), "usage_metadata"))
            ?? TokenUsage(JsonFields.Get(JsonFields.Get(outputs, "llmOutput"), "tokenUsage"))
            ?? TokenUsage(JsonFields.Get(JsonFields.Get(outputs, "llm_output"), "token_usage"))
            ?? Raw(JsonFields.Get(outputs, "usage"));
    }

    /// <summary>What the client says that it cost; null when it says nothing, and the price table decides.</summary>
    public static Cost? Cost(JsonNode? outputs, JsonNode? metadata)
    {
        var usage = JsonFields.Get(outputs, "usage_metadata") ?? JsonFields.Get(metadata, "usage_metadata");
        return (Usd(usage, "input_cost"), Usd(usage, "output_cost"), Usd(usage, "total_cost")) switch
        {
            (null, null, null) => null,
            (null, null, { } all) => new Cost(all, 0, ClientPrice),
            ({ } input, null, { } all) => new Cost(input, Math.Max(0, all - input), ClientPrice),
            (var input, var output, _) => new Cost(input ?? 0, output ?? 0, ClientPrice),
        };
    }

    private static decimal? Usd(JsonNode? usage, string name) => JsonFields.Number(JsonFields.Get(usage, name)) is >= 0 and < 1e9 and var usd ? (decimal)usd : null;

    // {"input_tokens":9,"output_tokens":12,"total_tokens":21,"input_token_details":{"cache_read":4},"output_token_details":{"reasoning":3}}
    private static Usage? Inclusive(JsonNode? usage)
    {
        if (JsonFields.Count(JsonFields.Get(usage, "input_tokens")) is null && JsonFields.Count(JsonFields.Get(usage, "output_tokens")) is null)
        {
            return null;
        }
        var input = JsonFields.Get(usage, "input_token_details");
        var output = JsonFields.Get(usage, "output_token_details");
        return new Usage
        {
            InputTokens = JsonFields.Count(JsonFields.Get(usage, "input_tokens")),
            OutputTokens = JsonFields.Count(JsonFields.Get(usage, "output_tokens")),
            CacheReadTokens = Part(input, "cache_read"),
            CacheWriteTokens = Part(input, "cache_creation"),
            InputAudioTokens = Part(input, "audio"),
            ReasoningTokens = Part(output, "reasoning"),
            OutputAudioTokens = Part(output, "audio"),
        };
    }

    // LangChain: {"promptTokens":9,"completionTokens":12,"totalTokens":21}; its Python: {"prompt_tokens":9,…}
    private static Usage? TokenUsage(JsonNode? usage)
    {
        var input = JsonFields.Count(JsonFields.Get(usage, "promptTokens"));
        var output = JsonFields.Count(JsonFields.Get(usage, "completionTokens"));
        return input is null && output is null ? Raw(usage) : new Usage { InputTokens = input, OutputTokens = output };
    }

    // OpenAI's own: {"prompt_tokens":9,"completion_tokens":12,"prompt_tokens_details":{"cached_tokens":4}}, or Responses' names;
    // Anthropic's counts are exclusive and told by cache_read_input_tokens.
    private static Usage? Raw(JsonNode? usage)
    {
        if (JsonFields.Count(JsonFields.Get(usage, "prompt_tokens")) is { } prompt)
        {
            return new Usage
            {
                InputTokens = prompt,
                OutputTokens = JsonFields.Count(JsonFields.Get(usage, "completion_tokens")),
                CacheReadTokens = Part(JsonFields.Get(usage, "prompt_tokens_details"), "cached_tokens"),
                InputAudioTokens = Part(JsonFields.Get(usage, "prompt_tokens_details"), "audio_tokens"),
                ReasoningTokens = Part(JsonFields.Get(usage, "completion_tokens_details"), "reasoning_tokens"),
                OutputAudioTokens = Part(JsonFields.Get(usage, "completion_tokens_details"), "audio_tokens"),
            };
        }
        if (JsonFields.Count(JsonFields.Get(usage, "input_tokens")) is not { } input)
        {
            return null;
        }
        var read = Part(usage, "cache_read_input_tokens");
        var write = Part(usage, "cache_creation_input_tokens");
        return new Usage
        {
            InputTokens = input + read + write,
            OutputTokens = JsonFields.Count(JsonFields.Get(usage, "output_tokens")),
            CacheReadTokens = read + Part(JsonFields.Get(usage, "input_tokens_details"), "cached_tokens"),
            CacheWriteTokens = write,
            ReasoningTokens = Part(JsonFields.Get(usage, "output_tokens_details"), "reasoning_tokens"),
        };
    }

    private static long Part(JsonNode? details, string name) => JsonFields.Count(JsonFields.Get(details, name)) ?? 0;
}
