using System.Buffers;

namespace Bellwether.Quality;

/// <summary>A claim beside the clause of its source.</summary>
internal readonly ref struct ClaimComparison(ContradictionEvidence evidence, string text, ReadOnlySpan<Word> claim, ReadOnlySpan<MarkedWord> marks, string sourceText, ReadOnlySpan<Word> source, ReadOnlySpan<MarkedWord> sourceMarks)
{
    private const int MostPhrase = 6;
    private static readonly SearchValues<char> s_stops = SearchValues.Create(".!?,;:()—");

    private readonly ContradictionEvidence _evidence = evidence;
    private readonly string _text = text, _sourceText = sourceText;
    private readonly ReadOnlySpan<Word> _claim = claim, _source = source;
    private readonly ReadOnlySpan<MarkedWord> _marks = marks, _sourceMarks = sourceMarks;

    public Contradiction Judge()
    {
        var turned = Turns(_text, _claim, _marks, _source, _sourceMarks) ^ Turns(_sourceText, _source, _sourceMarks, _claim, _marks);
        // Of another day or another number another thing may be true.
        if (turned != Opposes() && HoldsFigures()) { return turned ? Contradiction.Negation : Contradiction.Opposite; }
        return Figures() is var figure and not Contradiction.None ? figure : Swapped();
    }

    /// <summary>Whether both have a telling word but for one of the claim's.</summary>
    public bool ShareBeside(int except)
    {
        for (var at = 0; at < _claim.Length; at++)
        {
            if (at != except && Tells(_claim[at], _marks[at]) && Shares(_claim[at], _marks[at], _marks, _source, _sourceMarks)) { return true; }
        }
        return false;
    }

    // Whether what both speak of is negated. A double negative is one negation in most languages; "does not work without" is two.
    private bool Turns(string text, ReadOnlySpan<Word> words, ReadOnlySpan<MarkedWord> marks, ReadOnlySpan<Word> others, ReadOnlySpan<MarkedWord> otherMarks)
    {
        bool negated = false, lacks = false;
        for (var at = 0; at < words.Length; at++)
        {
            // "Not on Monday but on Tuesday": what follows is so.
            if (marks[at].Mark == ClaimMark.Rather) { negated = false; }
            if (marks[at].Mark is not (ClaimMark.Negation or ClaimMark.Lack) || !Concerns(text, words, marks, at, others, otherMarks)) { continue; }
            negated |= marks[at].Mark == ClaimMark.Negation;
            lacks |= marks[at].Mark == ClaimMark.Lack;
        }
        return negated ^ lacks ^ IdeographNegation.Of(text.AsSpan(words[0].Start, words[^1].End - words[0].Start));
    }

    // What is negated is the next word that tells something; at the end of a clause the one before.
    private bool Concerns(string text, ReadOnlySpan<Word> words, ReadOnlySpan<MarkedWord> marks, int at, ReadOnlySpan<Word> others, ReadOnlySpan<MarkedWord> otherMarks)
    {
        // "Not only", and "No, it is" at the beginning of an answer.
        if (at + 1 < words.Length && (marks[at + 1].Mark == ClaimMark.Only || (at == 0 && (marks[1].Mark == ClaimMark.But || words[1].Kind.HasFlag(WordKind.Capital) || IsStop(Between(text, words[0], words[1])))))) { return false; }
        for (var next = at + 1; next < words.Length && marks[next].Mark != ClaimMark.But && !IsStop(Between(text, words[next - 1], words[next])); next++)
        {
            if (Tells(words[next], marks[next])) { return Shares(words[next], marks[next], marks, others, otherMarks); }
        }
        for (var before = at - 1; before >= 0 && !IsStop(Between(text, words[before], words[before + 1])); before--)
        {
            if (Tells(words[before], marks[before])) { return Shares(words[before], marks[before], marks, others, otherMarks); }
        }
        return false;
    }

    private bool Tells(in Word word, MarkedWord mark) => mark.Mark switch
    {
        ClaimMark.None => _evidence.IsContent(word),
        ClaimMark.Pole => mark.Group != ContradictionWords.MoreGroup,
        ClaimMark.Unit or ClaimMark.Month or ClaimMark.Day => true,
        ClaimMark.Negation or ClaimMark.Lack or ClaimMark.Joiner or ClaimMark.Passive or ClaimMark.Only or ClaimMark.Rather or ClaimMark.But or ClaimMark.Plain => false,
        _ => throw new ArgumentOutOfRangeException(nameof(mark)),
    };

    private static bool Shares(in Word word, MarkedWord mark, ReadOnlySpan<MarkedWord> marks, ReadOnlySpan<Word> others, ReadOnlySpan<MarkedWord> otherMarks)
    {
        if (mark.Mark != ClaimMark.None)
        {
            var other = mark with { IsSecond = !mark.IsSecond };
            return otherMarks.Contains(mark) || (mark.Mark == ClaimMark.Pole && otherMarks.Contains(other) && !marks.Contains(other));
        }
        foreach (ref readonly var candidate in others)
        {
            if (candidate.Stem == word.Stem) { return true; }
        }
        return false;
    }

    private bool Opposes()
    {
        foreach (var mark in _marks)
        {
            var other = mark with { IsSecond = !mark.IsSecond };
            if (mark.Mark == ClaimMark.Pole && !_sourceMarks.Contains(mark) && _sourceMarks.Contains(other) && !_marks.Contains(other)) { return true; }
        }
        return false;
    }

    private bool HoldsFigures()
    {
        for (var at = 0; at < _claim.Length; at++)
        {
            if (_marks[at].Mark is ClaimMark.Month or ClaimMark.Day && !HasAny(_sourceMarks, _marks[at])) { return false; }
            if (ContradictionWords.NumberOf(_claim[at]) is not 0 and var number && !HasNumber(_source, number)) { return false; }
        }
        return true;
    }

    private static bool HasNumber(ReadOnlySpan<Word> words, uint number)
    {
        foreach (ref readonly var word in words)
        {
            if (ContradictionWords.NumberOf(word) == number) { return true; }
        }
        return false;
    }

    // A number, a month or a day that stands in the place of another one.
    private Contradiction Figures()
    {
        for (var at = 0; at < _claim.Length; at++)
        {
            if (_marks[at].Mark is ClaimMark.Month or ClaimMark.Day && !HasAny(_sourceMarks, _marks[at]) && HasKind(_sourceMarks, _marks[at].Mark) && !_evidence.IsOfAnother(_text, _claim, _marks, at)) { return Contradiction.Date; }
            if (ContradictionWords.NumberOf(_claim[at]) is not (not 0 and var number)) { continue; }
            if (at + 1 < _claim.Length && Beside(at + 1, number) is var behind and not Contradiction.None) { return behind; }
            if (at > 0 && _marks[at - 1].Mark == ClaimMark.Month && Beside(at - 1, number) is var before and not Contradiction.None) { return before; }
        }
        return Contradiction.None;
    }

    // Whether the source has another number with the same word, or the same number with another unit or month.
    private Contradiction Beside(int beside, uint number)
    {
        var (what, mark) = (_claim[beside], _marks[beside]);
        if (mark.Mark is not (ClaimMark.None or ClaimMark.Unit or ClaimMark.Month) || ContradictionWords.NumberOf(what) != 0 || (mark.Mark == ClaimMark.None && !_evidence.IsContent(what)) || _evidence.Counts(number, what, mark)) { return Contradiction.None; }
        for (var place = 0; place < _source.Length; place++)
        {
            if (ContradictionWords.NumberOf(_source[place]) is not (not 0 and var other)) { continue; }
            for (var side = place - 1; side <= place + 1; side += 2)
            {
                if (side < 0 || side >= _source.Length || (side < place && _sourceMarks[side].Mark != ClaimMark.Month)) { continue; }
                var same = Same(what, mark, _source[side], _sourceMarks[side]);
                if (same && other != number) { return Contradiction.Number; }
                if (!same && other == number && mark.Mark != ClaimMark.None && _sourceMarks[side].Mark == mark.Mark) { return mark.Mark == ClaimMark.Month ? Contradiction.Date : Contradiction.Unit; }
            }
        }
        return Contradiction.None;
    }

    public static bool Same(in Word a, MarkedWord markA, in Word b, MarkedWord markB) => a.Stem == b.Stem || (markA.Mark is ClaimMark.Unit or ClaimMark.Month && markB.Mark == markA.Mark && markB.Group == markA.Group);

    private static bool HasAny(ReadOnlySpan<MarkedWord> marks, MarkedWord wanted)
    {
        foreach (var mark in marks)
        {
            if (mark.Mark == wanted.Mark && mark.Group == wanted.Group) { return true; }
        }
        return false;
    }

    private static bool HasKind(ReadOnlySpan<MarkedWord> marks, ClaimMark kind)
    {
        foreach (var mark in marks)
        {
            if (mark.Mark == kind) { return true; }
        }
        return false;
    }

    // Two that have changed places around a verb, or a name where the source has another one.
    private Contradiction Swapped()
    {
        var told = Telling(_claim, _marks);
        var held = Telling(_source, _sourceMarks);
        for (var at = 0; at + 2 < told.Count; at++)
        {
            var (a, b, c) = (told[at], told[at + 1], told[at + 2]);
            if (!IsTogether(_text, _claim, _marks, a, c) || IsTold(_claim[a], _claim[b], _claim[c], held)) { continue; }
            var passive = HasKind(_marks[a..c], ClaimMark.Passive);
            for (var place = 0; place + 2 < held.Count; place++)
            {
                var (x, y, z) = (held[place], held[place + 1], held[place + 2]);
                if (_claim[b].Stem != _source[y].Stem || !IsTogether(_sourceText, _source, _sourceMarks, x, z) || HasKind(_sourceMarks[x..z], ClaimMark.Passive) != passive) { continue; }
                var (before, behind) = (_claim[a].Stem == _source[x].Stem, _claim[c].Stem == _source[z].Stem);
                if (!passive && !before && !behind && _claim[a].Stem == _source[z].Stem && _claim[c].Stem == _source[x].Stem && _claim[a].Stem != _claim[b].Stem) { return Contradiction.Role; }
                if ((before && IsOtherName(_claim[c], _source[z])) || (behind && IsOtherName(_claim[a], _source[x]))) { return Contradiction.Name; }
            }
        }
        return Contradiction.None;
    }

    private bool IsTold(in Word a, in Word b, in Word c, List<int> held)
    {
        for (var place = 0; place + 2 < held.Count; place++)
        {
            if (_source[held[place]].Stem == a.Stem && _source[held[place + 1]].Stem == b.Stem && _source[held[place + 2]].Stem == c.Stem) { return true; }
        }
        return _evidence.Context.HasTriple(a, b, c);
    }

    // Three words of one phrase: nothing is listed, and hardly a word stands between them.
    private static bool IsTogether(string text, ReadOnlySpan<Word> words, ReadOnlySpan<MarkedWord> marks, int from, int to) =>
        to - from <= MostPhrase && !HasKind(marks[from..to], ClaimMark.Joiner) && !IsStop(text.AsSpan(words[from].End, words[to].Start - words[from].End));

    // Pronouns and "Yes" are capitals at the beginning of a sentence, too, and "NFL" may be the name that it is short for.
    private bool IsOtherName(in Word a, in Word b) =>
        a.Stem != b.Stem && !IsShort(_text, a) && !IsShort(_sourceText, b) && a.Kind.HasFlag(WordKind.Capital) && b.Kind.HasFlag(WordKind.Capital) && a.Length > 2 && (!a.Kind.HasFlag(WordKind.SentenceStart) || _evidence.Context.Has(a));

    private static bool IsShort(string text, in Word word) => word.Length <= 5 && text.AsSpan(word.Start, word.Length).IndexOfAnyExceptInRange('A', 'Z') < 0;

    private List<int> Telling(ReadOnlySpan<Word> words, ReadOnlySpan<MarkedWord> marks)
    {
        var telling = new List<int>();
        for (var at = 0; at < words.Length; at++)
        {
            if (!words[at].Kind.HasFlag(WordKind.Ideograph) && marks[at].Mark is ClaimMark.None or ClaimMark.Pole && _evidence.IsContent(words[at])) { telling.Add(at); }
        }
        return telling;
    }

    public static ReadOnlySpan<char> Between(string text, in Word before, in Word behind) => text.AsSpan(before.End, behind.Start - before.End);

    private static bool IsStop(ReadOnlySpan<char> between) => between.ContainsAny(s_stops);
}
