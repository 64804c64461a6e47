using System.Globalization;
using System.Text.Json;

namespace Bellwether.Gateway;

/// <summary>One entry of <c>Helicone-Fallbacks</c>.</summary>
/// <param name="TargetUrl">Origin to call.</param>
/// <param name="Headers">Set over the caller's own.</param>
/// <param name="OnCodes">Statuses after which the next entry is tried.</param>
/// <param name="BodyKeys">Top-level keys of the body with their new JSON values.</param>
internal sealed record Fallback(
    string TargetUrl, IReadOnlyList<KeyValuePair<string, string>> Headers, IReadOnlyList<(int From, int To)> OnCodes, IReadOnlyDictionary<string, string> BodyKeys)
{
    private const int MostEntries = 10;

    /// <summary>The model that the body then names; null when it stays.</summary>
    public string? Model { get; init; }

    public bool GoesOnAfter(int status)
    {
        foreach (var (from, to) in OnCodes)
        {
            if (status >= from && status <= to)
            {
                return true;
            }
        }
        return false;
    }

    // [{"target-url":"https://api.openai.com","headers":{"Authorization":"Bearer …"},"onCodes":[429,{"from":500,"to":599}],"bodyKeyOverride":{"model":"gpt-4o"}}]
    public static IReadOnlyList<Fallback> Parse(string text, out string? problem)
    {
        problem = null;
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Array || json.RootElement.GetArrayLength() is 0 or > MostEntries)
            {
                problem = $"must be a JSON array of 1 to {MostEntries} fallbacks";
                return [];
            }
            var fallbacks = new List<Fallback>();
            foreach (var entry in json.RootElement.EnumerateArray())
            {
                if (One(entry, out var field) is not { } fallback)
                {
                    problem = string.Create(CultureInfo.InvariantCulture, $"has a wrong value at [{fallbacks.Count}]{field}");
                    return [];
                }
                fallbacks.Add(fallback);
            }
            return fallbacks;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair shows only when its text is read.
            problem = "is not valid JSON";
            return [];
        }
    }

    private static Fallback? One(JsonElement entry, out string field)
    {
        field = "";
        if (entry.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        field = ".target-url";
        if (!entry.TryGetProperty("target-url", out var target) || target.ValueKind != JsonValueKind.String)
        {
            return null;
        }
        field = ".headers";
        var headers = new List<KeyValuePair<string, string>>();
        if (entry.TryGetProperty("headers", out var given))
        {
            if (given.ValueKind != JsonValueKind.Object)
            {
                return null;
            }
            foreach (var header in given.EnumerateObject())
            {
                if (header.Name.Length == 0 || header.Value.ValueKind != JsonValueKind.String || !HeaderRules.IsSafe(header.Value.GetString()!))
                {
                    return null;
                }
                if (HeaderRules.OfRequest(header.Name) is not (HeaderRule.Drop or HeaderRule.Ours or HeaderRule.AcceptEncoding))
                {
                    headers.Add(new(header.Name, header.Value.GetString()!));
                }
            }
        }
        field = ".onCodes";
        if (Codes(entry) is not { } codes)
        {
            return null;
        }
        field = ".bodyKeyOverride";
        var keys = new Dictionary<string, string>();
        if (entry.TryGetProperty("bodyKeyOverride", out var overrides))
        {
            if (overrides.ValueKind != JsonValueKind.Object)
            {
                return null;
            }
            foreach (var key in overrides.EnumerateObject())
            {
                keys[key.Name] = key.Value.GetRawText();
            }
            // Whether it is a stream was decided, and counted, before.
            if (keys.ContainsKey("stream") || (overrides.TryGetProperty("model", out var named) && named.ValueKind != JsonValueKind.String))
            {
                return null;
            }
        }
        return new Fallback(target.GetString()!, headers, codes, keys) { Model = keys.ContainsKey("model") ? overrides.GetProperty("model").GetString() : null };
    }

    private static List<(int From, int To)>? Codes(JsonElement entry)
    {
        var codes = new List<(int, int)>();
        if (!entry.TryGetProperty("onCodes", out var listed) || listed.ValueKind != JsonValueKind.Array)
        {
            return null;
        }
        foreach (var code in listed.EnumerateArray())
        {
            if (code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var one))
            {
                codes.Add((one, one));
            }
            else if (code.ValueKind == JsonValueKind.Object && Status(code, "from") is { } from && Status(code, "to") is { } to)
            {
                codes.Add((from, to));
            }
            else
            {
                return null;
            }
        }
        return codes;
    }

    private static int? Status(JsonElement range, string name) =>
        range.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var status) ? status : null;
}
