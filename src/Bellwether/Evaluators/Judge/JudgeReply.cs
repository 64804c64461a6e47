using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bellwether.Evaluators;

/// <summary>Reads a verdict out of a model's answer, also where it did not keep to the format: fences, words around the JSON, <c>"4"</c>, <c>4/5</c>, <c>Score: 4</c>.</summary>
internal static class JudgeReply
{
    private const int LongestReason = 1_000;
    // A verdict is short. Whoever makes the judge write endless brackets must not make us read them over and over.
    private const int MostLookedAt = 20_000;
    private const int MostObjects = 50;

    // "Score: 4", "**Rating** = 4.5 / 5"
    private static readonly Regex s_score = new(@"\b(score|rating|verdict)\b[^0-9\n]{0,20}([0-9]+(\.[0-9]+)?)", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <param name="body">The provider's own body of a chat completion.</param>
    /// <param name="score">0 to 1.</param>
    public static bool TryRead(ReadOnlyMemory<byte> body, out double score, out string reason)
    {
        (score, reason) = (0, "");
        return Content(body) is { } content && TryRead(content, out score, out reason);
    }

    internal static bool TryRead(string content, out double score, out string reason)
    {
        (score, reason) = (0, "");
        if (content.Length > MostLookedAt) { content = content[^MostLookedAt..]; }
        double? grade = null;
        var tries = 0;
        // The object may stand in a fence or between words; the last one that has a score is the verdict, since some models think aloud first.
        for (var start = content.LastIndexOf('{'); start >= 0 && grade is null && tries++ < MostObjects; start = start == 0 ? -1 : content.LastIndexOf('{', start - 1))
        {
            (grade, reason) = Object(content.AsSpan(start));
        }
        if (grade is null && s_score.Match(content) is { Success: true } match)
        {
            (grade, reason) = (double.Parse(match.Groups[2].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture), content.Trim());
        }
        if (grade is not (>= 1 and <= 5)) { return false; }
        score = (grade.Value - 1) / 4;
        reason = reason.Length <= LongestReason ? reason : reason[..LongestReason];
        return true;
    }

    private static (double? Grade, string Reason) Object(ReadOnlySpan<char> text)
    {
        try
        {
            var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(text.ToString()));
            // Reads one value and leaves alone what follows it.
            using var document = JsonDocument.ParseValue(ref reader);
            double? grade = null;
            var reason = "";
            foreach (var member in document.RootElement.EnumerateObject())
            {
                switch (member.Name.ToLowerInvariant())
                {
                    case "score" or "rating" or "grade": grade ??= Grade(member.Value); break;
                    case "reason" or "reasoning" or "explanation" or "rationale" when member.Value.ValueKind == JsonValueKind.String: reason = member.Value.GetString()!.Trim(); break;
                }
            }
            return (grade, reason);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return (null, "");
        }
    }

    // 4, 4.0, "4", "4/5"
    private static double? Grade(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String when double.TryParse(value.GetString()!.Split('/')[0].Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };

    // {"choices":[{"message":{"content":"…"}}]}
    private static string? Content(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("choices", out var choices) && choices is { ValueKind: JsonValueKind.Array } && choices.GetArrayLength() > 0
                && choices[0] is { ValueKind: JsonValueKind.Object } first && first.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object
                && message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String ? content.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
