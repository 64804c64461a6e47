using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Bellwether.Exchange;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>A text of a stored request that a guard pointed at, with the stretch of it.</summary>
internal readonly record struct FoundPlace(string Text, ImmutableArray<TextMark> Marks)
{
    private static readonly int s_longestPath = 200;
    private static readonly int s_mostMarks = 50;

    /// <summary>
    /// Looks up what a finding's place (<c>messages[1].content 10-72</c>) names in the stored body. Null when it is not there: the body may
    /// have been cut, or the place be in the answer. Personal data is replaced before it is stored, so there the placeholders are marked.
    /// </summary>
    public static FoundPlace? Of(CallFinding finding, ReadOnlyMemory<byte> body)
    {
        if (finding.Place.Length is 0 or > 400 || body.IsEmpty) { return null; }
        var space = finding.Place.LastIndexOf(' ');
        var path = space < 0 ? finding.Place : finding.Place[..space];
        if (path.Length > s_longestPath || TextAt(body, path) is not { Length: > 0 } text) { return null; }
        var label = SecurityWords.Kind(finding.Guard);
        var marks = finding.Guard == "pii" ? Placeholders(text) : Span(finding.Place, space, text, label);
        return new FoundPlace(text, marks);
    }

    private static ImmutableArray<TextMark> Span(string place, int space, string text, string label)
    {
        var range = space < 0 ? [] : place[(space + 1)..].Split('-');
        // What was redacted when the body was stored moves what stands behind it: a stretch beyond the text is none.
        return range.Length == 2 && int.TryParse(range[0], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            && int.TryParse(range[1], NumberStyles.None, CultureInfo.InvariantCulture, out var end) && start < end && start < text.Length
            ? [new TextMark(start, Math.Min(end, text.Length), label)]
            : [];
    }

    private static ImmutableArray<TextMark> Placeholders(string text)
    {
        var marks = ImmutableArray.CreateBuilder<TextMark>();
        for (var at = text.IndexOf('[', StringComparison.Ordinal); at >= 0 && marks.Count < s_mostMarks; at = text.IndexOf('[', at + 1))
        {
            var end = text.IndexOf(']', at);
            if (end < 0) { break; }
            var name = text[(at + 1)..end].Split(':')[0];
            if (Detection.PersonalDataTypes.TryParse(name, out _) || (name.LastIndexOf('_') is > 0 and var cut && Detection.PersonalDataTypes.TryParse(name[..cut], out _))) { marks.Add(new TextMark(at, end + 1, "Personal data")); }
        }
        return marks.ToImmutable();
    }

    private static string? TextAt(ReadOnlyMemory<byte> body, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body);
            var at = document.RootElement;
            foreach (var step in path.Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
            {
                if (step.EndsWith(']'))
                {
                    if (at.ValueKind != JsonValueKind.Array || !int.TryParse(step[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= at.GetArrayLength()) { return null; }
                    at = at[index];
                }
                else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step, out at))
                {
                    return null;
                }
            }
            return at.ValueKind == JsonValueKind.String ? at.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Half a body, or half a surrogate pair in a string.
            return null;
        }
    }
}
