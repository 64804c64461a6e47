using System.Buffers;

namespace Bellwether.Quality;

/// <summary>The words over a list ("Included are:") for each of its items, which alone say nothing. Asked for one sentence after the other.</summary>
internal sealed class ListLead(string text)
{
    private static readonly SearchValues<char> s_marks = SearchValues.Create("-*•_\" ");

    private (int From, int To) _lead;

    /// <param name="item">Where the sentence itself begins in what is given.</param>
    /// <returns>The words of a sentence without the number of its item, behind those that stand over its list.</returns>
    public ReadOnlySpan<Word> Over(ReadOnlySpan<Word> words, int from, int to, out int item)
    {
        item = 0;
        var isItem = IsItem(words[from].Start);
        var end = words[to - 1].End;
        var opens = end < text.Length && text[end] == ':';
        if (isItem && to - from > 1 && words[from].Kind.HasFlag(WordKind.Number) && text[words[from].End] is '.' or ')') { from++; }
        if (!isItem || opens)
        {
            _lead = opens ? (from, to) : default;
            return words[from..to];
        }
        item = _lead.To - _lead.From;
        Word[] all = [.. words[_lead.From.._lead.To], .. words[from..to]];
        return all;
    }

    // Behind "- ", "* " or "• " at the beginning of a line, or itself the number in "1. ".
    private bool IsItem(int start)
    {
        var before = text.AsSpan(0, start);
        var line = before[(before.LastIndexOf('\n') + 1)..].Trim();
        if (line.Length > 0) { return (line[0] is '-' or '*' or '•') && !line.ContainsAnyExcept(s_marks); }
        var digits = text.AsSpan(start).IndexOfAnyExceptInRange('0', '9');
        return digits > 0 && (text[start + digits] is '.' or ')');
    }
}
