using Bellwether.Detection;

namespace Bellwether.Quality;

/// <summary>Where the code of a Markdown text is: fenced blocks and inline code.</summary>
internal sealed class CodeRanges
{
    private readonly List<TextSpan> _ranges = [];
    private readonly List<TextSpan> _blocks = [];
    private int _last;

    /// <summary>Those of a text without code.</summary>
    public static readonly CodeRanges None = new();

    /// <summary>The insides of blocks marked as JSON.</summary>
    public List<TextSpan> Json { get; } = [];

    /// <summary>The opening line of a fence without an end.</summary>
    public TextSpan? Unclosed { get; private set; }

    public IReadOnlyList<TextSpan> Ranges => _ranges;

    public static CodeRanges Of(string text)
    {
        if (!text.Contains('`') && !text.Contains("~~~", StringComparison.Ordinal)) { return None; }
        var code = new CodeRanges();
        int proseFrom = 0, open = -1, contentFrom = 0, ticks = 0;
        var mark = '`';
        for (var start = 0; start < text.Length;)
        {
            var length = text.AsSpan(start).IndexOf('\n');
            var end = length < 0 ? text.Length : start + length;
            var line = text.AsSpan(start, end - start).TrimStart(" \t>");
            var count = line.Length > 2 && line[0] is '`' or '~' ? Run(line) : 0;
            if (open < 0 && count >= 3 && !(line[0] == '`' && line[count..].Contains('`')))
            {
                code.Inline(text, proseFrom, start);
                (open, ticks, mark, contentFrom) = (start, count, line[0], Math.Min(text.Length, end + 1));
            }
            else if (open >= 0 && count >= ticks && line[0] == mark && line[count..].Trim().IsEmpty)
            {
                code._ranges.Add(new(open, end));
                code._blocks.Add(new(open, end));
                if (Language(text.AsSpan(open, contentFrom - open)).Equals("json", StringComparison.OrdinalIgnoreCase)) { code.Json.Add(new(contentFrom, Math.Max(contentFrom, start))); }
                (open, proseFrom) = (-1, end);
            }
            start = end + 1;
        }
        if (open >= 0)
        {
            code._ranges.Add(new(open, text.Length));
            code.Unclosed = new(open, Math.Max(open, Math.Min(text.Length, contentFrom) - 1));
        }
        else { code.Inline(text, proseFrom, text.Length); }
        return code;
    }

    /// <summary>Whether a stretch lies within one fenced block that has an end.</summary>
    public bool IsInBlock(TextSpan span)
    {
        foreach (var block in _blocks)
        {
            if (block.Start <= span.Start && span.End <= block.End) { return true; }
        }
        return false;
    }

    public bool Contains(int at) => EndAt(at) is not null;

    /// <summary>End of the code at a place; null in prose. Quick when asked in ascending order.</summary>
    public int? EndAt(int at)
    {
        if (_last > 0 && _last <= _ranges.Count && _ranges[_last - 1].Start > at) { _last = 0; }
        while (_last < _ranges.Count && _ranges[_last].End <= at) { _last++; }
        return _last < _ranges.Count && _ranges[_last].Start <= at ? _ranges[_last].End : null;
    }

    // `code` within a line; a lone backtick is none.
    private void Inline(string text, int from, int to)
    {
        for (var i = from; i < to;)
        {
            var open = text.AsSpan(i, to - i).IndexOf('`');
            if (open < 0) { return; }
            open += i;
            var run = Run(text.AsSpan(open, to - open));
            var close = open + run;
            while (close < to)
            {
                var next = text.AsSpan(close, to - close).IndexOfAny('`', '\n');
                if (next < 0 || text[close + next] == '\n') { close = -1; break; }
                close += next;
                var ended = Run(text.AsSpan(close, to - close));
                close += ended;
                if (ended == run) { break; }
            }
            if (close > open + run) { _ranges.Add(new(open, close)); }
            i = close > open + run ? close : open + run;
        }
    }

    private static int Run(ReadOnlySpan<char> text)
    {
        var count = text.IndexOfAnyExcept(text[0]);
        return count < 0 ? text.Length : count;
    }

    private static ReadOnlySpan<char> Language(ReadOnlySpan<char> fence) => fence.Trim().TrimStart("`~").Trim();
}
