using System.Text.Json.Nodes;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Token counts and costs of an event, made inclusive as <see cref="Usage"/> is.</summary>
internal static class AnalyticsUsage
{
    public static Usage Read(AnalyticsEvent said, string provider)
    {
        var input = JsonFields.Count(said.Get("input_tokens", "prompt_tokens"));
        var output = JsonFields.Count(said.Get("output_tokens", "completion_tokens"));
        var total = JsonFields.Count(said.Get("total_tokens"));
        if (input is null && output is null && total is null)
        {
            // The provider's own numbers, which @posthog/ai sends along.
            return said.Get("usage") is JsonObject raw ? LangfuseUsage.Read(new JsonObject { ["usage"] = raw.DeepClone() }) ?? Usage.None : Usage.None;
        }
        var read = JsonFields.Count(said.Get("cache_read_input_tokens")) ?? 0;
        var write = JsonFields.Count(said.Get("cache_creation_input_tokens")) ?? 0;
        var reasoning = JsonFields.Count(said.Get("reasoning_tokens")) ?? 0;
        input ??= total is not null && output is not null ? Math.Max(0, total.Value - output.Value) : output is null ? total : null;
        if (input is { } counted && (Exclusive(said, provider) || counted < read + write))
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
            ToolRequests = JsonFields.Count(said.Get("web_search_count")) ?? 0,
        };
    }

    /// <summary>What the client says that it cost; null when it says nothing, and the price table decides.</summary>
    public static Cost? Cost(AnalyticsEvent said)
    {
        var input = Usd(said.Get("input_cost_usd"));
        var output = Usd(said.Get("output_cost_usd"));
        var total = Usd(said.Get("total_cost_usd", "cost_usd"));
        return (input, output, total) switch
        {
            (null, null, null) => null,
            (null, null, { } all) => new Cost(all, 0, RunUsage.ClientPrice),
            ({ } first, null, { } all) => new Cost(first, Math.Max(0, all - first), RunUsage.ClientPrice),
            (_, { } last, { } all) => new Cost(Math.Max(0, all - last), last, RunUsage.ClientPrice),
            (var first, var last, null) => new Cost(first ?? 0, last ?? 0, RunUsage.ClientPrice),
        };
    }

    // PostHog takes Anthropic's counts as exclusive where nothing is said, for that is what the provider itself says.
    private static bool Exclusive(AnalyticsEvent said, string provider) => said.Get("cache_reporting_exclusive") is { } flag
        ? JsonFields.Scalar(flag) == "true"
        : provider == "anthropic";

    private static decimal? Usd(JsonNode? node) => JsonFields.Number(node) is >= 0 and < 1e9 and var usd ? (decimal)usd : null;
}
