using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Bellwether.Telemetry;

/// <summary>What a search line asks for: conditions that must all hold, and text to find in prompts and answers.</summary>
/// <param name="Text">Null when the line has no free text.</param>
public sealed record FilterExpression(ImmutableArray<Filter> Where, string? Text)
{
    public static readonly FilterExpression Empty = new([], null);

    public bool IsEmpty => Where.IsEmpty && Text is null;
}

/// <summary>A part of a search line that cannot be read, with where it stands.</summary>
public sealed record FilterProblem(int Start, int Length, string Message);

/// <summary>
/// The search line of pages, URLs and the API: <c>model:gpt-4o,gpt-4.1 -state:ok latency_ms:&gt;2s user:* "free text"</c>.
/// <code>
/// line  = { term }            terms are parted by blanks and must all hold
/// term  = ["-"] field ":" [op] value { "," value }  |  word  |  quoted
/// op    = "&gt;" | "&gt;=" | "&lt;" | "&lt;=" | "~" (contains)
/// value = word | quoted | "*" (is set)
/// </code>
/// Words and quoted text that belong to no field are free text, joined by a blank. In quotes, <c>\"</c> and <c>\\</c> stand for themselves.
/// </summary>
public static class FilterSyntax
{
    /// <summary>A longer line is refused: it comes from a URL.</summary>
    public static readonly int LongestLine = 4_000;

    /// <summary>Reads a line; false with the first problem when it cannot be read. An empty line is an empty expression.</summary>
    public static bool TryParse(string line, out FilterExpression expression, out FilterProblem? problem)
    {
        expression = FilterExpression.Empty;
        if (line.Length > LongestLine)
        {
            problem = new(LongestLine, line.Length - LongestLine, $"The search is longer than {LongestLine} characters.");
            return false;
        }
        var where = ImmutableArray.CreateBuilder<Filter>();
        var text = new List<string>();
        foreach (var token in FilterTokens.Of(line))
        {
            if (token.Field is null)
            {
                text.Add(token.Values[0].Text);
                continue;
            }
            var (filter, message) = Read(token);
            if (filter is null)
            {
                problem = new(token.Start, token.Length, message);
                return false;
            }
            where.Add(filter);
        }
        var free = string.Join(' ', text).Trim();
        expression = new(where.DrainToImmutable(), free.Length == 0 ? null : free);
        problem = null;
        return true;
    }

    /// <summary>Writes a line that reads as the same expression.</summary>
    public static string Write(FilterExpression expression)
    {
        var line = new StringBuilder();
        foreach (var filter in expression.Where)
        {
            line.Append(line.Length == 0 ? "" : " ").Append(Write(filter));
        }
        if (expression.Text is { } text)
        {
            line.Append(line.Length == 0 ? "" : " ").Append(Quote(text));
        }
        return line.ToString();
    }

    public static string Write(Filter filter)
    {
        var (sign, op) = filter.Op switch
        {
            FilterOp.Eq or FilterOp.In => ("", ""),
            FilterOp.Ne or FilterOp.NotIn => ("-", ""),
            FilterOp.Gt => ("", ">"),
            FilterOp.Gte => ("", ">="),
            FilterOp.Lt => ("", "<"),
            FilterOp.Lte => ("", "<="),
            FilterOp.Contains => ("", "~"),
            FilterOp.Exists => ("", "*"),
            FilterOp.Missing => ("-", "*"),
            _ => throw new ArgumentOutOfRangeException(nameof(filter), filter.Op, null),
        };
        return $"{sign}{filter.Field}:{op}{(op == "*" ? "" : string.Join(',', filter.Values.Select(Quote)))}";
    }

    /// <summary>A value as it stands in a line: quoted where it would otherwise be read as something else.</summary>
    public static string Quote(string value)
    {
        var plain = value.Length > 0 && value != "*" && value[0] is not ('-' or '>' or '<' or '~' or '/')
            && !value.AsSpan().ContainsAny(" ,:\"\\") && !value.Any(char.IsWhiteSpace);
        return plain ? value : "\"" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
    }

    private static (Filter? Filter, string Message) Read(FilterToken token)
    {
        if (FilterField.Find(token.Field!) is not { } field)
        {
            var near = FilterField.Nearest(token.Field!);
            return (null, $"There is no field “{token.Field}”{(near is null ? "" : $"; did you mean “{near}”?")}{(near is null ? "." : "")} Put text with a colon in quotes.");
        }
        if (token.Values is [{ Text: "*", Quoted: false }] && token.Op.Length == 0)
        {
            return (new(field.Name, token.Negated ? FilterOp.Missing : FilterOp.Exists, []), "");
        }
        if (token.Values.IsEmpty || token.Values.Any(value => value is { Text: "", Quoted: false }))
        {
            return (null, $"“{field.Name}:” needs a value.");
        }
        if (Operator(token, field) is not { } op)
        {
            return (null, token.Op == "~" ? "“contains” cannot be negated." : $"“{token.Op}” needs a number and one value; “{field.Name}” takes it as {field.Name}:{token.Op}100.");
        }
        var values = ImmutableArray.CreateBuilder<string>(token.Values.Length);
        foreach (var value in token.Values)
        {
            if (ReadValue(field, value.Text) is not { } read)
            {
                return (null, $"“{value.Text}” is not {(field.Kind == FilterFieldKind.Boolean ? "true or false" : "a number")}, which “{field.Name}” needs.");
            }
            values.Add(read);
        }
        return (new(field.Name, op, values.DrainToImmutable()), "");
    }

    private static FilterOp? Operator(FilterToken token, FilterField field)
    {
        var many = token.Values.Length > 1;
        var numeric = field.Kind is FilterFieldKind.Number or FilterFieldKind.Milliseconds;
        return token.Op switch
        {
            "" => many ? token.Negated ? FilterOp.NotIn : FilterOp.In : token.Negated ? FilterOp.Ne : FilterOp.Eq,
            "~" => many || token.Negated || field.Kind != FilterFieldKind.Text ? null : FilterOp.Contains,
            _ when many || !numeric => null,
            // Excluding "more than" asks for "at most".
            ">" => token.Negated ? FilterOp.Lte : FilterOp.Gt,
            ">=" => token.Negated ? FilterOp.Lt : FilterOp.Gte,
            "<" => token.Negated ? FilterOp.Gte : FilterOp.Lt,
            "<=" => token.Negated ? FilterOp.Gt : FilterOp.Lte,
            _ => null,
        };
    }

    private static string? ReadValue(FilterField field, string text)
    {
        switch (field.Kind)
        {
            case FilterFieldKind.Text:
                return text;
            case FilterFieldKind.Boolean:
                return text.ToLowerInvariant() switch { "true" or "yes" or "1" => "true", "false" or "no" or "0" => "false", _ => null };
            case FilterFieldKind.Number:
                return IsNumber(text) ? text : null;
            case FilterFieldKind.Milliseconds:
                if (IsNumber(text)) { return text; }
                var (digits, factor) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 1m)
                    : text.EndsWith('s') ? (text[..^1], 1_000m)
                    : text.EndsWith('m') ? (text[..^1], 60_000m)
                    : (text, 0m);
                return factor > 0 && decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 1e12m
                    ? (number * factor).ToString("0.###", CultureInfo.InvariantCulture)
                    : null;
            default:
                throw new ArgumentOutOfRangeException(nameof(field), field.Kind, null);
        }
    }

    private static bool IsNumber(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
}
