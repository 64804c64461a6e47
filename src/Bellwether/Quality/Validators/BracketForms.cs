namespace Bellwether.Quality;

/// <summary>Brackets that stand alone and are right.</summary>
internal static class BracketForms
{
    /// <summary>:) ;-) :( :] </summary>
    public static bool IsSmiley(string text, int at) =>
        at > 0 && (text[at - 1] is ':' or ';' or '=' or ':' || (text[at - 1] is '-' or '\'' or '^' && at > 1 && text[at - 2] is ':' or ';' or '='))
        && !(text[at] is '[' or '{' && at + 1 < text.Length && (char.IsLetterOrDigit(text[at + 1]) || text[at + 1] is '"' or '\n' or ' '))
        && !(text[at] == '(' && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1]));

    /// <summary>1) a) iv) at the beginning of a line or behind a blank; not while a round bracket is open.</summary>
    public static bool IsListMark(string text, int at, List<int> open)
    {
        if (text[at] != ')' || (open.Count > 0 && text[open[^1]] == '(')) { return false; }
        var start = at;
        while (start > 0 && char.IsLetterOrDigit(text[start - 1]) && at - start < 4) { start--; }
        return start < at && (start == 0 || char.IsWhiteSpace(text[start - 1]) || text[start - 1] is '*' or ',');
    }

    /// <summary>[0, 1) and (a, b]: half-open intervals.</summary>
    public static bool IsInterval(ReadOnlySpan<char> inside, char open, char close) =>
        (open, close) is ('[', ')') or ('(', ']') && inside.Length is > 2 and <= 24 && inside.Count(',') + inside.Count(';') == 1 && !inside.Contains('\n') && inside.Trim()[0] is not (',' or ';');
}

/// <summary>An answer's JSON without the fence that many models put around it.</summary>
internal static class JsonAnswer
{
    public static ReadOnlySpan<char> Of(string answer)
    {
        var text = answer.AsSpan().Trim();
        if (!text.StartsWith("```") || !text.EndsWith("```") || text.Length < 7) { return text; }
        var line = text.IndexOf('\n');
        return line < 0 ? text : text[(line + 1)..^3].Trim();
    }
}
