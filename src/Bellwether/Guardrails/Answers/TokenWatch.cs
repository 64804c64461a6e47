using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>
/// Tokens of the call in a text that comes in, to be turned back into what they stand for. A model may write one in another case,
/// without its brackets, or with the backslashes of Markdown: <c>\[EMAIL\_BCDFGHJKLM\]</c>. One whose letters it changed stays.
/// </summary>
internal sealed class TokenWatch(CallTokens tokens) : ITextWatch
{
    public Refusal? Cut => null;

    public int Look(TextWindow window, int released, bool final, List<Candidate> found)
    {
        var text = window.From(released);
        for (var at = 0; at < text.Length;)
        {
            if (!IsPart(text[at]))
            {
                at++;
                continue;
            }
            var start = at;
            while (at < text.Length && IsPart(text[at])) { at++; }
            var begin = Bracket(text, start);
            if (at == text.Length && !final && at - start <= CallTokens.Longest) { return released + begin; }
            if (at - start > CallTokens.Longest || Value(text[start..at]) is not { } value) { continue; }
            var (from, to) = Whole(text, begin, start, at);
            found.Add(new Candidate(released + from, released + to, value, null, PersonalDataAction.Tokenise));
            at = to;
        }
        // A bracket at the end may open a token.
        return final ? window.End : released + Bracket(text, text.Length);
    }

    private static bool IsPart(char c) => char.IsAsciiLetter(c) || c is '_' or '\\';

    // Where the bracket before a place begins, with its backslash; the place itself without one.
    private static int Bracket(ReadOnlySpan<char> text, int at) =>
        at > 0 && text[at - 1] == '[' ? at > 1 && text[at - 2] == '\\' ? at - 2 : at - 1 : at;

    // With both brackets or without any.
    private static (int From, int To) Whole(ReadOnlySpan<char> text, int begin, int start, int end)
    {
        var escaped = text[end - 1] == '\\';
        if (end < text.Length && text[end] == ']' && begin < start) { return (begin, end + 1); }
        return (start, escaped ? end - 1 : end);
    }

    private string? Value(ReadOnlySpan<char> run)
    {
        if (!run.Contains('_')) { return null; }
        Span<char> plain = stackalloc char[CallTokens.Longest];
        var count = 0;
        foreach (var c in run)
        {
            if (c != '\\') { plain[count++] = char.ToUpperInvariant(c); }
        }
        return tokens.Find(plain[..count]);
    }
}
