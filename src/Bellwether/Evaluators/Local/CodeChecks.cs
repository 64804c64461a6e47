using System.Globalization;
using System.Text.Json;
using Bellwether.Quality;

namespace Bellwether.Evaluators;

/// <summary>The conditions that a code evaluator is put together from. Nobody's program is run here: a program of one's own sends its scores to the feedback API.</summary>
internal static class CodeChecks
{
    private const int LongestValue = 20_000;

    public static readonly IReadOnlyList<string> Names = ["contains", "not_contains", "starts_with", "ends_with", "equals", "min_length", "max_length", "is_json", "json_schema", "matches", "not_matches"];

    /// <summary>What is wrong with a condition, to follow <c>checks</c> in a sentence; null when nothing is.</summary>
    public static string? WhyNot(CodeCheck? check)
    {
        if (check is null || !Names.Contains(check.Check)) { return $"must each be one of {string.Join(", ", Names)}"; }
        var value = check.Value ?? "";
        if (value.Length > LongestValue) { return $"may have values of at most {LongestValue} characters"; }
        return check.Check switch
        {
            "min_length" or "max_length" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null : $"need a whole number for {check.Check}",
            "matches" or "not_matches" => value.Length == 0 ? $"need a pattern for {check.Check}" : SafePattern.WhyNot(value) is { } problem ? $"have a pattern for {check.Check} that {problem}" : null,
            "json_schema" => IsJson(value) ? null : "need a JSON schema for json_schema",
            "is_json" => null,
            _ => value.Length > 0 ? null : $"need a value for {check.Check}",
        };
    }

    /// <summary>A condition ready to be asked of many texts: null when it holds, else why not.</summary>
    public static Func<string, string?> Compile(CodeCheck check)
    {
        var value = check.Value ?? "";
        switch (check.Check)
        {
            case "contains": return text => text.Contains(value, StringComparison.Ordinal) ? null : $"Does not contain “{Shorten(value)}”.";
            case "not_contains": return text => text.Contains(value, StringComparison.Ordinal) ? $"Contains “{Shorten(value)}”." : null;
            case "starts_with": return text => text.StartsWith(value, StringComparison.Ordinal) ? null : $"Does not start with “{Shorten(value)}”.";
            case "ends_with": return text => text.EndsWith(value, StringComparison.Ordinal) ? null : $"Does not end with “{Shorten(value)}”.";
            case "equals": return text => text.Trim() == value.Trim() ? null : "Is another text.";
            case "min_length":
                var least = int.Parse(value, CultureInfo.InvariantCulture);
                return text => text.Length >= least ? null : FormattableString.Invariant($"Has {text.Length} characters, fewer than {least}.");
            case "max_length":
                var most = int.Parse(value, CultureInfo.InvariantCulture);
                return text => text.Length <= most ? null : FormattableString.Invariant($"Has {text.Length} characters, more than {most}.");
            case "is_json": return text => IsJson(text) ? null : "Is no JSON.";
            case "json_schema": return text => SchemaValidator.Check(new AnswerUnderTest(text) { Schema = value }) is { Verdict: not ValidatorVerdict.Pass } result ? result.Reason : null;
            case "matches":
                var wanted = SafePattern.Compile(value);
                return text => wanted.IsMatch(text) ? null : "The pattern is not found.";
            case "not_matches":
                var banned = SafePattern.Compile(value);
                return text => banned.IsMatch(text) ? "The pattern is found." : null;
            default: throw new ArgumentOutOfRangeException(nameof(check), check.Check, null);
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
