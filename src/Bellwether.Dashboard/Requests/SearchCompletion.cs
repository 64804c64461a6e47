using System.Collections.Immutable;
using Bellwether.Telemetry;

namespace Bellwether.Dashboard;

/// <summary>A proposal for the search box.</summary>
/// <param name="Text">The whole line after taking it.</param>
/// <param name="Caret">Where the caret stands then.</param>
/// <param name="Label">What the list shows.</param>
/// <param name="Hint">What it means, or how many requests have it.</param>
/// <param name="IsField">A field, after which a value is still to be typed.</param>
internal sealed record Completion(string Text, int Caret, string Label, string Hint, bool IsField);

/// <summary>Where in a line the caret stands: in the name of a field, or in one of its values.</summary>
/// <param name="Field">Null while a name is being typed.</param>
/// <param name="Typed">What is typed so far of the name or the value.</param>
/// <param name="Start">Where that begins in the line.</param>
/// <param name="End">Where it ends: what a completion replaces.</param>
internal sealed record CompletionPoint(FilterField? Field, string Typed, int Start, int End);

/// <summary>Completes the search line. The values themselves are asked of the store by the component.</summary>
internal static class SearchCompletion
{
    private const int Most = 8;

    private static readonly string[] Booleans = ["true", "false"];

    private static readonly ImmutableDictionary<string, string[]> FixedValues = new Dictionary<string, string[]>
    {
        ["state"] = [.. Enum.GetValues<ObservationState>().Select(ObservationStates.Name)],
        ["error_type"] = [ErrorTypes.RateLimited, ErrorTypes.Timeout, ErrorTypes.Unavailable, ErrorTypes.Auth, ErrorTypes.BadRequest, ErrorTypes.ContentFilter, ErrorTypes.ContextLength, ErrorTypes.ClientDisconnect],
        ["latency_ms"] = [">500", ">2s", ">10s", "<200"],
        ["ttft_ms"] = [">300", ">1s", ">3s"],
        ["cost_usd"] = [">0.01", ">0.1", ">1"],
        ["total_tokens"] = [">1000", ">10000", ">100000"],
        ["input_tokens"] = [">1000", ">10000"],
        ["output_tokens"] = [">500", ">2000"],
        ["http_status"] = ["200", "400", "401", "429", ">=500"],
        ["retry_count"] = [">0"],
    }.ToImmutableDictionary();

    public static CompletionPoint PointAt(string line, int caret)
    {
        caret = Math.Clamp(caret, 0, line.Length);
        var token = FilterTokens.Of(line).FirstOrDefault(candidate => candidate.Start < caret && caret <= candidate.End);
        if (token is null)
        {
            return new(null, "", caret, caret);
        }
        var nameFrom = token.Start + (line[token.Start] == '-' ? 1 : 0);
        if (token.Field is not { } name)
        {
            // Text in quotes is text; a bare word may become a field.
            return token.Values[0].Quoted ? new(null, "\"", caret, caret) : new(null, line[nameFrom..caret], nameFrom, token.End);
        }
        var valuesFrom = nameFrom + name.Length + 1;
        if (caret < valuesFrom)
        {
            return new(null, line[nameFrom..caret], nameFrom, valuesFrom);
        }
        var (start, end) = ValueAround(line, valuesFrom + token.Op.Length, token.End, caret);
        if (caret < start) { start = valuesFrom; }
        return new(FilterField.Find(name), line[start..caret].TrimStart('"'), start, end);
    }

    /// <summary>Fields that begin with, then fields that contain, what is typed.</summary>
    public static ImmutableArray<Completion> Fields(string line, CompletionPoint point, IEnumerable<string> properties)
    {
        if (point.Typed.StartsWith('"'))
        {
            return [];
        }
        var names = FilterField.All.Select(field => (field.Name, field.Help))
            .Concat(properties.Select(name => (Name: FilterField.PropertyPrefix + name, Help: "property of the caller")));
        return
        [
            .. names.Where(field => field.Name.Contains(point.Typed, StringComparison.OrdinalIgnoreCase))
                .OrderBy(field => !field.Name.StartsWith(point.Typed, StringComparison.OrdinalIgnoreCase))
                .Take(Most)
                .Select(field =>
                {
                    var (text, caret) = Put(line, point, field.Name + ":", closed: false);
                    return new Completion(text, caret, field.Name, field.Help, IsField: true);
                }),
        ];
    }

    /// <summary>Values that begin with or contain what is typed: those found in the data first, then the ones that always make sense.</summary>
    public static ImmutableArray<Completion> Values(string line, CompletionPoint point, IEnumerable<FacetItem> found)
    {
        var field = point.Field!;
        IEnumerable<(string Value, string Hint)> all = found.Where(item => item.Value.Length > 0).Select(item => (item.Value, Format.Compact(item.Count)));
        all = all.Concat((field.Kind == FilterFieldKind.Boolean ? Booleans : FixedValues.GetValueOrDefault(field.Name, [])).Select(value => (value, "")));
        if (field.Kind == FilterFieldKind.Text) { all = all.Append(("*", "is set")); }
        return
        [
            .. all.DistinctBy(candidate => candidate.Value)
                // The pages say "client left": whoever types that finds the value that addresses take.
                .Select(candidate => (candidate.Value, candidate.Hint, Words: field.Name == "state" ? StateWords.Of(candidate.Value) : candidate.Value))
                .Where(candidate => candidate.Value.Contains(point.Typed, StringComparison.OrdinalIgnoreCase) || candidate.Words.Contains(point.Typed, StringComparison.OrdinalIgnoreCase))
                .OrderBy(candidate => !candidate.Value.StartsWith(point.Typed, StringComparison.OrdinalIgnoreCase))
                .Take(Most)
                .Select(candidate =>
                {
                    var written = candidate.Value == "*" || field.Kind != FilterFieldKind.Text ? candidate.Value : FilterSyntax.Quote(candidate.Value);
                    var (text, caret) = Put(line, point, written, closed: true);
                    return new Completion(text, caret, candidate.Value, candidate.Words == candidate.Value ? candidate.Hint : $"{candidate.Words} {candidate.Hint}".TrimEnd(), IsField: false);
                }),
        ];
    }

    private static (string Text, int Caret) Put(string line, CompletionPoint point, string written, bool closed)
    {
        var rest = line[point.End..];
        if (closed && !rest.StartsWith(' ') && !rest.StartsWith(',')) { rest = " " + rest; }
        var caret = point.Start + written.Length + (closed && rest.StartsWith(' ') ? 1 : 0);
        return (line[..point.Start] + written + rest, caret);
    }

    // The value of a comma-separated list that the caret stands in; commas in quotes do not part.
    private static (int Start, int End) ValueAround(string line, int from, int to, int caret)
    {
        var start = from;
        var quoted = false;
        for (var at = from; at < to; at++)
        {
            if (line[at] == '\\' && quoted)
            {
                at++;
            }
            else if (line[at] == '"')
            {
                quoted = !quoted;
            }
            else if (line[at] == ',' && !quoted)
            {
                if (at >= caret) { return (start, at); }
                start = at + 1;
            }
        }
        return (start, to);
    }
}
