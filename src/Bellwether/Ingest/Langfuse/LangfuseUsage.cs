using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Token counts and costs of a step in every shape that Langfuse's clients use, made inclusive as <see cref="Usage"/> is.</summary>
internal static class LangfuseUsage
{
    /// <summary>Null when nothing is said.</summary>
    public static Usage? Read(JsonObject step) => Details(step["usageDetails"]) ?? Details(step["usage"]);

    /// <summary>What the client says that it cost; null when it says nothing, and the price table decides.</summary>
    public static Cost? Cost(JsonObject step)
    {
        var details = step["costDetails"];
        var usage = step["usage"];
        var input = Usd(JsonFields.Get(details, "input") ?? JsonFields.Get(usage, "inputCost") ?? step["calculatedInputCost"]);
        var output = Usd(JsonFields.Get(details, "output") ?? JsonFields.Get(usage, "outputCost") ?? step["calculatedOutputCost"]);
        var total = Usd(JsonFields.Get(details, "total") ?? JsonFields.Get(usage, "totalCost") ?? step["calculatedTotalCost"]);
        // {"input":0.1,"cache_read_input_tokens":0.01,"output":0.2}: the total is of all of them.
        if (total is null && details is JsonObject parts)
        {
            total = parts.Sum(part => Usd(part.Value)) is > 0 and var sum ? sum : null;
        }
        return (input, output, total) switch
        {
            (null, null, null) => null,
            (null, null, { } all) => new Cost(all, 0, RunUsage.ClientPrice),
            ({ } first, null, { } all) => new Cost(first, Math.Max(0, all - first), RunUsage.ClientPrice),
            (_, { } last, { } all) => new Cost(Math.Max(0, all - last), last, RunUsage.ClientPrice),
            (var first, var last, null) => new Cost(first ?? 0, last ?? 0, RunUsage.ClientPrice),
        };
    }

    private static decimal? Usd(JsonNode? node) => JsonFields.Number(node) is >= 0 and < 1e9 and var usd ? (decimal)usd : null;

    // {"input":9,"output":12,"total":21,"unit":"TOKENS"}                      of ours, old
    // {"input":9,"output":12,"total":21,"input_cached_tokens":4}              what the SDK makes of OpenAI's: inclusive
    // {"input":9,"output":12,"cache_read_input_tokens":100}                   Anthropic's own numbers: exclusive
    // {"promptTokens":9,"completionTokens":12,"totalTokens":21}               older still
    // {"prompt_tokens":9,…,"prompt_tokens_details":{"cached_tokens":4}}       OpenAI's own
    private static Usage? Details(JsonNode? usage)
    {
        // Characters and seconds are no tokens.
        if (usage is not JsonObject || (JsonFields.Text(usage["unit"]) is { Length: > 0 } unit && unit != "TOKENS"))
        {
            return null;
        }
        var input = Count(usage, "input", "promptTokens", "prompt_tokens", "input_tokens");
        var output = Count(usage, "output", "completionTokens", "completion_tokens", "output_tokens");
        var total = Count(usage, "total", "totalTokens", "total_tokens");
        if (input is null && output is null && total is null)
        {
            return null;
        }
        var inputs = JsonFields.Get(usage, "prompt_tokens_details") ?? JsonFields.Get(usage, "input_tokens_details");
        var outputs = JsonFields.Get(usage, "completion_tokens_details") ?? JsonFields.Get(usage, "output_tokens_details");
        var read = Count(usage, "input_cached_tokens", "cache_read_input_tokens", "input_cache_read", "input_cached") ?? Count(inputs, "cached_tokens") ?? 0;
        var write = Count(usage, "cache_creation_input_tokens", "input_cache_creation", "input_cache_write_tokens") ?? Count(inputs, "cache_write_tokens") ?? 0;
        var reasoning = Count(usage, "output_reasoning_tokens", "output_reasoning", "reasoning_tokens") ?? Count(outputs, "reasoning_tokens") ?? 0;
        input ??= total is not null && output is not null ? Math.Max(0, total.Value - output.Value) : output is null ? total : null;
        var anthropic = JsonFields.Get(usage, "cache_read_input_tokens") is not null || JsonFields.Get(usage, "cache_creation_input_tokens") is not null;
        if (input is { } counted && read + write > 0 && (counted < read + write || (total is { } all ? all >= counted + (output ?? 0) + read + write : anthropic)))
        {
            input = counted + read + write;
        }
        return new Usage
        {
            InputTokens = input,
            OutputTokens = output,
            CacheReadTokens = read,
            CacheWriteTokens = write,
            ReasoningTokens = Math.Min(reasoning, output ?? reasoning),
            InputAudioTokens = Count(usage, "input_audio_tokens") ?? Count(inputs, "audio_tokens") ?? 0,
            OutputAudioTokens = Count(usage, "output_audio_tokens") ?? Count(outputs, "audio_tokens") ?? 0,
        };
    }

    private static long? Count(JsonNode? usage, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (JsonFields.Count(JsonFields.Get(usage, name)) is { } count)
            {
                return count;
            }
        }
        return null;
    }
}
