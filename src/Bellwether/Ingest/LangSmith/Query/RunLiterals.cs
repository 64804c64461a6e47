using System.Globalization;
using System.Text.Json.Nodes;

namespace Bellwether.Ingest;

/// <summary>Reads a literal as its field's type.</summary>
internal static class RunLiterals
{
    /// <returns>The value with what it stands for; null when the field cannot be compared with it.</returns>
    public static RunValue? Read(RunField field, RunValue value)
    {
        if (value.IsNull)
        {
            return field.Kind is RunFieldKind.Tags or RunFieldKind.Flag or RunFieldKind.Metadata ? null : value;
        }
        var text = value.Text!;
        return field.Kind switch
        {
            RunFieldKind.Id => Guid.TryParse(text, CultureInfo.InvariantCulture, out var id) ? value with { Text = id.ToString() } : null,
            RunFieldKind.Number or RunFieldKind.FeedbackScore => (value.Number ?? Number(text) ?? (value.Flag is { } said ? said ? 1 : 0 : null)) is { } number ? value with { Number = number } : null,
            RunFieldKind.Seconds => (value.Number is { } seconds ? seconds * 1_000 : Duration(text)) is { } ms ? value with { Number = ms } : null,
            RunFieldKind.Time => JsonFields.Time(JsonValue.Create(text)) is { } time ? value with { Time = time } : null,
            RunFieldKind.Flag => bool.TryParse(text, out var flag) ? value with { Flag = flag } : null,
            RunFieldKind.Metadata => LooseJson.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var node) && node is JsonObject { Count: > 0 } ? value : null,
            _ => value,
        };
    }

    public static string Expected(RunField field) => field.Kind switch
    {
        RunFieldKind.Id => "a UUID",
        RunFieldKind.Number or RunFieldKind.FeedbackScore => "a number",
        RunFieldKind.Seconds => "seconds as a number, or a text such as \"2s\", \"500ms\", \"1.5m\", \"1h\"",
        RunFieldKind.Time => "an instant such as \"2026-11-26T12:00:00Z\"",
        RunFieldKind.Flag => "true or false",
        RunFieldKind.Metadata => "a JSON object with a key and its value, as a text",
        _ => "a text",
    };

    /// <summary><c>2s</c>, <c>500ms</c>, <c>1.5m</c>, <c>1h</c>, <c>1d</c>, or seconds without a unit, in milliseconds.</summary>
    private static double? Duration(string text)
    {
        text = text.Trim();
        var unit = text.Length - text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz").Length;
        double? factor = text[(text.Length - unit)..] switch
        {
            "ms" => 1,
            "s" or "sec" or "" => 1_000,
            "m" or "min" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => null,
        };
        return Number(text[..(text.Length - unit)]) * factor;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
