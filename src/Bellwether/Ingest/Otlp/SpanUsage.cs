using System.Globalization;
using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Ingest;

/// <summary>Token counts and costs of a span, made inclusive.</summary>
internal static class SpanUsage
{
    public static Usage Read(SpanAttributes span)
    {
        var details = Details(span.Bytes(SpanField.UsageDetails));
        var input = span.Count(SpanField.InputTokens) ?? Count(details, "input", "prompt_tokens", "input_tokens");
        var output = span.Count(SpanField.OutputTokens) ?? Count(details, "output", "completion_tokens", "output_tokens");
        var total = span.Count(SpanField.TotalTokens) ?? Count(details, "total", "total_tokens");
        if (input is null && output is null && total is null)
        {
            return Usage.None;
        }
        var read = span.Count(SpanField.CacheReadTokens) ?? Count(details, "input_cached_tokens", "cache_read_input_tokens", "input_cache_read", "input_token_details.cache_read") ?? 0;
        var write = span.Count(SpanField.CacheWriteTokens) ?? Count(details, "input_cache_creation", "cache_creation_input_tokens", "input_token_details.cache_creation") ?? 0;
        var reasoning = span.Count(SpanField.ReasoningTokens) ?? Count(details, "output_reasoning_tokens", "reasoning_tokens", "output_token_details.reasoning") ?? 0;
        input ??= total is not null && output is not null ? Math.Max(0, total.Value - output.Value) : output is null ? total : null;
        // Inclusive counts are never smaller than their parts: what is smaller was counted Anthropic's way.
        if (input is { } counted && (span.Text(SpanField.CacheExclusive) == "true" || counted < read + write))
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
        };
    }

    /// <summary>What the client says that it cost; null when it says nothing, and the price table decides.</summary>
    public static Cost? Cost(SpanAttributes span)
    {
        var details = Details(span.Bytes(SpanField.CostDetails));
        // LangSmith tells costs beside the counts.
        var counts = Details(span.Bytes(SpanField.UsageDetails));
        var input = Usd(span.Number(SpanField.CostInput) ?? Number(details, "input") ?? Number(counts, "input_cost"));
        var output = Usd(span.Number(SpanField.CostOutput) ?? Number(details, "output") ?? Number(counts, "output_cost"));
        var total = Usd(span.Number(SpanField.CostTotal) ?? Number(details, "total") ?? Number(counts, "total_cost"));
        return (input, output, total) switch
        {
            (null, null, null) => null,
            (null, null, { } all) => new Cost(all, 0, "client"),
            ({ } first, null, { } all) => new Cost(first, Math.Max(0, all - first), "client"),
            _ => new Cost(input ?? 0, output ?? 0, "client"),
        };
    }

    private static decimal? Usd(double? value) => value is >= 0 and < 1e9 ? (decimal)value.Value : null;

    private static Dictionary<string, double> Details(byte[] json)
    {
        var counts = new Dictionary<string, double>(StringComparer.Ordinal);
        if (json.Length is 0 or > 64 * 1024)
        {
            return counts;
        }
        try
        {
            using var document = LooseJson.Parse(json);
            Collect(document.RootElement, "", counts);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Not the object that it should be: the counts are unknown, the text stays among the attributes of nobody.
            counts.Clear();
        }
        return counts;
    }

    // {"input_tokens":8,"input_token_details":{"cache_read":3}} has input_token_details.cache_read.
    private static void Collect(JsonElement details, string prefix, Dictionary<string, double> counts)
    {
        if (details.ValueKind != JsonValueKind.Object)
        {
            return;
        }
        foreach (var member in details.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetDouble(out var number) && double.IsFinite(number))
            {
                counts[prefix + member.Name] = number;
            }
            else if (member.Value.ValueKind == JsonValueKind.String && double.TryParse(member.Value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number))
            {
                counts[prefix + member.Name] = number;
            }
            else if (prefix.Length == 0)
            {
                Collect(member.Value, member.Name + ".", counts);
            }
        }
    }

    private static double? Number(Dictionary<string, double> details, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (details.TryGetValue(name, out var value))
            {
                return value;
            }
        }
        return null;
    }

    private static long? Count(Dictionary<string, double> details, params ReadOnlySpan<string> names) =>
        Number(details, names) is >= 0 and < 1e15 and var number ? (long)number : null;
}
