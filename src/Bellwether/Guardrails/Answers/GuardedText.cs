using Bellwether.Exchange;

namespace Bellwether.Guardrails;

/// <summary>One text of an answer on its way to the caller. What may go out is what none of the watches wants to wait for.</summary>
/// <param name="watches">Of what two find in one place, the first one's counts.</param>
/// <param name="passed">Hears of everything that was found, once, when it goes out.</param>
internal sealed class GuardedText(IReadOnlyList<ITextWatch> watches, Action<Candidate> passed) : IAnswerText
{
    /// <summary>UTF-16 units before what waits that detectors see all the same: the words that say what a number is.</summary>
    private const int Context = 256;

    private readonly TextWindow _window = new();
    private readonly List<TextReplacement> _replacements = [];
    private readonly List<Candidate> _found = [];
    private readonly List<Candidate> _all = [];

    public int Released { get; private set; }

    public IReadOnlyList<TextReplacement> Replacements => _replacements;

    public Refusal? Cut { get; private set; }

    public void Append(ReadOnlySpan<char> piece)
    {
        if (Cut is not null || piece.IsEmpty) { return; }
        _window.Append(piece);
        Look(final: false);
    }

    public void Flush()
    {
        if (Cut is null) { Look(final: true); }
    }

    private void Look(bool final)
    {
        var hold = _window.End;
        _all.Clear();
        foreach (var watch in watches)
        {
            _found.Clear();
            hold = Math.Min(hold, watch.Look(_window, Released, final, _found));
            if (watch.Cut is { } cut)
            {
                Cut = cut;
                foreach (var candidate in _found.Where(candidate => candidate.Action == PersonalDataAction.Block)) { passed(candidate); }
                return;
            }
            Merge();
        }
        Release(hold);
        _window.Trim(Math.Max(0, watches.Aggregate(Released, static (least, watch) => Math.Min(least, watch.Needs)) - Context));
    }

    // Both are in order and without overlaps. Linear but for the search: a hostile answer has a hundred thousand findings.
    private void Merge()
    {
        var known = _all.Count;
        foreach (var candidate in _found)
        {
            var (low, high) = (0, known);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = _all[middle].End <= candidate.Start ? (middle + 1, high) : (low, middle);
            }
            if (low == known || _all[low].Start >= candidate.End) { _all.Add(candidate); }
        }
        if (known > 0 && _all.Count > known) { _all.Sort(static (one, other) => one.Start.CompareTo(other.Start)); }
    }

    private void Release(int hold)
    {
        foreach (var candidate in _all)
        {
            // Nothing goes out in part: what reaches over the place waits as a whole.
            if (candidate.End > hold)
            {
                if (candidate.Text is null) { continue; }
                hold = Math.Min(hold, Math.Max(Released, candidate.Start));
                break;
            }
            passed(candidate);
            if (candidate.Text is { } text)
            {
                // Its beginning may be out already, when only what followed told what it was.
                _replacements.Add(new TextReplacement(Math.Max(Released, candidate.Start), candidate.End, text));
            }
        }
        Released = Math.Max(Released, hold);
    }
}
