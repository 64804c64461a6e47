using System.Text.Json;
using Bellwether.Telemetry;

namespace Bellwether.Pricing;

/// <summary>
/// Says where an API's answer keeps its usage: the root object and, for each count, a path below it. Counts that go to the
/// same place are added, which makes Anthropic's exclusive input counts inclusive.
/// </summary>
internal sealed class UsageExtractor
{
    private readonly Step[] _root;
    private readonly Step[] _modelPath;
    private readonly Mapping[] _mappings;

    private UsageExtractor(string flavor, Step[] root, Step[] modelPath, Mapping[] mappings)
    {
        Flavor = flavor;
        _root = root;
        _modelPath = modelPath;
        _mappings = mappings;
    }

    /// <summary>The API's name within its provider: <c>chat</c>, <c>responses</c>, <c>embeddings</c>, <c>anthropic</c>, <c>default</c>.</summary>
    public string Flavor { get; }

    /// <summary>Takes usage and model out of an answer; false when the answer does not have what this API always sends.</summary>
    public bool TryExtract(JsonElement response, out Usage usage, out string? model)
    {
        usage = Usage.None;
        model = Enter(response, _modelPath) is { ValueKind: JsonValueKind.String } named ? named.GetString() : null;
        if (Enter(response, _root) is not { ValueKind: JsonValueKind.Object } root)
        {
            return false;
        }
        foreach (var mapping in _mappings)
        {
            if (Enter(root, mapping.Path) is { ValueKind: JsonValueKind.Number } number && TryCount(number, out var count))
            {
                usage = Add(usage, mapping.Destination, count);
            }
            else if (mapping.Required)
            {
                return false;
            }
        }
        return usage.IsKnown;
    }

    public static UsageExtractor Read(JsonElement json) => new(
        json.GetProperty("api_flavor").GetString()!,
        ReadPath(json.GetProperty("root")),
        ReadPath(json.GetProperty("model_path")),
        [.. json.GetProperty("mappings").EnumerateArray().Select(mapping => new Mapping(
            ReadPath(mapping.GetProperty("path")),
            mapping.GetProperty("dest").GetString()!,
            mapping.GetProperty("required").GetBoolean()))]);

    // 12.0 is how some servers in JavaScript or Lua write 12.
    private static bool TryCount(JsonElement number, out long count)
    {
        if (!number.TryGetInt64(out count))
        {
            if (!number.TryGetDouble(out var written) || written < 0 || written > Usage.MostTokens || written != Math.Floor(written))
            {
                return false;
            }
            count = (long)written;
        }
        count = Math.Min(count, Usage.MostTokens);
        return count >= 0;
    }

    private static Usage Add(Usage usage, string destination, long count) => destination switch
    {
        "input_tokens" => usage with { InputTokens = (usage.InputTokens ?? 0) + count },
        "output_tokens" => usage with { OutputTokens = (usage.OutputTokens ?? 0) + count },
        "cache_read_tokens" => usage with { CacheReadTokens = usage.CacheReadTokens + count },
        "cache_write_tokens" => usage with { CacheWriteTokens = usage.CacheWriteTokens + count },
        "input_audio_tokens" => usage with { InputAudioTokens = usage.InputAudioTokens + count },
        "output_audio_tokens" => usage with { OutputAudioTokens = usage.OutputAudioTokens + count },
        "output_image_tokens" => usage with { OutputImageTokens = usage.OutputImageTokens + count },
        "cache_audio_read_tokens" => usage with { CacheAudioReadTokens = usage.CacheAudioReadTokens + count },
        _ => throw new FormatException($"Price table: unknown usage field '{destination}'."),
    };

    private static JsonElement? Enter(JsonElement from, Step[] path)
    {
        var at = from;
        foreach (var step in path)
        {
            if (step.MatchValue is { } wanted)
            {
                // [{"modality":"TEXT","tokenCount":12},{"modality":"AUDIO","tokenCount":3}]
                if (at.ValueKind != JsonValueKind.Array)
                {
                    return null;
                }
                var found = at.EnumerateArray().FirstOrDefault(item =>
                    item.ValueKind == JsonValueKind.Object
                    && item.TryGetProperty(step.Name, out var value)
                    && value.ValueKind == JsonValueKind.String
                    && value.GetString()!.Equals(wanted, StringComparison.OrdinalIgnoreCase));
                if (found.ValueKind == JsonValueKind.Undefined)
                {
                    return null;
                }
                at = found;
            }
            else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step.Name, out at))
            {
                return null;
            }
        }
        return at;
    }

    private static Step[] ReadPath(JsonElement json) => json.ValueKind == JsonValueKind.String
        ? [new Step(json.GetString()!, null)]
        : [.. json.EnumerateArray().Select(step => step.ValueKind == JsonValueKind.String
            ? new Step(step.GetString()!, null)
            : new Step(step.GetProperty("field").GetString()!, step.GetProperty("match").GetProperty("equals").GetString()))];

    private sealed record Mapping(Step[] Path, string Destination, bool Required);

    /// <param name="Name">Member to enter; with <paramref name="MatchValue"/>, the member by which an array's item is chosen.</param>
    private sealed record Step(string Name, string? MatchValue);
}
