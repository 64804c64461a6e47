using System.Runtime.InteropServices;
using Bellwether.Detection;

namespace Bellwether.Quality;

/// <summary>How something repeats.</summary>
internal enum RepeatKind { None, Loop, Paragraph, NearSentences }

/// <param name="Period">Words of what repeats.</param>
/// <param name="Times">How often it stands there.</param>
/// <param name="Words">Words of all of it together.</param>
/// <param name="Setting">What kind of text it lies in.</param>
internal readonly record struct Repeat(RepeatKind Kind, int Period, double Times, int Words, RepeatSetting Setting, TextSpan Span)
{
    public int Chars => Span.End - Span.Start;
}

/// <summary>Texts that repeat by nature, and by how much.</summary>
internal enum RepeatSetting { Prose, Table, Code }

/// <summary>
/// Finds repetition among words: stretches in which every word equals the one a period before (a change of one or two words
/// does not end them), paragraphs that come again, and neighbouring sentences that are nearly equal. Linear: the
/// place where a trigram was seen last gives the one period that is tried.
/// </summary>
internal sealed class RepeatFinder
{
    private const int MostGap = 2;
    private const int MostKept = 4_096;
    private readonly Dictionary<ulong, int> _last = [];
    private readonly Dictionary<ulong, int> _paragraphs = [];
    private readonly List<Repeat> _found = [];
    private readonly List<TextSpan> _sentences = [];
    private CodeRanges _code = CodeRanges.None;

    public List<Repeat> Find(string text, ReadOnlySpan<Word> words, CodeRanges code)
    {
        _found.Clear();
        _code = code;
        Loops(text, words);
        Paragraphs(text, words);
        NearSentences(text, words);
        return _found;
    }

    private void Loops(string text, ReadOnlySpan<Word> words)
    {
        Empty(_last);
        var run = default(Stretch);
        for (var i = 0; i < words.Length; i++)
        {
            if (run.Period > 0 && !run.Goes(words, i))
            {
                Add(text, words, run);
                run = default;
            }
            if (i < 2) { continue; }
            var gram = Gram(words, i);
            ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(_last, gram, out var known);
            if (known)
            {
                // A word more or less in a sentence that comes again moves the period by one or two: the stretch goes on.
                if (run.Period == 0) { run = new Stretch { Start = i - 2, Period = i - seen, Length = 3 }; }
                else { run.Shift(i, i - seen); }
            }
            seen = i;
        }
        if (run.Period > 0) { Add(text, words, run); }
    }

    /// <summary>Words that each equal the one a period before, but for a few.</summary>
    private struct Stretch
    {
        public int Start;
        public int Period;
        public int Length;
        private int _missed;
        private int _inARow;
        private int _slot;
        private bool _otherSlot;
        private bool _comesBack;

        /// <summary>"Add a spoon of salt", "Add a spoon of flour": one place of the sentence has another word each time. That is a list.</summary>
        public readonly bool IsList => _missed >= 2 && !_otherSlot && !_comesBack;

        public bool Goes(ReadOnlySpan<Word> words, int at)
        {
            if (words[at].Exact == words[at - Period].Exact)
            {
                Length = at - Start + 1;
                _inARow = 0;
                return true;
            }
            // Numbers that differ make rows and logs, and many words that differ make code.
            if (words[at].Kind.HasFlag(WordKind.Number) || words[at - Period].Kind.HasFlag(WordKind.Number)) { return false; }
            if (_missed == 0) { _slot = at % Period; }
            _otherSlot |= at % Period != _slot;
            _comesBack |= at >= 2 * Period && words[at].Exact == words[at - (2 * Period)].Exact;
            return ++_inARow <= MostGap && ++_missed * 6 <= Length + 6;
        }

        public void Shift(int at, int period)
        {
            if (_inARow == 0 || period == Period || Math.Abs(period - Period) > MostGap) { return; }
            (Period, Length, _inARow, _otherSlot) = (period, at - Start + 1, 0, true);
        }
    }

    private void Add(string text, ReadOnlySpan<Word> words, in Stretch run)
    {
        var (start, period, length) = (run.Start, run.Period, run.Length);
        if (run.IsList) { return; }
        if (length < period && length + period < 8) { return; }
        var first = Math.Max(0, start - period);
        var last = Math.Min(words.Length, start + length) - 1;
        var times = (length + period) / (double)period;
        if (times < 1.9) { return; }
        var span = new TextSpan(words[first].Start, words[last].End);
        _found.Add(new(RepeatKind.Loop, period, times, last - first + 1, SettingOf(text, span), span));
    }

    private void Paragraphs(string text, ReadOnlySpan<Word> words)
    {
        Empty(_paragraphs);
        for (var i = 0; i < words.Length;)
        {
            var hash = 14695981039346656037UL;
            var from = i;
            do
            {
                hash = (hash ^ words[i].Exact) * 1099511628211UL;
                i++;
            }
            while (i < words.Length && !IsBreak(text, words[i - 1].End, words[i].Start));
            if (i - from < 5) { continue; }
            if (_paragraphs.TryAdd(hash, from)) { continue; }
            var span = new TextSpan(words[from].Start, words[i - 1].End);
            if (span.End - span.Start >= 40) { _found.Add(new(RepeatKind.Paragraph, i - from, 2, i - from, SettingOf(text, span), span)); }
        }
    }

    private void NearSentences(string text, ReadOnlySpan<Word> words)
    {
        _sentences.Clear();
        Sentences.Read(text, 2_000, _sentences);
        (int From, int To) before = default, earlier = default;
        int at = 0, chain = 1, chainFrom = 0;
        (int Head, int Tail) slot = default;
        var isList = true;
        foreach (var sentence in _sentences)
        {
            while (at < words.Length && words[at].Start < sentence.Start) { at++; }
            var from = at;
            while (at < words.Length && words[at].Start < sentence.End) { at++; }
            if (at - from < 6) { continue; }
            var now = words[from..at];
            if (before.To - before.From >= 6 && Alike(words[before.From..before.To], now, out var differs))
            {
                if (chain++ == 1) { (chainFrom, slot, isList) = (before.From, differs, true); }
                // One place of the sentence has another word each time, and none comes back: a list.
                isList &= differs == slot && Fills(differs, now.Length) && Fills(differs, before.To - before.From) && !(chain > 2 && Alike(words[earlier.From..earlier.To], now, out var same) && same.Head == now.Length);
            }
            else
            {
                End(text, words, chainFrom, before.To, isList ? 1 : chain);
                chain = 1;
            }
            (earlier, before) = (before, (from, at));
        }
        End(text, words, chainFrom, before.To, isList ? 1 : chain);
    }

    private void End(string text, ReadOnlySpan<Word> words, int from, int to, int times)
    {
        if (times < 3) { return; }
        var span = new TextSpan(words[from].Start, words[to - 1].End);
        _found.Add(new(RepeatKind.NearSentences, (to - from) / times, times, to - from, SettingOf(text, span), span));
    }

    // Word by word from both ends, so that one word that was put in or changed costs one; numbers that differ make a list, not a loop.
    private static bool Alike(ReadOnlySpan<Word> a, ReadOnlySpan<Word> b, out (int Head, int Tail) equal)
    {
        var shorter = Math.Min(a.Length, b.Length);
        equal = default;
        if (Math.Max(a.Length, b.Length) - shorter > 2) { return false; }
        int head = 0, tail = 0;
        while (head < shorter && a[head].Exact == b[head].Exact) { head++; }
        while (tail < shorter - head && a[^(tail + 1)].Exact == b[^(tail + 1)].Exact) { tail++; }
        equal = (head, tail);
        return head + tail >= shorter * 0.8 && !HasNumber(a[head..^tail]) && !HasNumber(b[head..^tail]);
    }

    // A sentence that has nothing in the place where the others differ is the same sentence, not an item of a list.
    private static bool Fills((int Head, int Tail) equal, int length) => equal.Head + equal.Tail < length;

    private static bool HasNumber(ReadOnlySpan<Word> words)
    {
        foreach (var word in words)
        {
            if (word.Kind.HasFlag(WordKind.Number)) { return true; }
        }
        return false;
    }

    private RepeatSetting SettingOf(string text, TextSpan span)
    {
        if (_code.IsInBlock(span)) { return RepeatSetting.Code; }
        // Rows: at least two bars in each of several lines.
        var part = text.AsSpan(span.Start, span.End - span.Start);
        var lines = part.Count('\n');
        return lines >= 1 && part.Count('|') >= 2 * lines && part.Count('|') >= 4 ? RepeatSetting.Table : RepeatSetting.Prose;
    }

    // To empty a table takes as long as it is large: one long answer must not slow down all that come after it.
    private static void Empty(Dictionary<ulong, int> table)
    {
        var isLarge = table.Count > MostKept;
        table.Clear();
        if (isLarge) { table.TrimExcess(); }
    }

    private static bool IsBreak(string text, int from, int to)
    {
        var lines = 0;
        foreach (var c in text.AsSpan(from, to - from)) { lines += c == '\n' ? 1 : 0; }
        return lines >= 2;
    }

    private static ulong Gram(ReadOnlySpan<Word> words, int last) =>
        ((((ulong)words[last - 2].Exact * 0x9E3779B97F4A7C15) ^ words[last - 1].Exact) * 0xD6E8FEB86659FD93) ^ words[last].Exact;
}
