namespace Bellwether.Quality;

/// <summary>How a claim contradicts its source.</summary>
internal enum Contradiction { None, Negation, Opposite, Number, Unit, Date, Name, Role }

/// <summary>
/// Whether a claim says the opposite of the sentence that it was taken from: nearly all its words stand there, and one of those that are left is a negation, an opposite, another number,
/// unit, date or name, or two of them have changed places. A claim that another sentence supports as it stands contradicts nothing.
/// </summary>
internal sealed class ContradictionEvidence
{
    // Less of the claim in a sentence, and it may be about something else.
    private const double LeastHeld = 0.8;

    // A longer sentence says too much to be turned around by a word, and whoever sends it chooses how long it takes.
    private const int MostClaim = 60, MostClause = 120;

    private readonly WordWeights _weights;
    private readonly List<(int From, int To)> _clauses = [];
    private readonly int[] _clauseOf;
    private readonly MarkedWord[] _marks;

    public ContradictionEvidence(WordIndex context, WordWeights weights)
    {
        (Context, _weights) = (context, weights);
        var words = context.Words;
        _marks = new MarkedWord[words.Length];
        _clauseOf = new int[words.Length];
        foreach (var (from, to) in context.Sentences)
        {
            var start = from;
            for (var at = from; at < to; at++)
            {
                _marks[at] = ContradictionWords.Of(words[at]);
                if (at > start && (ClaimComparison.Between(context.Text, words[at - 1], words[at]) is var between && (between.ContainsAny(';', '(') || (_marks[at].Mark == ClaimMark.But && between.Contains(',')))))
                {
                    _clauses.Add((start, at));
                    start = at;
                }
                _clauseOf[at] = _clauses.Count;
            }
            _clauses.Add((start, to));
        }
    }

    public WordIndex Context { get; }

    /// <param name="text">What the places of the words count in.</param>
    /// <param name="item">Where the item of a list begins among the words; those before it stand over the list.</param>
    public Contradiction Of(string text, ReadOnlySpan<Word> claim, int item = 0)
    {
        if (claim.Length is 0 or > MostClaim || _clauses.Count == 0 || IsQuoted(claim[item..])) { return Contradiction.None; }
        var marks = new MarkedWord[claim.Length];
        for (var at = 0; at < claim.Length; at++) { marks[at] = ContradictionWords.Of(claim[at]); }
        var content = Content(claim[item..], marks.AsSpan(item));
        var found = Contradiction.None;
        foreach (var clause in Aligned(content))
        {
            // One word alone may stand in any sentence.
            if (_clauses[clause].To - _clauses[clause].From > MostClause || (content.Count == 1 && item == 0 && !SharesMarked(marks, clause))) { continue; }
            var (from, to) = _clauses[clause];
            var here = new ClaimComparison(this, text, claim, marks, Context.Text, Context.Words[from..to], _marks.AsSpan(from, to - from)).Judge();
            if (here == Contradiction.None) { return Contradiction.None; }
            found = found == Contradiction.None ? here : found;
        }
        return found;
    }

    // Word for word from the context; of an item of a list nobody knows where it stood.
    private bool IsQuoted(ReadOnlySpan<Word> claim)
    {
        for (var at = 2; at < claim.Length; at++)
        {
            if (!Context.HasTriple(claim[at - 2], claim[at - 1], claim[at])) { return false; }
        }
        return claim.Length > 2;
    }

    // What has to stand in the source for it to be about the same: not the words that may turn it around.
    private HashSet<uint> Content(ReadOnlySpan<Word> claim, ReadOnlySpan<MarkedWord> marks)
    {
        var content = new HashSet<uint>();
        for (var at = 0; at < claim.Length; at++)
        {
            if (marks[at].Mark == ClaimMark.None && ContradictionWords.NumberOf(claim[at]) == 0 && IsContent(claim[at])) { content.Add(claim[at].Stem); }
        }
        return content;
    }

    /// <summary>Whether a word tells something. Weights know the grammar of English: short words of other languages are mostly grammar.</summary>
    public bool IsContent(in Word word) =>
        _weights.IsContent(word) && (word.Length > 3 || _weights.Of(word.Stem) < WordWeights.Most || word.Kind.HasFlag(WordKind.Ideograph) || (word.Kind.HasFlag(WordKind.Capital) && !word.Kind.HasFlag(WordKind.SentenceStart)));

    private bool SharesMarked(ReadOnlySpan<MarkedWord> marks, int clause)
    {
        var (from, to) = _clauses[clause];
        foreach (var mark in marks)
        {
            if (mark.Mark is ClaimMark.Pole or ClaimMark.Unit or ClaimMark.Month or ClaimMark.Day && _marks.AsSpan(from, to - from).Contains(mark)) { return true; }
        }
        return false;
    }

    // The clauses that hold enough of the claim.
    private List<int> Aligned(HashSet<uint> content)
    {
        var held = new Dictionary<int, int>();
        var seen = new HashSet<(int, uint)>();
        foreach (var stem in content)
        {
            for (var place = Context.FirstOf(stem); place >= 0; place = Context.Next(place))
            {
                if (seen.Add((_clauseOf[place], stem))) { held[_clauseOf[place]] = held.GetValueOrDefault(_clauseOf[place]) + 1; }
            }
        }
        return [.. held.Where(pair => pair.Value >= LeastHeld * content.Count || (content.Count >= 3 && pair.Value >= content.Count - 1)).Select(pair => pair.Key).Order()];
    }

    /// <summary>Whether a day or month of the claim stands in another clause that may be about the same.</summary>
    public bool IsOfAnother(string text, ReadOnlySpan<Word> claim, ReadOnlySpan<MarkedWord> marks, int at)
    {
        for (var place = Context.First(claim[at]); place >= 0; place = Context.Next(place))
        {
            var (from, to) = _clauses[_clauseOf[place]];
            if (to - from <= MostClause && new ClaimComparison(this, text, claim, marks, Context.Text, Context.Words[from..to], _marks.AsSpan(from, to - from)).ShareBeside(at)) { return true; }
        }
        return false;
    }

    /// <summary>Whether the context has a number with the same word anywhere.</summary>
    public bool Counts(uint number, in Word what, MarkedWord mark)
    {
        var words = Context.Words;
        for (var at = Context.FirstOf(number); at >= 0; at = Context.Next(at))
        {
            if ((at + 1 < words.Length && ClaimComparison.Same(what, mark, words[at + 1], _marks[at + 1])) || (at > 0 && mark.Mark == ClaimMark.Month && ClaimComparison.Same(what, mark, words[at - 1], _marks[at - 1]))) { return true; }
        }
        return false;
    }
}
