using System.Text.Json;

namespace Bellwether.Guardrails;

/// <summary>
/// What a moderation endpoint says of one text:
/// <c>{"results":[{"flagged":true,"categories":{"violence":true},"category_scores":{"violence":0.93}}]}</c>.
/// </summary>
/// <param name="Score">The highest of its categories, 0 to 1.</param>
/// <param name="Categories">Those it flags.</param>
internal sealed record ModerationReply(bool Flagged, double Score, IReadOnlyList<string> Categories)
{
    private const int MostCategories = 5;
    private const int LongestName = 40;

    /// <summary>Null for what is no such answer.</summary>
    public static ModerationReply? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("results", out var results) || results.ValueKind != JsonValueKind.Array || results.GetArrayLength() == 0
                || results[0] is not { ValueKind: JsonValueKind.Object } first || !first.TryGetProperty("flagged", out var flagged) || flagged.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                return null;
            }
            return new ModerationReply(flagged.GetBoolean(), Highest(first), Flags(first));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static double Highest(JsonElement result)
    {
        var highest = 0.0;
        if (result.TryGetProperty("category_scores", out var scores) && scores.ValueKind == JsonValueKind.Object)
        {
            foreach (var score in scores.EnumerateObject())
            {
                highest = score.Value.ValueKind == JsonValueKind.Number && score.Value.TryGetDouble(out var value) ? Math.Max(highest, Math.Clamp(value, 0, 1)) : highest;
            }
        }
        return highest;
    }

    // Names go into an event's reason: only what looks like one.
    private static List<string> Flags(JsonElement result)
    {
        var names = new List<string>();
        if (result.TryGetProperty("categories", out var categories) && categories.ValueKind == JsonValueKind.Object)
        {
            foreach (var category in categories.EnumerateObject())
            {
                if (category.Value.ValueKind == JsonValueKind.True && names.Count < MostCategories && category.Name.Length is > 0 and <= LongestName && category.Name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or ' '))
                {
                    names.Add(category.Name);
                }
            }
        }
        return names;
    }
}
