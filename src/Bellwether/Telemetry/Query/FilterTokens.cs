using System.Collections.Immutable;
using System.Text;

namespace Bellwether.Telemetry;

/// <summary>One value of a term, unquoted.</summary>
public readonly record struct FilterValue(string Text, bool Quoted);

/// <summary>One term of a search line with its place in it; completion works on these.</summary>
/// <param name="Field">Null for free text, which is then the only value.</param>
public sealed record FilterToken(int Start, int Length, bool Negated, string? Field, string Op, ImmutableArray<FilterValue> Values)
{
    public int End => Start + Length;
}

/// <summary>Splits a search line into terms; never fails, so that a half-typed line can be completed.</summary>
public static class FilterTokens
{
    private static readonly string[] Operators = [">=", "<=", ">", "<", "~"];

    public static ImmutableArray<FilterToken> Of(string line)
    {
        var tokens = ImmutableArray.CreateBuilder<FilterToken>();
        var at = 0;
        while (true)
        {
            while (at < line.Length && char.IsWhiteSpace(line[at])) { at++; }
            if (at >= line.Length) { return tokens.DrainToImmutable(); }
            tokens.Add(Next(line, ref at));
        }
    }

    private static FilterToken Next(string line, ref int at)
    {
        var start = at;
        var negated = line[at] == '-';
        var nameFrom = negated ? at + 1 : at;
        var nameTo = nameFrom;
        while (nameTo < line.Length && IsName(line[nameTo], nameTo - nameFrom)) { nameTo++; }
        // "http://…" is text, not a field.
        var isField = nameTo > nameFrom && nameTo < line.Length && line[nameTo] == ':' && !line.AsSpan(nameTo + 1).StartsWith("//", StringComparison.Ordinal);
        if (!isField)
        {
            var text = line[at] == '"' ? ReadQuoted(line, ref at) : ReadWord(line, ref at, endsAtComma: false);
            return new(start, at - start, false, null, "", [text]);
        }
        at = nameTo + 1;
        var op = "";
        foreach (var candidate in Operators)
        {
            if (line.AsSpan(at).StartsWith(candidate, StringComparison.Ordinal))
            {
                op = candidate;
                break;
            }
        }
        at += op.Length;
        var values = ImmutableArray.CreateBuilder<FilterValue>();
        while (true)
        {
            values.Add(at < line.Length && line[at] == '"' ? ReadQuoted(line, ref at) : ReadWord(line, ref at, endsAtComma: true));
            if (at >= line.Length || line[at] != ',') { break; }
            at++;
        }
        return new(start, at - start, negated, line[nameFrom..nameTo], op, values.DrainToImmutable());
    }

    private static bool IsName(char c, int index) =>
        char.IsAsciiLetter(c) || c == '_' || (index > 0 && (char.IsAsciiDigit(c) || c is '.' or '-'));

    private static FilterValue ReadWord(string line, ref int at, bool endsAtComma)
    {
        var from = at;
        while (at < line.Length && !char.IsWhiteSpace(line[at]) && !(endsAtComma && line[at] == ',')) { at++; }
        return new(line[from..at], false);
    }

    // A missing end quote closes at the end of the line: half-typed text is still text.
    private static FilterValue ReadQuoted(string line, ref int at)
    {
        var text = new StringBuilder();
        for (at++; at < line.Length; at++)
        {
            if (line[at] == '\\' && at + 1 < line.Length && (line[at + 1] is '"' or '\\'))
            {
                at++;
            }
            else if (line[at] == '"')
            {
                at++;
                break;
            }
            text.Append(line[at]);
        }
        return new(text.ToString(), true);
    }
}
