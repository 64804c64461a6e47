using System.Buffers;

namespace Bellwether.Detection;

/// <summary>
/// Finds the stretches that an answer, given in one piece or many, shares with a system prompt. A run is a stretch of equal
/// characters; runs that follow each other in both texts with a few other characters between them (<c>you are</c> became
/// <c>I am</c>) make a chain. Work is linear: each character is hashed once, and compared a bounded number of times.
/// </summary>
internal sealed class LeakScan
{
    private const int MostGap = 16;
    private const int MostSpans = 32;
    private readonly CompactText _text = new();
    private readonly List<TextSpan> _spans = [];
    private PromptIndex _index = null!;
    private byte[] _covered = [];
    private int _next;
    private int _fresh;
    private ulong _hash;
    // The run that goes on: where it began here, and where its next character would be in the prompt's text.
    private int _runStart = -1;
    private int _runNext;
    private int _chainStart;
    private int _chainEnd = int.MinValue / 2;
    private int _chainNext;
    private int _chainLength;

    /// <summary>Characters of the longest chain, without what stood between its runs.</summary>
    public int Longest { get; private set; }

    public LeakView LongestView { get; private set; }

    /// <summary>Characters of the prompt that occur in the answer.</summary>
    public int Covered { get; private set; }

    /// <summary>Characters of the answer that are in some run.</summary>
    public int Matched { get; private set; }

    public CompactText Text => _text;

    public IReadOnlyList<TextSpan> Spans => _spans;

    /// <summary>Comparisons made so far, for tests of the bound on work.</summary>
    public long Steps { get; private set; }

    public void Begin(PromptIndex index)
    {
        _index = index;
        _text.Trim(64 * 1024);
        _spans.Clear();
        if (_covered.Length < index.Length)
        {
            if (_covered.Length > 0) { ArrayPool<byte>.Shared.Return(_covered); }
            _covered = ArrayPool<byte>.Shared.Rent(index.Length);
        }
        _covered.AsSpan(0, index.Length).Clear();
        (_next, _fresh, _hash, _runStart, _chainLength, _chainEnd) = (0, 0, 0, -1, 0, int.MinValue / 2);
        (Longest, Covered, Matched, Steps, LongestView) = (0, 0, 0, 0, LeakView.Plain);
    }

    /// <param name="offset">Where the piece begins in the whole answer.</param>
    public void Append(ReadOnlySpan<char> piece, int offset)
    {
        _text.Append(piece, offset);
        Advance();
    }

    /// <param name="places">For each character its place in the whole answer.</param>
    public void Append(ReadOnlySpan<char> piece, ReadOnlySpan<int> places)
    {
        _text.Append(piece, places);
        Advance();
    }

    private void Advance()
    {
        if (_index.Length < PromptIndex.ShortestRun) { return; }
        var chars = _text.Chars;
        var prompt = _index.Text;
        while (_next < chars.Length)
        {
            if (_runStart < 0) { Search(chars, prompt); } else { Follow(chars, prompt); }
        }
    }

    // No run is open: rolls on to the next k-gram of the prompt.
    private void Search(ReadOnlySpan<char> chars, ReadOnlySpan<char> prompt)
    {
        var (index, next, fresh, hash) = (_index, _next, _fresh, _hash);
        var from = next;
        var at = -1;
        for (; next < chars.Length && fresh < PromptIndex.GramLength && at < 0; next++)
        {
            hash = PromptIndex.Roll(hash, '\0', chars[next]);
            if (++fresh == PromptIndex.GramLength) { at = index.Find(hash); }
        }
        if (at < 0)
        {
            var gone = chars[Math.Max(0, next - PromptIndex.GramLength)..];
            var coming = chars[next..];
            var passed = 0;
            while (passed < coming.Length && passed < gone.Length && at < 0)
            {
                hash = PromptIndex.Roll(hash, gone[passed], coming[passed]);
                passed++;
                if (index.MayHave(hash)) { at = index.Find(hash); }
            }
            next += passed;
            fresh += passed;
        }
        Steps += next - from;
        (_next, _fresh, _hash) = (next, fresh, hash);
        if (at >= 0)
        {
            // The place is that of the last character that was read.
            _next--;
            TryBegin(chars, prompt, at);
            _next++;
        }
    }

    // A run is open: goes on as far as both texts are equal.
    private void Follow(ReadOnlySpan<char> chars, ReadOnlySpan<char> prompt)
    {
        var equal = chars[_next..].CommonPrefixLength(prompt[Math.Min(_runNext, prompt.Length)..]);
        Steps += equal;
        // Rolled on while the run is short: one that turns out too short may hide the beginning of another. Behind a longer one all begins anew.
        var isLong = _next + equal - _runStart >= PromptIndex.ShortestRun;
        for (var end = _next + equal; _next < end && !isLong; _next++)
        {
            _fresh++;
            _hash = PromptIndex.Roll(_hash, _fresh > PromptIndex.GramLength ? chars[_next - PromptIndex.GramLength] : '\0', chars[_next]);
        }
        _next += isLong ? equal : 0;
        _runNext += equal;
        if (_next < chars.Length) { EndRun(); }
    }

    /// <summary>Ends what still goes on; the answer has no further piece.</summary>
    public void Finish()
    {
        if (_runStart >= 0) { EndRun(); }
    }

    /// <summary>Characters of the chain that may still go on, with the run at the end; 0 when there is none.</summary>
    public int OpenLength
    {
        get
        {
            if (_runStart < 0) { return _text.Length - _chainEnd <= MostGap + PromptIndex.ShortestRun ? _chainLength : 0; }
            return (Continues(_runStart, RunBegin) ? _chainLength : 0) + _text.Length - _runStart;
        }
    }

    /// <summary>First character, in the compact text, of what may still become part of a chain.</summary>
    public int OpenStart
    {
        get
        {
            var tail = Math.Max(0, _text.Length - PromptIndex.ShortestRun);
            if (_runStart >= 0) { return Continues(_runStart, RunBegin) ? _chainStart : _runStart; }
            return _chainLength > 0 && _text.Length - _chainEnd <= MostGap + PromptIndex.ShortestRun ? Math.Min(tail, _chainStart) : tail;
        }
    }

    private int RunBegin => _runNext - (_next - _runStart);

    private void TryBegin(ReadOnlySpan<char> chars, ReadOnlySpan<char> prompt, int at)
    {
        var start = _next - PromptIndex.GramLength + 1;
        // Equal hashes of different texts: an attacker may make them, so look.
        if (!chars.Slice(start, PromptIndex.GramLength).SequenceEqual(prompt.Slice(at, PromptIndex.GramLength))) { return; }
        // A run that is long enough is met within a window of its beginning.
        var least = Math.Max(_next - _fresh + 1, start - PromptIndex.ShortestRun);
        while (start > least && at > 0 && chars[start - 1] == prompt[at - 1])
        {
            Steps++;
            start--;
            at--;
        }
        _runStart = start;
        _runNext = at + (_next - start) + 1;
    }

    private void EndRun()
    {
        var length = _next - _runStart;
        var begin = RunBegin;
        if (length >= PromptIndex.ShortestRun)
        {
            Matched += length;
            // A run lies within one view, which goes through the prompt in one direction: what it covers lies together.
            var covered = _covered.AsSpan(Math.Min(_index.Origin(begin), _index.Origin(begin + length - 1)), length);
            Covered += covered.Count((byte)0);
            covered.Fill(1);
            if (Continues(_runStart, begin))
            {
                _chainLength += length;
                _spans[^1] = new TextSpan(_spans[^1].Start, _text.Source(_next - 1) + 1);
            }
            else
            {
                _chainLength = length;
                _chainStart = _runStart;
                var span = new TextSpan(_text.Source(_runStart), _text.Source(_next - 1) + 1);
                if (_spans.Count < MostSpans) { _spans.Add(span); } else { _spans[^1] = new TextSpan(_spans[^1].Start, span.End); }
            }
            (_chainEnd, _chainNext) = (_next, _runNext);
            if (_chainLength > Longest) { (Longest, LongestView) = (_chainLength, _index.ViewOf(begin)); }
            (_fresh, _hash) = (0, 0);
        }
        _runStart = -1;
    }

    private bool Continues(int start, int begin) =>
        _chainLength > 0 && start - _chainEnd <= MostGap && begin >= _chainNext && begin - _chainNext <= MostGap;
}
