using System.Runtime.InteropServices;

namespace Bellwether.Detection;

/// <summary>
/// Takes out of a text what stands in it at regular places, and compares what is left: <c>Yxoxuxx axrxe</c>, <c>Y中o中u</c>. Separators that are neither letter
/// nor digit make no difference to a comparison and need none of this.
/// </summary>
internal sealed class SpacedLetters
{
    private const int MostPeriod = 4;
    // Times that a separator comes again before it is taken for one.
    private const int Repeats = 6;
    // A stretch that is long enough to matter is met at one of the places that are looked at.
    private const int Step = 16;
    private readonly char[] _separators = new char[MostPeriod];
    // What was not looked at yet, and what a stretch left over.
    private readonly List<char> _rest = [];
    private readonly List<int> _restPlaces = [];
    private readonly List<char> _kept = [];
    private readonly List<int> _keptPlaces = [];
    private int _residue;
    // 0 while there is no stretch.
    private int _period;

    /// <summary>What was found without separators.</summary>
    public LeakScan Scan { get; } = new();

    /// <summary>Whether a stretch goes on at the end of the text.</summary>
    public bool IsOpen => _period > 0;

    public void Begin(PromptIndex index)
    {
        Scan.Begin(index);
        _period = 0;
        _rest.Clear();
        _restPlaces.Clear();
    }

    /// <param name="places">Where each character of the piece stands in the whole text; empty when they follow each other from <paramref name="offset"/> on.</param>
    /// <param name="offset">Where the piece begins, if <paramref name="places"/> does not say it.</param>
    public void Append(ReadOnlySpan<char> piece, ReadOnlySpan<int> places, int offset = 0)
    {
        // Nearly always nothing is left over of a text that came in one piece, and it need not be copied.
        if (_rest.Count == 0)
        {
            Keep(piece, places, offset, Walk(piece, places, offset));
        }
        else
        {
            Keep(piece, places, offset, 0);
            var read = Walk(CollectionsMarshal.AsSpan(_rest), CollectionsMarshal.AsSpan(_restPlaces), 0);
            _rest.RemoveRange(0, read);
            _restPlaces.RemoveRange(0, read);
        }
        if (_kept.Count == 0) { return; }
        Scan.Append(CollectionsMarshal.AsSpan(_kept), CollectionsMarshal.AsSpan(_keptPlaces));
        _kept.Clear();
        _keptPlaces.Clear();
    }

    private void Keep(ReadOnlySpan<char> piece, ReadOnlySpan<int> places, int offset, int from)
    {
        _rest.AddRange(piece[from..]);
        for (var at = from; at < piece.Length; at++) { _restPlaces.Add(places.IsEmpty ? offset + at : places[at]); }
    }

    private int Walk(ReadOnlySpan<char> chars, ReadOnlySpan<int> places, int offset)
    {
        var next = 0;
        do
        {
            next = _period > 0 ? Follow(chars, places, offset, next) : next;
            next = _period > 0 ? next : Search(chars, next);
        }
        while (_period > 0 && next < chars.Length);
        return next;
    }

    public LeakScan Finish()
    {
        Scan.Finish();
        return Scan;
    }

    // Where a stretch begins, or where the text has not come far enough to tell.
    private int Search(ReadOnlySpan<char> chars, int next)
    {
        for (; next + ((Repeats + 1) * MostPeriod) <= chars.Length; next += Step)
        {
            for (var period = 2; period <= MostPeriod; period++)
            {
                var found = false;
                for (var residue = 0; residue < period; residue++)
                {
                    var separator = chars[next + residue];
                    var times = 1;
                    while (times < Repeats && chars[next + residue + (times * period)] == separator) { times++; }
                    _separators[residue] = times == Repeats ? separator : '\0';
                    found |= times == Repeats;
                }
                if (found)
                {
                    (_period, _residue) = (period, 0);
                    return next;
                }
            }
        }
        return next;
    }

    private int Follow(ReadOnlySpan<char> chars, ReadOnlySpan<int> places, int offset, int next)
    {
        for (; next < chars.Length; next++)
        {
            var separator = _separators[_residue];
            if (separator == 0)
            {
                _kept.Add(chars[next]);
                _keptPlaces.Add(places.IsEmpty ? offset + next : places[next]);
            }
            else if (chars[next] != separator)
            {
                _period = 0;
                break;
            }
            _residue = _residue + 1 == _period ? 0 : _residue + 1;
        }
        return next;
    }
}
